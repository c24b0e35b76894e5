/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Conflict, against a table written by hand from what the operations mean, and as a relation:
 * symmetric, reflexive for an actor, never narrower while the outcome is open.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "heddle/trace.h"

/* Where two operations touch, from near to far. */
enum place { SAME, NEIGHBOUR, APART, NOWHERE, PLACES };

/* Four bytes at 8, or beside or away from them; NOWHERE is no object at all. */
static struct hd_step step_of(hd_actor_id actor, enum hd_op op, enum place place, bool outcome)
{
    static const hd_object_id none = HD_OBJECT_NONE;
    const hd_object_id objects[PLACES] = {
        [SAME] = hd_object_make(HD_ACTOR_SETUP, 3, 8),
        [NEIGHBOUR] = hd_object_make(HD_ACTOR_SETUP, 3, 12),
        [APART] = hd_object_make(2, 3, 8),
        [NOWHERE] = none,
    };

    return (struct hd_step){
        .actor = actor,
        .op = (uint8_t)op,
        .bytes = 4,
        .outcome = outcome,
        .object = objects[place],
    };
}

/* Does a, at 8, conflict with b at this place?  Both orders must agree. */
static bool conflict(enum hd_op a, bool a_outcome, enum hd_op b, bool b_outcome, enum place place)
{
    struct hd_step one = step_of(0, a, place == NOWHERE ? NOWHERE : SAME, a_outcome);
    struct hd_step other = step_of(1, b, place, b_outcome);

    assert_int_equal(hd_conflict(&one, &other), hd_conflict(&other, &one));
    return hd_conflict(&one, &other);
}

struct row {
    enum hd_op a;
    bool a_outcome;
    enum hd_op b;
    bool b_outcome;
    bool same, neighbour, apart;
};

#define OK true
#define FAILED false
#define Y true
#define N false

static const struct row golden[] = {
    /* plain, marked and ordered accesses: two reads commute, a write with nothing on its bytes */
    { HD_OP_LOAD, OK, HD_OP_LOAD, OK, N, N, N },
    { HD_OP_LOAD, OK, HD_OP_READ, OK, N, N, N },
    { HD_OP_READ, OK, HD_OP_ACQUIRE, OK, N, N, N },
    { HD_OP_LOAD, OK, HD_OP_STORE, OK, Y, N, N },
    { HD_OP_STORE, OK, HD_OP_STORE, OK, Y, N, N },
    { HD_OP_READ, OK, HD_OP_WRITE, OK, Y, N, N },
    { HD_OP_ACQUIRE, OK, HD_OP_RELEASE, OK, Y, N, N },
    { HD_OP_WRITE, OK, HD_OP_STORE, OK, Y, N, N },
    { HD_OP_RMW, OK, HD_OP_RMW, OK, Y, N, N },
    { HD_OP_RMW, OK, HD_OP_READ, OK, Y, N, N },
    /* a compare-and-exchange that failed has only looked */
    { HD_OP_RMW, FAILED, HD_OP_READ, OK, N, N, N },
    { HD_OP_RMW, FAILED, HD_OP_RMW, FAILED, N, N, N },
    { HD_OP_RMW, FAILED, HD_OP_WRITE, OK, Y, N, N },
    { HD_OP_RMW, FAILED, HD_OP_RMW, OK, Y, N, N },
    /* locks */
    { HD_OP_LOCK, OK, HD_OP_LOCK, OK, Y, N, N },
    { HD_OP_LOCK, OK, HD_OP_UNLOCK, OK, Y, N, N },
    { HD_OP_LOCK, OK, HD_OP_TRYLOCK, OK, Y, N, N },
    { HD_OP_LOCK, OK, HD_OP_TRYLOCK, FAILED, Y, N, N },
    { HD_OP_TRYLOCK, OK, HD_OP_TRYLOCK, OK, Y, N, N },
    { HD_OP_TRYLOCK, FAILED, HD_OP_TRYLOCK, FAILED, N, N, N },
    { HD_OP_TRYLOCK, FAILED, HD_OP_UNLOCK, OK, Y, N, N },
    { HD_OP_READ, OK, HD_OP_UNLOCK, OK, Y, N, N }, /* looks at the lock word */
    { HD_OP_READ, OK, HD_OP_TRYLOCK, FAILED, N, N, N },
    /* readers and writers */
    { HD_OP_READ_LOCK, OK, HD_OP_READ_LOCK, OK, N, N, N },
    { HD_OP_READ_LOCK, OK, HD_OP_READ_UNLOCK, OK, N, N, N },
    { HD_OP_READ_UNLOCK, OK, HD_OP_READ_UNLOCK, OK, N, N, N },
    { HD_OP_READ_LOCK, FAILED, HD_OP_READ_UNLOCK, OK, N, N, N },
    { HD_OP_READ_LOCK, OK, HD_OP_WRITE_LOCK, OK, Y, N, N },
    { HD_OP_READ_LOCK, FAILED, HD_OP_UNLOCK, OK, Y, N, N },
    { HD_OP_READ_UNLOCK, OK, HD_OP_WRITE_LOCK, OK, Y, N, N },
    { HD_OP_READ_LOCK, OK, HD_OP_QUEUE_LOCK, OK, Y, N, N },
    { HD_OP_READ_LOCK, OK, HD_OP_TRYLOCK, FAILED, Y, N, N }, /* it sees the readers' count */
    { HD_OP_READ_UNLOCK, OK, HD_OP_TRYLOCK, FAILED, Y, N, N },
    { HD_OP_READ_LOCK, OK, HD_OP_READ, OK, Y, N, N },
    /* waiting, counting, serving */
    { HD_OP_PREPARE, OK, HD_OP_WAKE, OK, Y, N, N },
    { HD_OP_WAIT, OK, HD_OP_WAKE, OK, Y, N, N },
    { HD_OP_COMPLETE, OK, HD_OP_AWAIT, OK, Y, N, N },
    { HD_OP_PUSH, OK, HD_OP_SERVE, OK, Y, N, N },
    { HD_OP_PUSH, OK, HD_OP_PUSH, OK, Y, N, N },
    { HD_OP_GET, OK, HD_OP_PUT, OK, Y, N, N },
    { HD_OP_TRYGET, FAILED, HD_OP_READ, OK, N, N, N },
    { HD_OP_TRYGET, FAILED, HD_OP_TRYGET, FAILED, N, N, N },
    { HD_OP_TRYGET, FAILED, HD_OP_PUT, OK, Y, N, N },
    { HD_OP_TRYGET, OK, HD_OP_READ, OK, Y, N, N },
    /* free: every access to any part; allocation: nothing */
    { HD_OP_FREE, OK, HD_OP_LOAD, OK, Y, Y, N },
    { HD_OP_FREE, OK, HD_OP_STORE, OK, Y, Y, N },
    { HD_OP_FREE, OK, HD_OP_TRYLOCK, FAILED, Y, Y, N },
    { HD_OP_FREE, OK, HD_OP_READ_LOCK, OK, Y, Y, N },
    { HD_OP_FREE, OK, HD_OP_READ_LOCK, FAILED, Y, Y, N },
    { HD_OP_FREE, OK, HD_OP_WAIT, OK, Y, Y, N },
    { HD_OP_FREE, OK, HD_OP_DISK_WRITE, OK, Y, Y, N },
    { HD_OP_FREE, OK, HD_OP_FREE, OK, Y, Y, N },
    { HD_OP_FREE, OK, HD_OP_ALLOC, OK, N, N, N },
    { HD_OP_FREE, OK, HD_OP_STEP, OK, N, N, N },
    { HD_OP_FREE, OK, HD_OP_RCU_SYNC, OK, N, N, N },
    { HD_OP_ALLOC, OK, HD_OP_ALLOC, OK, N, N, N },
    { HD_OP_ALLOC, OK, HD_OP_STORE, OK, N, N, N },
    { HD_OP_STEP, OK, HD_OP_STEP, OK, N, N, N },
    { HD_OP_YIELD, OK, HD_OP_LOCK, OK, N, N, N },
    /* RCU has no object: the two sides meet wherever they are */
    { HD_OP_RCU_LOCK, OK, HD_OP_RCU_LOCK, OK, N, N, N },
    { HD_OP_RCU_LOCK, OK, HD_OP_RCU_UNLOCK, OK, N, N, N },
    { HD_OP_RCU_LOCK, OK, HD_OP_RCU_SYNC, OK, Y, Y, Y },
    { HD_OP_RCU_UNLOCK, OK, HD_OP_RCU_WAIT, OK, Y, Y, Y },
    { HD_OP_RCU_UNLOCK, OK, HD_OP_RCU_CALL, OK, Y, Y, Y },
    { HD_OP_RCU_SYNC, OK, HD_OP_RCU_WAIT, OK, N, N, N },
    { HD_OP_RCU_CALL, OK, HD_OP_RCU_CALL, OK, Y, Y, Y }, /* first in, first out */
    { HD_OP_RCU_SYNC, OK, HD_OP_RCU_CALL, OK, Y, Y, Y }, /* a barrier waits for those before it */
    { HD_OP_RCU_LOCK, OK, HD_OP_ACQUIRE, OK, N, N, N },
    { HD_OP_RCU_SYNC, OK, HD_OP_RELEASE, OK, N, N, N },
    /* disk and power */
    { HD_OP_DISK_READ, OK, HD_OP_DISK_READ, OK, N, N, N },
    { HD_OP_DISK_READ, OK, HD_OP_DISK_WRITE, OK, Y, N, N },
    { HD_OP_DISK_WRITE, OK, HD_OP_DISK_WRITE, OK, Y, Y, N }, /* one image */
    { HD_OP_POWER_LOSS, OK, HD_OP_DISK_WRITE, OK, Y, Y, Y },
    { HD_OP_POWER_LOSS, OK, HD_OP_LOAD, OK, Y, Y, Y },
    { HD_OP_POWER_LOSS, OK, HD_OP_RCU_LOCK, OK, Y, Y, Y },
    { HD_OP_POWER_LOSS, OK, HD_OP_FREE, OK, Y, Y, Y },
    { HD_OP_POWER_LOSS, OK, HD_OP_POWER_LOSS, OK, Y, Y, Y },
    { HD_OP_POWER_LOSS, OK, HD_OP_STEP, OK, N, N, N },
    { HD_OP_POWER_LOSS, OK, HD_OP_ALLOC, OK, N, N, N },
    /* time, and start conditions */
    { HD_OP_SLEEP, OK, HD_OP_SLEEP, OK, Y, Y, Y },
    { HD_OP_SLEEP, OK, HD_OP_CLOCK, OK, Y, Y, Y },
    { HD_OP_CLOCK, OK, HD_OP_CLOCK, OK, N, N, N },
    { HD_OP_SLEEP, OK, HD_OP_STORE, OK, N, N, N },
    { HD_OP_SLEEP, OK, HD_OP_MARK, OK, N, N, N },
    { HD_OP_MARK, OK, HD_OP_START, OK, Y, Y, Y },
    { HD_OP_MARK, OK, HD_OP_MARK, OK, N, N, N },
    { HD_OP_START, OK, HD_OP_START, OK, N, N, N },
    { HD_OP_MARK, OK, HD_OP_STORE, OK, N, N, N },
};

static void the_pairs_that_matter(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof golden / sizeof golden[0]; i++) {
        const struct row *row = &golden[i];
        bool same = conflict(row->a, row->a_outcome, row->b, row->b_outcome, SAME);
        bool neighbour = conflict(row->a, row->a_outcome, row->b, row->b_outcome, NEIGHBOUR);
        bool apart = conflict(row->a, row->a_outcome, row->b, row->b_outcome, APART);

        if (same != row->same || neighbour != row->neighbour || apart != row->apart)
            print_error("row %zu: %s %s\n", i, hd_op_word(row->a), hd_op_word(row->b));
        assert_int_equal(same, row->same);
        assert_int_equal(neighbour, row->neighbour);
        assert_int_equal(apart, row->apart);
    }
}

/* Operations without an object meet each other only within their own kind. */
static void no_object_is_no_meeting_place(void **state)
{
    (void)state;
    assert_true(conflict(HD_OP_RCU_LOCK, OK, HD_OP_RCU_SYNC, OK, NOWHERE));
    assert_false(conflict(HD_OP_RCU_LOCK, OK, HD_OP_RCU_UNLOCK, OK, NOWHERE));
    assert_true(conflict(HD_OP_RCU_CALL, OK, HD_OP_SERVE, OK, NOWHERE)); /* of the callbacks */
    assert_true(conflict(HD_OP_RCU_UNLOCK, OK, HD_OP_SERVE, OK, NOWHERE));
    assert_false(conflict(HD_OP_RCU_CALL, OK, HD_OP_SERVE, OK, APART)); /* of a queue */
    assert_true(conflict(HD_OP_SLEEP, OK, HD_OP_CLOCK, OK, NOWHERE));
    assert_false(conflict(HD_OP_SLEEP, OK, HD_OP_RCU_SYNC, OK, NOWHERE));
    assert_false(conflict(HD_OP_SLEEP, OK, HD_OP_ARM, OK, NOWHERE));
    assert_false(conflict(HD_OP_MARK, OK, HD_OP_SLEEP, OK, NOWHERE));
    assert_false(conflict(HD_OP_MARK, OK, HD_OP_FAULT, OK, NOWHERE));
    assert_false(conflict(HD_OP_STEP, OK, HD_OP_STEP, OK, NOWHERE));
}

/* Ranges that share one byte conflict, those that only touch don't; 0 bytes count as one. */
static void bytes_overlap_exactly(void **state)
{
    struct hd_step a = { .actor = 0, .op = HD_OP_STORE, .outcome = 1, .bytes = 4 };
    struct hd_step b = { .actor = 1, .op = HD_OP_STORE, .outcome = 1 };

    (void)state;
    a.object = hd_object_make(1, 7, 8);
    for (uint8_t bytes = 0; bytes <= 8; bytes++)
        for (uint32_t first = 0; first < 20; first++) {
            uint32_t end = first + (bytes ? bytes : 1);

            b.object = hd_object_make(1, 7, first);
            b.bytes = bytes;
            assert_int_equal(hd_conflict(&a, &b), first < 12 && end > 8);
            assert_int_equal(hd_conflict(&b, &a), first < 12 && end > 8);
        }
    b.object = hd_object_make(1, 8, 8); /* the next allocation of the same actor */
    assert_false(hd_conflict(&a, &b));
    a.object = b.object = hd_object_make(1, 7, HD_OBJECT_BYTES_MAX - 1); /* the last byte of all */
    assert_true(hd_conflict(&a, &b));
}

/* A fault is asked for and armed by its number; while that is open, any may be meant. */
static void faults_meet_by_their_number(void **state)
{
    struct hd_step ask = step_of(0, HD_OP_FAULT, NOWHERE, false);
    struct hd_step arm = step_of(1, HD_OP_ARM, NOWHERE, true);
    struct hd_step again = step_of(2, HD_OP_FAULT, NOWHERE, true);

    (void)state;
    ask.value = arm.value = again.value = 3;
    assert_true(hd_conflict(&ask, &arm));
    assert_true(hd_conflict(&arm, &ask));
    assert_false(hd_conflict(&ask, &again));
    arm.value = 4;
    assert_false(hd_conflict(&ask, &arm));
    assert_true(hd_may_conflict(&ask, &arm));
    assert_false(hd_may_conflict(&ask, &again));
}

static void steps_of_one_actor_always_conflict(void **state)
{
    (void)state;
    for (int a = 0; a < HD_OP_COUNT; a++)
        for (int b = 0; b < HD_OP_COUNT; b++) {
            struct hd_step one = step_of(5, (enum hd_op)a, SAME, true);
            struct hd_step other = step_of(5, (enum hd_op)b, APART, true);

            assert_true(hd_conflict(&one, &other));
            assert_true(hd_may_conflict(&one, &other));
        }
}

/* Over all pairs of operations, outcomes and places: symmetric; what conflicts may conflict; and
 * with both carried out and equal values, the two questions are one. */
static void it_is_symmetric_and_never_narrower_while_open(void **state)
{
    unsigned conflicts = 0, pairs = 0;

    (void)state;
    for (unsigned a = 0; a < 2 * HD_OP_COUNT; a++)
        for (unsigned b = 0; b < 2 * HD_OP_COUNT; b++)
            for (unsigned at = 0; at < PLACES * PLACES; at++) {
                struct hd_step one = step_of(0, (enum hd_op)(a / 2), at / PLACES, a % 2);
                struct hd_step other = step_of(1, (enum hd_op)(b / 2), at % PLACES, b % 2);
                bool may = hd_may_conflict(&one, &other);
                bool does = hd_conflict(&one, &other);

                assert_int_equal(does, hd_conflict(&other, &one));
                assert_int_equal(may, hd_may_conflict(&other, &one));
                assert_true(may || !does);
                if (a % 2 && b % 2)
                    assert_int_equal(may, does);
                conflicts += does;
                pairs++;
            }
    assert_true(conflicts > pairs / 50 && conflicts < pairs / 2);
}

/* What may turn out as a success is taken for one. */
static void an_open_attempt_counts_as_a_success(void **state)
{
    struct hd_step one = step_of(0, HD_OP_TRYLOCK, SAME, false);
    struct hd_step other = step_of(1, HD_OP_TRYLOCK, SAME, false);

    (void)state;
    assert_false(hd_conflict(&one, &other));
    assert_true(hd_may_conflict(&one, &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pairs_that_matter),
        cmocka_unit_test(no_object_is_no_meeting_place),
        cmocka_unit_test(bytes_overlap_exactly),
        cmocka_unit_test(faults_meet_by_their_number),
        cmocka_unit_test(steps_of_one_actor_always_conflict),
        cmocka_unit_test(it_is_symmetric_and_never_narrower_while_open),
        cmocka_unit_test(an_open_attempt_counts_as_a_success),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
