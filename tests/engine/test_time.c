/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Virtual time, and loops that wait by spinning. */
#include "tiny.h"

struct moments {
    uint32_t flag, count;
    uint64_t at[4];
};

static void sleep_5_then_20(void *state, unsigned instance)
{
    struct moments *m = state;

    (void)instance;
    hd_sleep(5);
    m->at[0] = hd_now();
    hd_sleep(20);
    m->at[1] = hd_now();
}

static void sleep_10(void *state, unsigned instance)
{
    struct moments *m = state;

    (void)instance;
    hd_sleep(10);
    m->at[2] = hd_now();
}

static void in_time(void *state)
{
    const struct moments *m = state;

    HD_CHECK(m->at[0] >= 5 && m->at[1] >= 25 && m->at[2] >= 10, "early", "nobody wakes too early");
}

TINY(sleepers, struct moments, ROLES(TASK(sleep_5_then_20), TASK(sleep_10)), .check = in_time);

/*
 * a's steps S5 N S20 N, b's S10 N.  S5 comes first; then a's N and b's S10 are open, and b's N
 * behind its S10.  S20's deadline counts from a's N, and is later than b's: S10 before S20, always.
 * With S5 first: N (of a) and S10 in either order, and b's N anywhere behind S10.
 *   N S10 then S20 N against N(b): 3.   S10 N then S20 N against N(b): N(b) behind S10: before N,
 *   or in 3 places: 4.  7 in all.
 */
static void sleepers_wake_by_their_deadlines(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &sleepers, TINY_BACKEND(state));
    tiny_every(&tiny, 7, 0, NULL);
    assert_string_equal(tiny_run(&tiny, "001100"), "holds");
    assert_int_equal(tiny_value(&tiny, 0), 5);
    assert_int_equal(tiny_value(&tiny, 1), 5);
    assert_int_equal(tiny_value(&tiny, 2), 10);
    assert_int_equal(tiny_value(&tiny, 3), 10);
    assert_int_equal(tiny_value(&tiny, 4), 25);
    assert_int_equal(tiny_value(&tiny, 5), 25);
    assert_string_equal(tiny_try(&tiny, "1"), "holds"); /* its deadline is not the earliest */
    assert_int_equal(tiny.refused, 0);
    tiny_close(&tiny);
}

static void sleep_7(void *state, unsigned instance)
{
    (void)state;
    (void)instance;
    hd_sleep(7);
}

TINY(ties, struct moments, ROLES(TASK(sleep_7), TASK(sleep_7), TASK(sleep_7)));

/* Equal deadlines wake in any order, 3!; the clock stands where it is. */
static void equal_deadlines_wake_in_any_order(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &ties, TINY_BACKEND(state));
    tiny_every(&tiny, 6, 0, NULL);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(tiny_value(&tiny, i), 7);
    tiny_close(&tiny);
}

/* ---- Spinning -------------------------------------------------------------------------------- */

static void spin(void *state, unsigned instance)
{
    struct moments *m = state;

    (void)instance;
    while (!hd_read_once(&m->flag))
        hd_yield();
}

static void raise_flag(void *state, unsigned instance)
{
    (void)instance;
    hd_step();
    hd_write_once(&((struct moments *)state)->flag, 1);
}

TINY(spinning, struct moments, ROLES(TASK(spin), TASK(raise_flag)), .step_limit = 50);
TINY(two_spin, struct moments, ROLES(TASK(spin), TASK(spin), TASK(raise_flag)), .step_limit = 50);
TINY(spin_for_ever, struct moments, ROLES(TASK(spin)), .step_limit = 50);
TINY(both_for_ever, struct moments, ROLES(TASK(spin), TASK(spin)), .step_limit = 50);

/*
 * The spinner's R, and Y behind each R that saw nothing; the other's S and F.  A Y waits for a step
 * of the other, so there are at most two: after S, and after F (or when the other has ended).
 *   F before the first R: S F R: 1.  R before F, by where: R S (Y R) F Y R and so on.
 *   R S: then Y is enabled: Y or F.  Y R: Y2 waits for F: F Y R: 1.  Y F R: 1.  F Y R: 1.
 *   S R: Y waits for F: F Y R: 1.
 * 5 in all, and every one ends.
 */
static void a_spin_loop_ends(void **state)
{
    struct tiny tiny;
    struct tiny_tally tally;

    tiny_open(&tiny, &spinning, TINY_BACKEND(state));
    tally = tiny_all(&tiny);
    assert_int_equal(tally.executions, 5);
    assert_int_equal(tally.violations, 0);
    assert_int_equal(tally.longest, 7);
    tiny_close(&tiny);
}

/* Two who spin may not keep each other going while the third waits: who yields is passed over until
 * all who could go on then have gone on, or cannot any more. */
static void two_spinners_do_not_starve_a_third(void **state)
{
    struct tiny tiny;
    struct tiny_tally tally;

    tiny_open(&tiny, &two_spin, TINY_BACKEND(state));
    tally = tiny_all(&tiny);
    assert_int_equal(tally.violations, 0);
    assert_true(tally.longest < 50);
    tiny_close(&tiny);
}

/* Alone it may go on yielding, and two may keep each other going: the limit ends that. */
static void without_an_end_it_is_a_livelock(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &spin_for_ever, TINY_BACKEND(state));
    assert_string_equal(tiny_run(&tiny, ""), "livelock at spin");
    assert_int_equal(tiny.execution.trace.length, 50);
    assert_int_equal(tiny.execution.verdict.step, 50);
    tiny_use(&tiny, &both_for_ever);
    assert_string_equal(tiny_run(&tiny, ""), "livelock at spin");
    assert_int_equal(tiny.execution.trace.length, 50);
    tiny_close(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(sleepers_wake_by_their_deadlines),
        EACH(equal_deadlines_wake_in_any_order),
        EACH(a_spin_loop_ends),
        EACH(two_spinners_do_not_starve_a_third),
        EACH(without_an_end_it_is_a_livelock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
