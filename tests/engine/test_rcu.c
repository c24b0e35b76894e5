/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RCU: for whom a grace period waits, callbacks, barriers, and what is wrong. */
#include "tiny.h"

#include "engine/engine.h"

struct rcu {
    uint64_t *shared;
    uint32_t in, synced, called, order[3];
};

static void publish(void *state)
{
    struct rcu *rcu = state;

    rcu->shared = hd_zalloc(8);
}

static void reader(void *state, unsigned instance)
{
    struct rcu *rcu = state;

    (void)instance;
    hd_rcu_read_lock();
    rcu->in++;
    hd_rcu_read_unlock();
    rcu->in--;
}

static void waiter(void *state, unsigned instance)
{
    struct rcu *rcu = state;

    (void)instance;
    hd_synchronize_rcu();
    rcu->synced = 1;
}

TINY(one_reader, struct rcu, ROLES(TASK(reader), TASK(waiter)));
TINY(two_sections, struct rcu, ROLES(TASK(reader), TASK(reader), TASK(waiter)));

/*
 * The reader's L U and the grace period's S W.  All C(4, 2) = 6 orders but L S W U, where W would
 * not have waited: 5.  A section that begins inside, S L W U, is not waited for.
 */
static void a_grace_period_waits_for_open_sections_only(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &one_reader, TINY_BACKEND(state));
    tiny_every(&tiny, 5, 0, NULL);
    assert_string_equal(tiny_run(&tiny, "1010"), "holds");
    assert_string_equal(tiny_try(&tiny, "011"), "holds");
    assert_int_equal(tiny.refused, 2);
    tiny_use(&tiny, &two_sections); /* one open before, one begun since */
    assert_string_equal(tiny_run(&tiny, "021021"), "holds");
    assert_int_equal(tiny.execution.trace.steps[4].op, HD_OP_RCU_WAIT);
    assert_string_equal(tiny_try(&tiny, "02112"), "holds");
    assert_int_equal(tiny.refused, 4);
    tiny_close(&tiny);
}

static void nested(void *state, unsigned instance)
{
    (void)state;
    (void)instance;
    hd_rcu_read_lock();
    hd_rcu_read_lock();
    hd_rcu_read_unlock();
    hd_rcu_read_unlock();
}

TINY(nesting, struct rcu, ROLES(TASK(nested), TASK(waiter)));

/* L l u U against S W: C(6, 2) = 15 orders, less those with S behind L, l or u and W before U: 3 +
 * 2 + 1 = 6.  9. */
static void sections_nest(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &nesting, TINY_BACKEND(state));
    tiny_every(&tiny, 9, 0, NULL);
    assert_string_equal(tiny_try(&tiny, "01001"), "holds");
    assert_int_equal(tiny.refused, 4);
    tiny_close(&tiny);
}

static void wait_inside(void *state, unsigned instance)
{
    (void)state;
    (void)instance;
    hd_rcu_read_lock();
    hd_synchronize_rcu();
    hd_rcu_read_unlock();
}

static void unlock_only(void *state, unsigned instance)
{
    (void)state;
    (void)instance;
    hd_rcu_read_unlock();
}

static void lock_only(void *state, unsigned instance)
{
    (void)state;
    (void)instance;
    hd_rcu_read_lock();
}

TINY(inside, struct rcu, ROLES(TASK(wait_inside)));
TINY(unbegun, struct rcu, ROLES(TASK(reader), TASK(unlock_only)));
TINY(left_open, struct rcu, ROLES(TASK(lock_only)));

/* A grace period inside a section waits for itself, and is told so. */
static void what_is_wrong_is_said(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &inside, TINY_BACKEND(state));
    assert_string_equal(tiny_run(&tiny, "00"), "deadlock at wait_inside");
    assert_int_equal(tiny.execution.stuck_count, 1);
    assert_int_equal(tiny.execution.stuck[0].op, HD_OP_RCU_WAIT);
    assert_int_equal(tiny.execution.stuck[0].holder, 0);
    assert_int_equal(tiny.execution.stuck[0].since, 0);
    tiny_use(&tiny, &unbegun);
    assert_string_equal(tiny_run(&tiny, "01"), "unlock-unheld at unlock_only");
    assert_int_equal(tiny.execution.verdict.actor, 1);
    tiny_use(&tiny, &left_open);
    assert_string_equal(tiny_run(&tiny, "0"), "rcu-left");
    assert_int_equal(tiny.execution.verdict.actor, 0);
    tiny_close(&tiny);
}

/* ---- Publishing and freeing ------------------------------------------------------------------ */

static void read_shared(void *state, unsigned instance)
{
    struct rcu *rcu = state;
    uint64_t *p;

    (void)instance;
    hd_rcu_read_lock();
    p = hd_rcu_dereference(&rcu->shared);
    if (p)
        (void)hd_load(p);
    hd_rcu_read_unlock();
}

static void free_after_grace(void *state, unsigned instance)
{
    struct rcu *rcu = state;
    uint64_t *old = rcu->shared;

    (void)instance;
    hd_rcu_assign_pointer(&rcu->shared, NULL);
    hd_synchronize_rcu();
    hd_free(old);
}

static void free_at_once(void *state, unsigned instance)
{
    struct rcu *rcu = state;
    uint64_t *old = rcu->shared;

    (void)instance;
    hd_rcu_assign_pointer(&rcu->shared, NULL);
    hd_free(old);
}

TINY(patient, struct rcu, ROLES(TASK(read_shared), TASK(free_after_grace)), .setup = publish,
     .oracles = HD_ORACLES_ALL);
TINY(hasty, struct rcu, ROLES(TASK(read_shared), TASK(free_at_once)), .setup = publish,
     .oracles = HD_ORACLES_ALL & ~HD_ORACLE_BIT(RACE));

/*
 * hasty: L D R U against N F.  The reader holds a dead pointer if D comes before N, and dies if F
 * comes before R: D and R with N and F both between, L first: L D N F: 1, ends there.  It reads it
 * in time: D before N, R before F.  Else D sees NULL: L D U against N F with N before D.
 *   NULL: N anywhere before D (2 places: before or behind L), F behind N: N F.. : with L D U behind
 *   N: F in 4 places; L N: F in 3 (before D, before U, last): 7.
 *   in time: L D R U, N behind D, F behind R: N before R: F before U, or last: 2; N behind R: N F
 *   among U: 3.  5.
 * 13, one of them wrong.
 */
static void a_grace_period_makes_freeing_safe(void **state)
{
    struct tiny tiny;
    struct tiny_tally tally;

    tiny_open(&tiny, &hasty, TINY_BACKEND(state));
    tiny_every(&tiny, 13, 1, "use-after-free");
    assert_string_equal(tiny_run(&tiny, "0011"), "use-after-free at read_shared");
    tiny_use(&tiny, &patient);
    tally = tiny_all(&tiny);
    assert_int_equal(tally.violations, 0);
    tiny_close(&tiny);
}

/* ---- Callbacks ------------------------------------------------------------------------------- */

static void call(void *argument)
{
    struct rcu *rcu = argument;

    hd_step();
    rcu->called++;
}

static void caller(void *state, unsigned instance)
{
    (void)instance;
    hd_call_rcu(call, state);
}

static void caller_and_barrier(void *state, unsigned instance)
{
    struct rcu *rcu = state;

    (void)instance;
    hd_call_rcu(call, rcu);
    hd_rcu_barrier();
    HD_CHECK(rcu->called >= 1, "not-called", "the barrier returns behind the callback");
}

static void barrier_only(void *state, unsigned instance)
{
    (void)state;
    (void)instance;
    hd_rcu_barrier();
}

static void was_called(void *state)
{
    HD_CHECK(((struct rcu *)state)->called >= 1, "not-called", "callbacks run before the end");
}

TINY(calling, struct rcu, ROLES(TASK(reader), TASK(caller)), .uses_rcu_callbacks = true,
     .check = was_called);
TINY(barring, struct rcu, ROLES(TASK(caller_and_barrier)), .uses_rcu_callbacks = true,
     .check = was_called);
TINY(barred, struct rcu, ROLES(TASK(reader), TASK(barrier_only)), .uses_rcu_callbacks = true);

/*
 * L U against C, V, S in this order (V: the callback is served, S: its step): V waits for U if C
 * lies inside the section.  C(5, 2) = 10 orders, less those where it has not: L C V U S and
 * L C V S U: 8.  The actor of the callbacks is numbered behind the tasks.
 */
static void callbacks_run_after_a_grace_period(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &calling, TINY_BACKEND(state));
    assert_string_equal(hd_engine_actor_name(tiny.engine, 2), "rcu");
    assert_true(hd_engine_actor_is_service(tiny.engine, 2));
    tiny_every(&tiny, 8, 0, NULL);
    assert_string_equal(tiny_run(&tiny, "01022"), "holds");
    assert_int_equal(tiny.execution.trace.steps[3].op, HD_OP_SERVE);
    assert_string_equal(tiny_try(&tiny, "012"), "holds");
    assert_int_equal(tiny.refused, 2);
    tiny_close(&tiny);
}

/* C, then the barrier's B before V, between V and S, or behind both; W behind S and B: 3.  Without
 * anything to wait for it is no grace period: L U against B W, 6. */
static void a_barrier_waits_for_callbacks(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &barring, TINY_BACKEND(state));
    tiny_every(&tiny, 3, 0, NULL);
    assert_string_equal(tiny_run(&tiny, "00110"), "holds");
    assert_int_equal(tiny.execution.trace.steps[4].op, HD_OP_RCU_WAIT);
    assert_string_equal(tiny_try(&tiny, "0010"), "holds");
    assert_int_equal(tiny.refused, 3);
    tiny_use(&tiny, &barred);
    tiny_every(&tiny, 6, 0, NULL);
    tiny_close(&tiny);
}

/* In the order of the calls, whoever called, and one that calls again goes to the end. */
static void note_first(void *argument)
{
    struct rcu *rcu = argument;

    rcu->order[rcu->called++] = 1;
}

static void note_second(void *argument)
{
    struct rcu *rcu = argument;

    rcu->order[rcu->called++] = 2;
    if (rcu->called == 1)
        hd_call_rcu(note_first, rcu);
}

static void call_first(void *state, unsigned instance)
{
    (void)instance;
    hd_call_rcu(note_first, state);
}

static void call_second(void *state, unsigned instance)
{
    (void)instance;
    hd_call_rcu(note_second, state);
}

TINY(two_callers, struct rcu, ROLES(TASK(call_first), TASK(call_second)),
     .uses_rcu_callbacks = true);

static void callbacks_keep_their_order(void **state)
{
    struct tiny tiny;
    const struct rcu *rcu;

    tiny_open(&tiny, &two_callers, TINY_BACKEND(state));
    assert_string_equal(tiny_run(&tiny, "0122"), "holds");
    assert_int_equal(tiny.execution.trace.length, 4);
    rcu = tiny.engine->state; /* stays until the next execution */
    assert_int_equal(rcu->order[0], 1);
    assert_int_equal(rcu->order[1], 2);
    assert_string_equal(tiny_run(&tiny, "102222"), "holds");
    assert_int_equal(tiny.execution.trace.length, 6);
    assert_int_equal(rcu->order[0], 2);
    assert_int_equal(rcu->order[1], 1);
    assert_int_equal(rcu->order[2], 1);
    tiny_close(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(a_grace_period_waits_for_open_sections_only),
        EACH(sections_nest),
        EACH(what_is_wrong_is_said),
        EACH(a_grace_period_makes_freeing_safe),
        EACH(callbacks_run_after_a_grace_period),
        EACH(a_barrier_waits_for_callbacks),
        EACH(callbacks_keep_their_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
