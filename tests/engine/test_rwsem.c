/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reader-writer semaphores, fair to writers or not. */
#include "tiny.h"

struct sem {
    struct hd_rwsem sem;
    uint32_t readers, writers;
};

static void make_fair(void *state)
{
    ((struct sem *)state)->sem.fair = 1;
}

static void look(const struct sem *s)
{
    HD_CHECK(s->writers <= 1 && !(s->writers && s->readers), "not-apart", "a writer has company");
}

static void reader(void *state, unsigned instance)
{
    struct sem *s = state;

    (void)instance;
    hd_down_read(&s->sem);
    s->readers++;
    look(s);
    hd_up_read(&s->sem);
    s->readers--;
}

static void writer(void *state, unsigned instance)
{
    struct sem *s = state;

    (void)instance;
    hd_down_write(&s->sem);
    s->writers++;
    look(s);
    hd_up_write(&s->sem);
    s->writers--;
}

#define THREE ROLES(TASK(reader), TASK(writer), TASK(reader))
TINY(two_readers, struct sem, ROLES(TASK(reader), TASK(reader)));
TINY(two_writers, struct sem, ROLES(TASK(writer), TASK(writer)));
TINY(fair_writers, struct sem, ROLES(TASK(writer), TASK(writer)), .setup = make_fair);
TINY(unfair, struct sem, THREE);
TINY(fair, struct sem, THREE, .setup = make_fair);

/* Readers never wait for each other: all C(4, 2) = 6 orders of their four steps. */
static void readers_share(void **state)
{
    tiny_check_every(&two_readers, TINY_BACKEND(state), 6, 0, NULL);
}

/* Unfair: 2.  Fair, with Q for joining the queue: between one's Q and W, and between W and U, the
 * other's Q may come.  Each order of the two Q's, q1 q2: who is first in the queue is not who must
 * write first.  q1 W1 U1 then q2..: before W1, between W1 and U1, or after U1 for q2 with 1 first:
 * 3; q1 q2 then 2 first: 1.  Twice that: 8. */
static void writers_exclude_each_other(void **state)
{
    tiny_check_every(&two_writers, TINY_BACKEND(state), 2, 0, NULL);
    tiny_check_every(&fair_writers, TINY_BACKEND(state), 8, 0, NULL);
}

/*
 * Unfair: the writer's two steps are one block, placed where no reader is inside.  The readers'
 * orders without overlap (2) have 3 such places, those with (4) have 2: 6 + 8 = 14.
 *
 * Fair: from the writer's Q to its U no reader gets in, so what is open is where Q comes, and in
 * which order those inside leave.  By the readers' progress at Q (0 not in, 1 inside, 2 out), ways
 * to get there * orders to leave * orders of the rest:
 *   00: 1*1*6   10, 01: 1*1*1   11: 2*2*1   20, 02: 1*1*1   21, 12: 3*1*1   22: 6*1*1   sum 26
 */
static void every_order_of_two_readers_and_a_writer(void **state)
{
    tiny_check_every(&unfair, TINY_BACKEND(state), 14, 0, NULL);
    tiny_check_every(&fair, TINY_BACKEND(state), 26, 0, NULL);
}

/* One reader is inside, a writer has come, a second reader comes. */
static void only_a_fair_writer_stops_later_readers(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &unfair, TINY_BACKEND(state));
    assert_string_equal(tiny_run(&tiny, "022011"), "holds");
    tiny_use(&tiny, &fair);
    assert_string_equal(tiny_run(&tiny, "0220111"), "holds"); /* it has not queued yet */
    assert_string_equal(tiny_run(&tiny, "0101122"), "holds");
    assert_string_equal(tiny_try(&tiny, "012"), "holds");
    assert_int_equal(tiny.refused, 2);
    tiny_close(&tiny);
}

/* ---- Trylocks -------------------------------------------------------------------------------- */

static void try_read(void *state, unsigned instance)
{
    struct sem *s = state;

    (void)instance;
    if (hd_down_read_trylock(&s->sem))
        hd_up_read(&s->sem);
}

static void try_write(void *state, unsigned instance)
{
    struct sem *s = state;

    (void)instance;
    if (hd_down_write_trylock(&s->sem))
        hd_up_write(&s->sem);
}

#define TRIERS ROLES(TASK(reader), TASK(writer), TASK(try_read), TASK(try_write))
TINY(unfair_tries, struct sem, TRIERS);
TINY(fair_tries, struct sem, TRIERS, .setup = make_fair);

/* What the last step of the schedule, a trylock, came to. */
static bool last_try(struct tiny *tiny, const char *schedule)
{
    const struct hd_step *step;

    assert_string_equal(tiny_run(tiny, schedule), "holds");
    step = &tiny->execution.trace.steps[strlen(schedule) - 1];
    assert_int_equal(step->op, HD_OP_TRYLOCK);
    return step->outcome;
}

static void trylocks(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &unfair_tries, TINY_BACKEND(state));
    assert_true(last_try(&tiny, "2"));
    assert_true(last_try(&tiny, "3"));
    assert_true(last_try(&tiny, "02"));
    assert_false(last_try(&tiny, "03"));
    assert_false(last_try(&tiny, "12"));
    assert_false(last_try(&tiny, "13"));
    assert_false(last_try(&tiny, "23"));
    assert_false(last_try(&tiny, "32"));
    tiny_use(&tiny, &fair_tries);
    assert_true(last_try(&tiny, "02"));
    assert_false(last_try(&tiny, "12")); /* queued, nobody inside */
    assert_true(last_try(&tiny, "13"));  /* stolen, as the kernel allows it */
    assert_false(last_try(&tiny, "012"));
    assert_true(last_try(&tiny, "1112")); /* the writer has left, and so has its place */
    tiny_close(&tiny);
}

/* ---- What is wrong --------------------------------------------------------------------------- */

static void up_read_only(void *state, unsigned instance)
{
    (void)instance;
    hd_up_read(&((struct sem *)state)->sem);
}

static void up_write_only(void *state, unsigned instance)
{
    (void)instance;
    hd_up_write(&((struct sem *)state)->sem);
}

TINY(reader_and_thief, struct sem, ROLES(TASK(reader), TASK(up_read_only)));
TINY(writer_and_thief, struct sem, ROLES(TASK(writer), TASK(up_write_only)));

/* Whether somebody else is inside makes no difference; who does it is named. */
static void going_up_without_having_gone_down(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &reader_and_thief, TINY_BACKEND(state));
    assert_string_equal(tiny_run(&tiny, "1"), "unlock-unheld at up_read_only");
    assert_string_equal(tiny_run(&tiny, "01"), "unlock-unheld at up_read_only");
    assert_int_equal(tiny.execution.verdict.actor, 1);
    tiny_every(&tiny, 3, 3, "unlock-unheld");
    tiny_use(&tiny, &writer_and_thief);
    assert_string_equal(tiny_run(&tiny, "1"), "unlock-unheld at up_write_only");
    assert_string_equal(tiny_run(&tiny, "01"), "unlock-unheld at up_write_only");
    assert_int_equal(tiny.execution.verdict.actor, 1);
    tiny_every(&tiny, 3, 3, "unlock-unheld");
    tiny_close(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(readers_share),
        EACH(writers_exclude_each_other),
        EACH(every_order_of_two_readers_and_a_writer),
        EACH(only_a_fair_writer_stops_later_readers),
        EACH(trylocks),
        EACH(going_up_without_having_gone_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
