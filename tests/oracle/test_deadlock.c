/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Deadlocks: who waits for whom since when, and what is none. */
#include "tiny.h"

struct locks {
    struct hd_mutex a, b, c;
    struct hd_rwsem sem;
    struct hd_bitlock bit;
    struct hd_completion never;
    struct hd_queue queue;
};

static void take_two(struct hd_mutex *first, struct hd_mutex *second)
{
    hd_mutex_lock(first);
    hd_mutex_lock(second);
    hd_mutex_unlock(second);
    hd_mutex_unlock(first);
}

static void take_ab(void *state, unsigned instance)
{
    struct locks *l = state;

    (void)instance;
    take_two(&l->a, &l->b);
}

static void take_ba(void *state, unsigned instance)
{
    struct locks *l = state;

    (void)instance;
    take_two(&l->b, &l->a);
}

static void take_bc(void *state, unsigned instance)
{
    struct locks *l = state;

    (void)instance;
    take_two(&l->b, &l->c);
}

static void take_ca(void *state, unsigned instance)
{
    struct locks *l = state;

    (void)instance;
    take_two(&l->c, &l->a);
}

static void take_ac(void *state, unsigned instance)
{
    struct locks *l = state;

    (void)instance;
    take_two(&l->a, &l->c);
}

TINY(crossed, struct locks, ROLES(TASK(take_ab), TASK(take_ba)));
TINY(ordered, struct locks, ROLES(TASK(take_ab), TASK(take_ab)));
TINY(ring, struct locks, ROLES(TASK(take_ab), TASK(take_bc), TASK(take_ca)));
TINY(chain, struct locks, ROLES(TASK(take_ab), TASK(take_bc), TASK(take_ac)));

static void check_stuck(const struct tiny *tiny, uint32_t index, hd_actor_id actor, enum hd_op op,
                        hd_actor_id holder, uint32_t since)
{
    const struct hd_stuck *stuck = &tiny->execution.stuck[index];

    assert_true(index < tiny->execution.stuck_count);
    assert_int_equal(stuck->actor, actor);
    assert_int_equal(stuck->op, op);
    assert_int_equal(stuck->holder, holder);
    assert_int_equal(stuck->since, since);
}

/*
 * crossed: the two first locks side by side, in either order, hang: 2.  Else one has both, and the
 * other begins behind its first unlock (of the second lock, which is the other's first) or behind
 * its last: 2 each: 4.  6 in all.
 */
static void two_locks_crossed(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &crossed, TINY_BACKEND(state));
    tiny_every(&tiny, 6, 2, "deadlock");
    assert_string_equal(tiny_run(&tiny, "01"), "deadlock at take_two");
    assert_int_equal(tiny.execution.verdict.actor, 0);
    assert_int_equal(tiny.execution.verdict.step, 2);
    assert_int_equal(tiny.execution.stuck_count, 2);
    check_stuck(&tiny, 0, 0, HD_OP_LOCK, 1, 1);
    check_stuck(&tiny, 1, 1, HD_OP_LOCK, 0, 0);
    tiny_use(&tiny, &ordered);
    tiny_every(&tiny, 2, 0, NULL);
    assert_int_equal(tiny.execution.stuck_count, 0);
    tiny_close(&tiny);
}

/* A ring hangs as a whole only; each waits for the next. */
static void three_locks_in_a_ring(void **state)
{
    struct tiny tiny;
    struct tiny_tally tally;

    tiny_open(&tiny, &ring, TINY_BACKEND(state));
    tally = tiny_all(&tiny);
    assert_int_equal(tally.violations, 6); /* the three first locks side by side, 3! */
    assert_string_equal(tiny_run(&tiny, "201"), "deadlock at take_two");
    assert_int_equal(tiny.execution.stuck_count, 3);
    check_stuck(&tiny, 0, 0, HD_OP_LOCK, 1, 2);
    check_stuck(&tiny, 1, 1, HD_OP_LOCK, 2, 0);
    check_stuck(&tiny, 2, 2, HD_OP_LOCK, 0, 1);
    tiny_use(&tiny, &chain);
    tally = tiny_all(&tiny);
    assert_int_equal(tally.violations, 0);
    tiny_close(&tiny);
}

/* ---- Who waits for somebody that has ended, or for nobody in particular ---------------------- */

static void keep_a(void *state, unsigned instance)
{
    (void)instance;
    hd_mutex_lock(&((struct locks *)state)->a);
}

static void read_twice(void *state, unsigned instance)
{
    struct locks *l = state;

    (void)instance;
    hd_down_read(&l->sem);
    hd_down_read(&l->sem);
    hd_up_read(&l->sem);
    hd_up_read(&l->sem);
}

static void write_once(void *state, unsigned instance)
{
    struct locks *l = state;

    (void)instance;
    hd_down_write(&l->sem);
    hd_up_write(&l->sem);
}

static void wait_for_ever(void *state, unsigned instance)
{
    (void)instance;
    hd_wait_for_completion(&((struct locks *)state)->never);
}

static void end_early(void *state, unsigned instance)
{
    (void)state;
    (void)instance;
    hd_step();
}

static void be_fair(void *state)
{
    ((struct locks *)state)->sem.fair = 1;
}

TINY(keeper, struct locks, ROLES(TASK(keep_a), TASK(take_ab)));
TINY(unfair, struct locks, ROLES(TASK(read_twice), TASK(write_once)));
TINY(fair, struct locks, ROLES(TASK(read_twice), TASK(write_once)), .setup = be_fair);
TINY(waiter, struct locks, ROLES(TASK(wait_for_ever), TASK(end_early)));

static void the_holder_may_have_ended(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &keeper, TINY_BACKEND(state));
    assert_string_equal(tiny_run(&tiny, "0"), "deadlock at take_two");
    assert_int_equal(tiny.execution.stuck_count, 1);
    check_stuck(&tiny, 0, 1, HD_OP_LOCK, 0, 0);
    assert_string_equal(tiny_run(&tiny, "11110"), "lock-left at keep_a");
    assert_int_equal(tiny.execution.verdict.actor, 0);
    tiny_close(&tiny);
}

/* A reader that goes down twice hangs only if a fair writer queued in between: read Q | stuck. */
static void a_fair_writer_between_two_reads(void **state)
{
    struct tiny tiny;
    struct tiny_tally tally;

    tiny_open(&tiny, &unfair, TINY_BACKEND(state));
    tally = tiny_all(&tiny);
    assert_int_equal(tally.violations, 0);
    tiny_use(&tiny, &fair);
    tally = tiny_all(&tiny);
    assert_int_equal(tally.violations, 1);
    assert_string_equal(tiny_run(&tiny, "01"), "deadlock at read_twice");
    assert_int_equal(tiny.execution.stuck_count, 2);
    check_stuck(&tiny, 0, 0, HD_OP_READ_LOCK, 0, 0); /* it waits behind itself */
    check_stuck(&tiny, 1, 1, HD_OP_WRITE_LOCK, 0, 0);
    tiny_close(&tiny);
}

/* Who can never go on is enough, even where others have ended in peace. */
static void one_that_waits_for_ever(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &waiter, TINY_BACKEND(state));
    tiny_every(&tiny, 1, 1, "deadlock");
    assert_int_equal(tiny.execution.verdict.step, 1);
    assert_int_equal(tiny.execution.stuck_count, 1);
    check_stuck(&tiny, 0, 0, HD_OP_AWAIT, HD_ACTOR_NONE, 0);
    tiny_close(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(two_locks_crossed),
        EACH(three_locks_in_a_ring),
        EACH(the_holder_may_have_ended),
        EACH(a_fair_writer_between_two_reads),
        EACH(one_that_waits_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
