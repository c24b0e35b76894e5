/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Swarms: what is drawn, from which keys, and that a search stays one function of its options. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "explore/chunk.h"
#include "explore/swarm.h"

enum { FIRST, SECOND, THIRD };

struct shared {
    uint32_t value;
};

/* Goes wrong only when the fault comes with the second actor away. */
static void first(void *state, unsigned instance)
{
    struct shared *shared = state;
    bool fault = hd_fault(0);

    (void)instance;
    if (!fault)
        hd_write_once(&shared->value, 1);
}

static void second(void *state, unsigned instance)
{
    struct shared *shared = state;

    (void)instance;
    hd_write_once(&shared->value, 1);
}

static void third(void *state, unsigned instance)
{
    (void)state;
    (void)instance;
    hd_step();
}

static void check(void *state)
{
    const struct shared *shared = state;

    HD_CHECK(shared->value == 1, "not-written", "nobody has written");
}

static const struct hd_scenario scenario = {
    .name = "swarming",
    .summary = "two write, one looks on",
    .variants = (const struct hd_variant_info[]){ { "fixed", "", HD_FIXED }, { 0 } },
    .params = (const struct hd_param_info[]){ { "size", "of nothing", 1, 1, 4, NULL }, { 0 } },
    .roles = (const struct hd_role_info[]){ { .name = "first", .run = first },
                                            { .name = "second", .run = second },
                                            { .name = "third", .run = third },
                                            { 0 } },
    .workloads = (const struct hd_workload_info[]){ { .name = "default", .keys = "" }, { 0 } },
    .kinds = (const char *const[]){ "not-written", NULL },
    .faults = (const char *const[]){ "write-error", NULL },
    .vary = "size second third third.after",
    .state_bytes = sizeof(struct shared),
    .check = check,
};

static struct hd_setting given(void)
{
    struct hd_setting setting = { .scenario = &scenario };

    hd_workload_default(&scenario, &setting.workload);
    return setting;
}

/* Of 1000 chunks, 498 are drawn: how often each key then differs from the given one. */
struct counts {
    unsigned off[3], after, fault, params, even;
};

static struct counts count(enum hd_swarm swarm)
{
    struct hd_setting setting = given();
    struct counts counts = { { 0 }, 0, 0, 0, 0 };

    for (uint64_t number = 0; number < 1000; number++) {
        struct hd_workload drawn;
        bool same;

        hd_swarm_draw(&setting, swarm, 5, number, &drawn);
        same = memcmp(&drawn, &setting.workload, sizeof drawn) == 0;
        counts.even += !same && number % 2 == 0;
        for (unsigned role = FIRST; role <= THIRD; role++)
            counts.off[role] += drawn.off[role];
        counts.after += drawn.after[THIRD] != HD_AFTER_NONE;
        counts.fault += drawn.faults[0] != HD_FAULT_OFF;
        counts.params += drawn.params[0] != 1;
    }
    return counts;
}

static void nothing_is_drawn_unasked(void **unused)
{
    struct counts counts = count(HD_SWARM_GIVEN);
    static const struct counts none;

    (void)unused;
    assert_memory_equal(&counts, &none, sizeof none);
}

static void only_what_is_harmless_is_drawn(void **unused)
{
    struct counts counts = count(HD_SWARM_HARMLESS);

    (void)unused;
    assert_int_equal(counts.even, 0);
    assert_int_equal(counts.off[FIRST], 0);
    assert_int_equal(counts.fault, 0);
    assert_int_equal(counts.params, 0); /* may vary, and is neither an actor nor a fault */
    assert_in_range(counts.off[SECOND], 25, 250);
    assert_in_range(counts.off[THIRD], 25, 250);
    assert_in_range(counts.after, 25, 250);
}

static void all_is_drawn_where_all_is_asked_for(void **unused)
{
    struct counts counts = count(HD_SWARM_ALL);

    (void)unused;
    assert_int_equal(counts.even, 0);
    assert_int_equal(counts.params, 0);
    assert_in_range(counts.off[FIRST], 25, 250);
    assert_in_range(counts.fault, 25, 250);
}

static struct hd_explore_result explore(enum hd_swarm swarm, unsigned jobs)
{
    struct hd_explore_options options = { .setting = given(),
                                          .swarm = swarm,
                                          .strategy = hd_strategy_find("random"),
                                          .runs = 64 * HD_CHUNK,
                                          .keep_going = true,
                                          .jobs = jobs };
    struct hd_explore_result result;
    struct hd_diag diag = { { 0 } };

    if (hd_explore(&options, &result, &diag))
        fail_msg("%s", diag.text);
    return result;
}

static void what_is_harmless_finds_nothing_and_all_does(void **unused)
{
    struct hd_explore_result harmless = explore(HD_SWARM_HARMLESS, 1);
    struct hd_explore_result all = explore(HD_SWARM_ALL, 1);
    const struct hd_workload *workload;

    (void)unused;
    assert_int_equal(harmless.violations, 0);
    assert_true(all.violations > 0);
    assert_true(all.findings[0].execution > 5 * HD_CHUNK); /* before, the given workload */
    workload = &all.findings[0].the_case->setting.workload;
    assert_true(workload->off[SECOND]);
    assert_int_not_equal(workload->faults[0], HD_FAULT_OFF);
    hd_explore_result_free(&harmless);
    hd_explore_result_free(&all);
}

static void any_number_of_workers_draws_the_same(void **unused)
{
    struct hd_explore_result one = explore(HD_SWARM_ALL, 1), three = explore(HD_SWARM_ALL, 3);

    (void)unused;
    assert_int_equal(one.executions, three.executions);
    assert_int_equal(one.steps, three.steps);
    assert_int_equal(one.violations, three.violations);
    assert_int_equal(one.digest, three.digest);
    assert_int_equal(one.findings[0].execution, three.findings[0].execution);
    hd_explore_result_free(&one);
    hd_explore_result_free(&three);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_drawn_unasked),
        cmocka_unit_test(only_what_is_harmless_is_drawn),
        cmocka_unit_test(all_is_drawn_where_all_is_asked_for),
        cmocka_unit_test(what_is_harmless_finds_nothing_and_all_does),
        cmocka_unit_test(any_number_of_workers_draws_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
