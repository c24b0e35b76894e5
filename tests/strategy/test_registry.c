/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The contract of every strategy in the registry: one added later is under it from that day. */
#include "strategy/fake.h"

#include "base/alloc.h"

#define EXECUTIONS 200u

static void each_is_found_by_its_name_only(void **state)
{
    static const char *const names[] = { "random", "pct", "pos", "surw", "delay",
                                        "rff", "portfolio", "dfs" };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_non_null(hd_strategy_find(names[i]));
    for (size_t i = 0; i < hd_strategy_count; i++) {
        assert_ptr_equal(hd_strategy_find(hd_strategies[i].name), &hd_strategies[i]);
        assert_true(strlen(hd_strategies[i].summary) > 0);
    }
    assert_null(hd_strategy_find(""));
    assert_null(hd_strategy_find("rando"));
    assert_null(hd_strategy_find("Random"));
}

/* All the schedules that a strategy takes, folded into one number, order included. */
static uint64_t fold(const struct hd_strategy_info *info, uint64_t seed, uint32_t *ret_executions)
{
    struct hd_strategy_options options = { .seed = seed, .preemptions = HD_NO_BOUND };
    struct hd_strategy *strategy = fake_strategy(info->name, &options);
    uint64_t folded = 0;
    struct fake fake;

    assert_string_equal(strategy->ops->name, info->name);
    options = (struct hd_strategy_options){ .seed = ~seed }; /* they were copied */
    fake_open(&fake, &fake_append_early);
    for (*ret_executions = 0; *ret_executions < EXECUTIONS; ++*ret_executions) {
        if (!fake_execute(&fake, strategy))
            break;
        folded = folded * UINT64_C(0x9e3779b97f4a7c15) + fake_schedule(&fake);
    }
    assert_true(hd_strategy_complete(strategy));
    fake_close(&fake);
    hd_strategy_free(strategy);
    return folded;
}

/* Equal options, equal answers; a seed matters just where the search is random. */
static void answers_depend_on_the_options_only(void **state)
{
    (void)state;
    for (size_t i = 0; i < hd_strategy_count; i++) {
        const struct hd_strategy_info *info = &hd_strategies[i];
        uint32_t executions;
        uint64_t one = fold(info, 0, &executions);

        assert_true((executions < EXECUTIONS) == info->exhausts);
        assert_int_equal(fold(info, 0, &executions), one);
        if (info->exhausts)
            assert_int_equal(fold(info, 1, &executions), one);
        else
            assert_int_not_equal(fold(info, 1, &executions), one);
    }
}

/* A seed in an old report keeps its meaning: a change here makes old reports unrepeatable. */
static void the_schedules_of_a_seed_are_pinned(void **state)
{
    static const struct {
        const char *name;
        uint64_t folded;
    } golden[] = {
        { "random", UINT64_C(0xe508b49b3c3fec7e) },
        { "pct", UINT64_C(0x10ca3e0fff71e31c) },
        { "pos", UINT64_C(0x64b929e5e66c4d43) },
        { "dfs", UINT64_C(0x1047be9e501fab51) },
    };

    (void)state;
    for (size_t i = 0; i < sizeof golden / sizeof golden[0]; i++) {
        uint32_t executions;

        assert_int_equal(fold(hd_strategy_find(golden[i].name), 2026, &executions),
                         golden[i].folded);
    }
}

/* Once created, no strategy allocates for an execution of ordinary length. */
static void executions_do_not_allocate(void **state)
{
    (void)state;
    for (size_t i = 0; i < hd_strategy_count; i++) {
        uint32_t executions;
        uint64_t asked;

        hd_alloc_fail_at(0, 0);
        (void)fold(&hd_strategies[i], 3, &executions);
        asked = hd_alloc_fail_at(0, 0);
        assert_in_range(asked, 1, 8); /* in create(); the portfolio creates others */
    }
}

/* Fails each allocation in turn until creation succeeds: HD_E_NOMEM, nothing set nor leaked. */
static void creation_survives_a_lack_of_memory(void **state)
{
    struct hd_step step = { 0 };
    struct hd_trace trace = { .steps = &step, .length = 1 };
    struct hd_strategy *inner = fake_strategy("random", &(struct hd_strategy_options){ .seed = 1 });
    struct hd_strategy *strategy = NULL;

    (void)state;
    for (size_t i = 0; i < hd_strategy_count; i++) {
        struct hd_strategy_options options = { .seed = 1 };
        uint64_t n = 1;

        for (;; n++) {
            enum hd_error error;

            hd_alloc_fail_at(n, 0);
            error = hd_strategies[i].create(&options, &strategy);
            hd_alloc_fail_at(0, 0);
            if (error == HD_OK)
                break;
            assert_int_equal(error, HD_E_NOMEM);
            assert_null(strategy);
        }
        assert_true(n > 1);
        hd_strategy_free(strategy);
        strategy = NULL;
    }
    hd_alloc_fail_at(1, 1);
    assert_int_equal(hd_strategy_bytes(NULL, 0, &strategy), HD_E_NOMEM);
    assert_int_equal(hd_strategy_recorded(&trace, 0, &strategy), HD_E_NOMEM);
    assert_int_equal(hd_strategy_twice(inner, &strategy), HD_E_NOMEM);
    hd_alloc_fail_at(0, 0);
    assert_null(strategy);
    hd_strategy_free(inner); /* not taken over by a failure */
    hd_strategy_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_found_by_its_name_only),
        cmocka_unit_test(answers_depend_on_the_options_only),
        cmocka_unit_test(the_schedules_of_a_seed_are_pinned),
        cmocka_unit_test(executions_do_not_allocate),
        cmocka_unit_test(creation_survives_a_lack_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
