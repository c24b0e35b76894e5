/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who held what, on traces written by hand: each line of a trace is who, what, on which lock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/waits.h"

enum { X = 16, Y = 32 }; /* objects */

static const struct hd_site plain = { "f", "f.c", "mutex_lock(&l)", 1 };
static const struct hd_site reader = { "f", "f.c", "down_read_trylock(&l)", 2 };

#define STEP(actor_, op_, object_)                                                                 \
    { .actor = (actor_), .op = HD_OP_##op_, .outcome = 1, .object = (object_) }
#define FAIL(actor_, op_, object_)                                                                 \
    { .actor = (actor_), .op = HD_OP_##op_, .object = (object_) }

static struct hd_waits computed(struct hd_pool *pool, const struct hd_step *steps, uint32_t length,
                                const struct hd_site *site)
{
    struct hd_where wheres[16];
    struct hd_trace trace = { .steps = steps, .wheres = wheres, .length = length };
    struct hd_waits waits;

    assert_true(length <= 16);
    for (uint32_t i = 0; i < length; i++)
        wheres[i] = (struct hd_where){ .site = site };
    assert_true(hd_waits_compute(pool, &trace, &waits));
    return waits;
}

static void what_is_dropped_is_the_lock_that_was_named(void **state)
{
    static const struct hd_step steps[] = {
        STEP(0, LOCK, X), STEP(0, LOCK, Y), STEP(1, STEP, HD_OBJECT_NONE), STEP(0, UNLOCK, Y),
    };
    struct hd_pool pool = { 0 };
    struct hd_waits waits = computed(&pool, steps, 4, &plain);

    (void)state;
    assert_int_equal(waits.held_count, 1);
    assert_int_equal(waits.held[0].object, X);
    assert_int_equal(waits.held[0].since, 0);
    assert_false(waits.held[0].shared);
    hd_pool_free(&pool);
}

/* A bit lock may be dropped by another actor than the one that took it. */
static void a_lock_that_changed_hands_is_dropped(void **state)
{
    static const struct hd_step steps[] = {
        STEP(0, LOCK, X), STEP(1, LOCK, Y), STEP(1, UNLOCK, X),
    };
    struct hd_pool pool = { 0 };
    struct hd_waits waits = computed(&pool, steps, 3, &plain);

    (void)state;
    assert_int_equal(waits.held_count, 1);
    assert_int_equal(waits.held[0].object, Y);
    hd_pool_free(&pool);
}

/* With two readers, each drops its own; with one actor twice, the later first. */
static void readers_drop_their_own(void **state)
{
    static const struct hd_step steps[] = {
        STEP(0, READ_LOCK, X), STEP(1, READ_LOCK, X), STEP(1, READ_LOCK, X),
        STEP(0, READ_UNLOCK, X), STEP(1, READ_UNLOCK, X),
    };
    struct hd_pool pool = { 0 };
    struct hd_waits waits = computed(&pool, steps, 5, &plain);

    (void)state;
    assert_int_equal(waits.held_count, 1);
    assert_int_equal(waits.held[0].actor, 1);
    assert_int_equal(waits.held[0].since, 1);
    assert_true(waits.held[0].shared);
    hd_pool_free(&pool);
}

static void a_trylock_of_a_reader_is_shared(void **state)
{
    static const struct hd_step steps[] = { STEP(0, TRYLOCK, X) };
    struct hd_pool pool = { 0 };

    (void)state;
    assert_true(computed(&pool, steps, 1, &reader).held[0].shared);
    assert_false(computed(&pool, steps, 1, &plain).held[0].shared);
    hd_pool_free(&pool);
}

static void a_failed_attempt_names_the_holder(void **state)
{
    static const struct hd_step steps[] = {
        STEP(2, LOCK, X), STEP(0, LOCK, Y), FAIL(1, TRYLOCK, Y), FAIL(1, TRYGET, 48),
    };
    struct hd_pool pool = { 0 };
    struct hd_waits waits = computed(&pool, steps, 4, &plain);

    (void)state;
    assert_int_equal(waits.steps[2].holder, 0);
    assert_int_equal(waits.steps[2].since, 1);
    assert_false(waits.steps[2].waited);
    assert_int_equal(waits.steps[3].holder, HD_ACTOR_NONE);
    assert_int_equal(waits.steps[3].since, HD_STEP_NONE);
    assert_int_equal(waits.held_count, 2);
    hd_pool_free(&pool);
}

/* Step 1 brings actor 1 to its lock: before actor 0 took it in one trace, after it in the other. */
static void a_wait_begins_when_the_actor_comes_to_a_taken_lock(void **state)
{
    static const struct hd_step after[] = {
        STEP(0, LOCK, X), STEP(1, STEP, HD_OBJECT_NONE), STEP(0, UNLOCK, X), STEP(1, LOCK, X),
    };
    static const struct hd_step before[] = {
        STEP(1, STEP, HD_OBJECT_NONE), STEP(0, LOCK, X), STEP(0, UNLOCK, X), STEP(1, LOCK, X),
    };
    static const struct hd_step readers[] = {
        STEP(0, READ_LOCK, X), STEP(1, STEP, HD_OBJECT_NONE), STEP(1, READ_LOCK, X),
        STEP(2, STEP, HD_OBJECT_NONE), STEP(0, READ_UNLOCK, X), STEP(1, READ_UNLOCK, X),
        STEP(2, WRITE_LOCK, X),
    };
    struct hd_pool pool = { 0 };
    struct hd_waits waits = computed(&pool, after, 4, &plain);

    (void)state;
    assert_true(waits.steps[3].waited);
    assert_int_equal(waits.steps[3].holder, 0);
    assert_int_equal(waits.steps[3].since, 0);
    assert_false(computed(&pool, before, 4, &plain).steps[3].waited);
    waits = computed(&pool, readers, 7, &plain);
    assert_false(waits.steps[2].waited); /* a reader does not mind a reader */
    assert_true(waits.steps[6].waited);  /* a writer does */
    hd_pool_free(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_dropped_is_the_lock_that_was_named),
        cmocka_unit_test(a_lock_that_changed_hands_is_dropped),
        cmocka_unit_test(readers_drop_their_own),
        cmocka_unit_test(a_trylock_of_a_reader_is_shared),
        cmocka_unit_test(a_failed_attempt_names_the_holder),
        cmocka_unit_test(a_wait_begins_when_the_actor_comes_to_a_taken_lock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
