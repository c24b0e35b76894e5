/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Faults as workload or choice, marks, start conditions, actors switched off. */
#include "tiny.h"

enum { FAULT, OTHER_FAULT };
enum { FIRST_MARK, SECOND_MARK };

struct seen {
    uint32_t faults, ran, order[4];
    struct hd_mutex lock;
};

static const char *const faults[] = { "io-error", "no-memory", NULL };
static const char *const marks[] = { "first", "second", NULL };

static void ask_once(void *state, unsigned instance)
{
    struct seen *seen = state;

    (void)instance;
    hd_step();
    if (hd_fault(FAULT))
        seen->faults++;
}

static void no_fault(void *state)
{
    HD_CHECK(((struct seen *)state)->faults == 0, "io-failed", "the fault happened");
}

TINY(faulty, struct seen, ROLES(TASK(ask_once)), .faults = faults, .check = no_fault);

/*
 * As workload the answer is settled and asking is no step.  As choice an actor of that name may arm
 * it: A before S, between S and the question, or too late, which is none: 3 executions, 2 of them
 * with the fault.
 */
static void faults_are_off_on_or_a_choice(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &faulty, TINY_BACKEND(state));
    tiny_every(&tiny, 1, 0, NULL);
    assert_int_equal(tiny.execution.trace.length, 1);
    tiny_keys(&tiny, "io-error=on");
    tiny_every(&tiny, 1, 1, "io-failed");
    assert_int_equal(tiny.execution.trace.length, 1);
    tiny_keys(&tiny, "io-error=choice");
    assert_int_equal(hd_engine_actors(tiny.engine), 2);
    assert_string_equal(hd_engine_actor_name(tiny.engine, 1), "io-error");
    tiny_every(&tiny, 3, 2, "io-failed");
    assert_string_equal(tiny_run(&tiny, "010"), "io-failed at no_fault");
    assert_string_equal(tiny_run(&tiny, "00"), "holds");
    assert_int_equal(tiny.execution.trace.length, 2);
    assert_string_equal(tiny_run(&tiny, "00"), "holds"); /* the late fault does not stay behind */
    assert_int_equal(tiny.execution.trace.length, 2);
    tiny_keys(&tiny, "io-error=off no-memory=choice"); /* another fault's actor is not its */
    tiny_every(&tiny, 2, 0, NULL);
    tiny_close(&tiny);
}

static void never_released(void *state, unsigned instance)
{
    struct seen *seen = state;

    (void)instance;
    hd_mutex_lock(&seen->lock);
    hd_mutex_lock(&seen->lock);
}

TINY(hangs, struct seen, ROLES(TASK(never_released)), .faults = faults);

/* A fault that could still happen doesn't hide a deadlock: before, behind the lock, after all. */
static void a_fault_hides_no_deadlock(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &hangs, TINY_BACKEND(state));
    tiny_keys(&tiny, "io-error=choice");
    tiny_every(&tiny, 2, 2, "deadlock");
    assert_string_equal(tiny_run(&tiny, "01"), "deadlock at never_released");
    assert_int_equal(tiny.execution.stuck_count, 1);
    assert_int_equal(tiny.execution.stuck[0].holder, 0);
    tiny_close(&tiny);
}

/* ---- Start conditions ------------------------------------------------------------------------ */

static void marker(void *state, unsigned instance)
{
    struct seen *seen = state;

    (void)instance;
    hd_step();
    seen->order[0] = ++seen->ran;
    hd_mark(FIRST_MARK);
    hd_step();
    seen->order[1] = ++seen->ran;
}

static void follower(void *state, unsigned instance)
{
    struct seen *seen = state;

    (void)instance;
    seen->order[2] = ++seen->ran;
    hd_step();
}

TINY(following, struct seen, ROLES(TASK(marker), TASK(follower)), .marks = marks);

/* S M S against s: 4 places.  After the mark, with the start a step of its own: S M, then S against
 * st s: 3.  After the end: 1.  A mark nobody makes: it never starts, and that is no deadlock. */
static void a_start_condition_delays(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &following, TINY_BACKEND(state));
    tiny_every(&tiny, 4, 0, NULL);
    assert_int_equal(tiny.execution.trace.length, 4);
    tiny_keys(&tiny, "follower.after=first");
    tiny_every(&tiny, 3, 0, NULL);
    assert_int_equal(tiny.execution.trace.length, 5);
    assert_string_equal(tiny_run(&tiny, "00110"), "holds");
    assert_int_equal(tiny.execution.trace.steps[2].op, HD_OP_START);
    tiny_keys(&tiny, "follower.after=marker.end");
    tiny_every(&tiny, 1, 0, NULL);
    assert_int_equal(tiny.execution.trace.length, 5);
    tiny_keys(&tiny, "follower.after=second");
    for (int i = 0; i < 3; i++) { /* nor does it start in the next one */
        tiny_every(&tiny, 1, 0, NULL);
        assert_int_equal(tiny.execution.trace.length, 3);
    }
    assert_int_equal(tiny.execution.stuck_count, 0);
    tiny_keys(&tiny, "follower.after=none");
    tiny_every(&tiny, 4, 0, NULL);
    tiny_close(&tiny);
}

static const struct hd_role_info crowd[] = {
    { .name = "early", .summary = "", .run = follower, .count_param = 1 },
    { .name = "late", .summary = "", .run = follower, .started = "early.end" },
    { NULL },
};
static const struct hd_param_info crowd_params[] = { { "crowd", "how many", 2, 1, 3, NULL },
                                                     { NULL } };

TINY(crowded, struct seen, .roles = crowd, .params = crowd_params);

/* ROLE.end is the end of them all: n! orders of the early ones' steps, then the late one's two. */
static void the_end_of_a_role_is_that_of_all(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &crowded, TINY_BACKEND(state));
    tiny_every(&tiny, 2, 0, NULL);
    assert_string_equal(hd_engine_actor_name(tiny.engine, 1), "early[1]");
    assert_string_equal(hd_engine_actor_name(tiny.engine, 2), "late");
    tiny_keys(&tiny, "crowd=3");
    tiny_every(&tiny, 6, 0, NULL);
    assert_string_equal(tiny_run(&tiny, "20133"), "holds");
    assert_string_equal(tiny_try(&tiny, "203"), "holds");
    assert_int_equal(tiny.refused, 2);
    tiny_keys(&tiny, "early=off"); /* none of them is there, so all have ended */
    tiny_every(&tiny, 1, 0, NULL);
    assert_int_equal(tiny.execution.trace.length, 2);
    tiny_close(&tiny);
}

/* Switched off it takes no step, and is not waited for. */
static void an_actor_can_be_switched_off(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &following, TINY_BACKEND(state));
    tiny_keys(&tiny, "marker=off");
    tiny_every(&tiny, 1, 0, NULL);
    assert_int_equal(tiny.execution.trace.length, 1);
    tiny_keys(&tiny, "marker=on follower=off");
    tiny_every(&tiny, 1, 0, NULL);
    assert_int_equal(tiny.execution.trace.length, 3);
    tiny_keys(&tiny, "marker=off");
    tiny_every(&tiny, 1, 0, NULL);
    assert_int_equal(tiny.execution.trace.length, 0);
    tiny_close(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(faults_are_off_on_or_a_choice), EACH(a_fault_hides_no_deadlock),
        EACH(a_start_condition_delays),      EACH(the_end_of_a_role_is_that_of_all),
        EACH(an_actor_can_be_switched_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
