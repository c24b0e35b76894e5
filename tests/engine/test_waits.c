/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Wait queues, completions, services, virtual time, spinning. */
#include "tiny.h"

struct waits {
    struct hd_waitq queue;
    struct hd_completion completion;
    struct hd_queue items, more;
    struct hd_mutex lock;
    uint32_t flag, woken, served[8], count;
};

/* ---- Wait queues ----------------------------------------------------------------------------- */

static void sleeper(void *state, unsigned instance)
{
    struct waits *waits = state;

    (void)instance;
    hd_wait_event(&waits->queue, hd_read_once(&waits->flag));
    waits->woken++;
}

/* Looks before it prepares, as code without wait_event() does. */
static void hasty_sleeper(void *state, unsigned instance)
{
    struct waits *waits = state;
    uint32_t ticket;

    (void)instance;
    if (hd_read_once(&waits->flag))
        return;
    ticket = hd_prepare_(HD_SITE_("prepare_to_wait"), &waits->queue);
    hd_wait_(HD_SITE_("schedule"), &waits->queue, ticket);
}

static void waker(void *state, unsigned instance)
{
    struct waits *waits = state;

    (void)instance;
    hd_write_once(&waits->flag, 1);
    hd_wake_up(&waits->queue);
}

static void all_woke(void *state)
{
    HD_CHECK(((struct waits *)state)->woken == 2, "not-woken", "somebody slept on");
}

TINY(wait_event, struct waits, ROLES(TASK(sleeper), TASK(waker)));
TINY(wait_hasty, struct waits, ROLES(TASK(hasty_sleeper), TASK(waker)));
TINY(wait_two, struct waits, ROLES(TASK(sleeper), TASK(sleeper), TASK(waker)), .check = all_woke);

/*
 * The sleeper's P, R, and again P, R behind each sleep W; the waker's F and K.
 *   R sees the flag: F before R.  F and K among P R: F P R with K in 3 places after F, P F R with 2
 *   before R or at the end: F K P R, F P K R, F P R K, P F K R, P F R K: 5.
 *   R does not: P R F, then it is blocked, or: P R, F, K, W P R; all forced: 1.
 * 6 in all.  None hangs.
 */
static void no_wake_up_is_lost(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &wait_event, TINY_BACKEND(state));
    tiny_every(&tiny, 6, 0, NULL);
    assert_string_equal(tiny_run(&tiny, "0011000"), "holds");
    assert_int_equal(tiny.execution.trace.length, 7);
    tiny_close(&tiny);
}

/*
 * R P W against F K.  F before R ends the sleeper: F R K, F K R: 2.  R before F, with P and W: lost
 * if K comes before P.  R F K P: stuck; R F P K W, R P F K W: woken.  5, of which 1 hangs.
 */
static void looking_first_loses_it(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &wait_hasty, TINY_BACKEND(state));
    tiny_every(&tiny, 5, 1, "deadlock");
    assert_string_equal(tiny_run(&tiny, "0110"), "deadlock at hasty_sleeper");
    assert_int_equal(tiny.execution.stuck_count, 1);
    assert_int_equal(tiny.execution.stuck[0].actor, 0);
    assert_int_equal(tiny.execution.stuck[0].op, HD_OP_WAIT);
    assert_int_equal(tiny.execution.stuck[0].holder, HD_ACTOR_NONE);
    assert_string_equal(tiny_run(&tiny, "01010"), "holds");
    tiny_close(&tiny);
}

/* One wake-up for all who have prepared. */
static void a_wake_up_wakes_all(void **state)
{
    struct tiny tiny;
    struct tiny_tally tally;

    tiny_open(&tiny, &wait_two, TINY_BACKEND(state));
    assert_string_equal(tiny_run(&tiny, "001122000111"), "holds");
    tally = tiny_all(&tiny);
    assert_int_equal(tally.violations, 0);
    tiny_close(&tiny);
}

/* ---- Completions ----------------------------------------------------------------------------- */

static void awaiter(void *state, unsigned instance)
{
    (void)instance;
    hd_wait_for_completion(&((struct waits *)state)->completion);
}

static void completer(void *state, unsigned instance)
{
    (void)instance;
    hd_complete(&((struct waits *)state)->completion);
}

static void completer_of_all(void *state, unsigned instance)
{
    (void)instance;
    hd_complete_all(&((struct waits *)state)->completion);
}

TINY(complete_one, struct waits, ROLES(TASK(awaiter), TASK(completer)));
TINY(complete_two, struct waits, ROLES(TASK(awaiter), TASK(awaiter), TASK(completer)));
TINY(complete_each, struct waits,
     ROLES(TASK(awaiter), TASK(awaiter), TASK(completer), TASK(completer)));
TINY(complete_all, struct waits, ROLES(TASK(awaiter), TASK(awaiter), TASK(completer_of_all)));
TINY(complete_more, struct waits,
     ROLES(TASK(awaiter), TASK(completer_of_all), TASK(completer), TASK(awaiter)));

/*
 * Each lets one pass.  C A: 1.  With two awaiters and one C, one of the two is left: 2, stuck both.
 * Two of each: never more A's than C's before it, so C C A A or C A C A with the A's and the C's in
 * any order: 2 * 2 * 2 = 8.  complete_all: C, then the A's in any order: 2.
 * All is for ever, whatever is completed later or was before: c1 c2 mixed with two A's behind c1 or
 * c2: the A's behind c1 with c2 anywhere: c1 then c2, A, A in any order: 6; c2 first: then c1 and
 * one A, which can pass on c2's, in two orders: c1 A A (2), A c1 A (2): 4.  10 in all.
 */
static void completions_count(void **state)
{
    tiny_check_every(&complete_one, TINY_BACKEND(state), 1, 0, NULL);
    tiny_check_every(&complete_two, TINY_BACKEND(state), 2, 2, "deadlock");
    tiny_check_every(&complete_each, TINY_BACKEND(state), 8, 0, NULL);
    tiny_check_every(&complete_all, TINY_BACKEND(state), 2, 0, NULL);
    tiny_check_every(&complete_more, TINY_BACKEND(state), 10, 0, NULL);
}

/* ---- Services -------------------------------------------------------------------------------- */

static void serve(void *state, void *item)
{
    struct waits *waits = state;

    waits->served[waits->count++] = *(uint32_t *)item;
}

static void pusher(void *state, unsigned instance)
{
    struct waits *waits = state;

    (void)instance;
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t *item = &waits->served[5 + i];

        *item = i + 1;
        hd_push(&waits->items, item);
    }
}

static void in_order(void *state)
{
    const struct waits *waits = state;

    HD_CHECK(waits->count == 3, "not-served", "all three items");
    HD_CHECK(waits->served[0] == 1 && waits->served[1] == 2 && waits->served[2] == 3, "not-fifo",
             "in the order in which they were pushed");
}

TINY(serving, struct waits, ROLES(TASK(pusher), SERVICE(serve, struct waits, items)),
     .check = in_order);

/* Pushes p and serves s, never more s than p before: the Catalan number of 3, 5. */
static void services_are_first_in_first_out(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &serving, TINY_BACKEND(state));
    tiny_every(&tiny, 5, 0, NULL);
    assert_string_equal(tiny_run(&tiny, "010101"), "holds");
    assert_int_equal(tiny.execution.trace.steps[1].op, HD_OP_SERVE);
    assert_int_equal(tiny_value(&tiny, 1), tiny_value(&tiny, 0));
    assert_int_equal(tiny.execution.stuck_count, 0); /* at rest it is not stuck */
    tiny_close(&tiny);
}

static void serve_under_lock(void *state, void *item)
{
    struct waits *waits = state;

    (void)item;
    hd_mutex_lock(&waits->lock);
    hd_mutex_unlock(&waits->lock);
}

static void push_and_keep_lock(void *state, unsigned instance)
{
    struct waits *waits = state;

    (void)instance;
    hd_mutex_lock(&waits->lock);
    hd_push(&waits->items, &waits->count);
}

TINY(stuck_service, struct waits,
     ROLES(TASK(push_and_keep_lock), SERVICE(serve_under_lock, struct waits, items)));

/* In the middle of an item a service is no different from a task. */
static void a_service_that_cannot_finish_is_stuck(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &stuck_service, TINY_BACKEND(state));
    assert_string_equal(tiny_run(&tiny, "001"), "deadlock at serve_under_lock");
    assert_int_equal(tiny.execution.stuck_count, 1);
    assert_int_equal(tiny.execution.stuck[0].actor, 1);
    assert_int_equal(tiny.execution.stuck[0].holder, 0);
    assert_int_equal(tiny.execution.stuck[0].since, 0);
    tiny_close(&tiny);
}

/* More items than a queue has places, and than its counters had bits once. */
static void push_many(void *state, unsigned instance)
{
    struct waits *waits = state;

    (void)instance;
    for (uint32_t i = 0; i < 70000; i++)
        hd_push(&waits->items, &waits->served[i % 8]);
}

static void serve_in_turn(void *state, void *item)
{
    struct waits *waits = state;

    HD_CHECK(item == &waits->served[waits->count++ % 8], "not-fifo", "items in turn");
}

TINY(many_items, struct waits,
     ROLES(TASK(push_many), SERVICE(serve_in_turn, struct waits, items)), .step_limit = 200000);

/* The strategy keeps up to 50 items waiting, so that none is where the last one was. */
static void a_queue_goes_round(void **state)
{
    struct tiny tiny;
    char *schedule = calloc(1, 140001);

    (void)state;
    assert_non_null(schedule);
    memset(schedule, '0', 50);
    for (uint32_t i = 50; i < 140000 - 50; i += 2)
        memcpy(schedule + i, "10", 2);
    memset(schedule + 140000 - 50, '1', 50);
    tiny_open(&tiny, &many_items, HD_BACKEND_FIBER);
    assert_string_equal(tiny_run(&tiny, schedule), "holds");
    assert_int_equal(tiny.execution.trace.length, 140000);
    tiny_close(&tiny);
    free(schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(no_wake_up_is_lost),
        EACH(looking_first_loses_it),
        EACH(a_wake_up_wakes_all),
        EACH(completions_count),
        EACH(services_are_first_in_first_out),
        EACH(a_service_that_cannot_finish_is_stuck),
        cmocka_unit_test(a_queue_goes_round),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
