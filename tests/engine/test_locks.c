/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mutexes, spin locks and bit locks: what they keep out, whom they let in, what is wrong. */
#include "tiny.h"

struct locks {
    struct hd_mutex mutex;
    struct hd_spinlock spin;
    struct hd_bitlock bit;
    struct hd_completion taken;
    uint32_t inside, got;
    struct locks *object;
};

/* Nobody else is between these two; the step lets others try. */
static void be_inside(struct locks *locks)
{
    HD_CHECK(locks->inside++ == 0, "not-alone", "two are inside");
    hd_step();
    locks->inside--;
}

static void use_mutex(void *state, unsigned instance)
{
    struct locks *locks = state;

    (void)instance;
    hd_mutex_lock(&locks->mutex);
    be_inside(locks);
    hd_mutex_unlock(&locks->mutex);
}

static void use_spin(void *state, unsigned instance)
{
    struct locks *locks = state;

    (void)instance;
    hd_spin_lock(&locks->spin);
    be_inside(locks);
    hd_spin_unlock(&locks->spin);
}

static void use_bit(void *state, unsigned instance)
{
    struct locks *locks = state;

    (void)instance;
    hd_bit_lock(&locks->bit);
    be_inside(locks);
    hd_bit_unlock(&locks->bit);
}

static void use_nothing(void *state, unsigned instance)
{
    (void)instance;
    be_inside(state);
}

TINY(mutexes, struct locks, ROLES(TASK(use_mutex), TASK(use_mutex), TASK(use_mutex)));
TINY(spins, struct locks, ROLES(TASK(use_spin), TASK(use_spin), TASK(use_spin)));
TINY(bits, struct locks, ROLES(TASK(use_bit), TASK(use_bit), TASK(use_bit)));
TINY(nothing, struct locks, ROLES(TASK(use_nothing), TASK(use_nothing)), .kinds = NULL);

/* While one is inside nobody else can step: only the order of the three is open, 3! = 6. */
static void one_at_a_time(void **state)
{
    tiny_check_every(&mutexes, TINY_BACKEND(state), 6, 0, NULL);
    tiny_check_every(&spins, TINY_BACKEND(state), 6, 0, NULL);
    tiny_check_every(&bits, TINY_BACKEND(state), 6, 0, NULL);
}

/* The other side: what lies before the first point has been run by both when the first steps. */
static void without_a_lock_both_are_inside(void **state)
{
    tiny_check_every(&nothing, TINY_BACKEND(state), 1, 1, "not-alone");
}

static void try_mutex(void *state, unsigned instance)
{
    struct locks *locks = state;

    (void)instance;
    if (!hd_mutex_trylock(&locks->mutex))
        return;
    locks->got++;
    hd_mutex_unlock(&locks->mutex);
}

static void try_spin(void *state, unsigned instance)
{
    struct locks *locks = state;

    (void)instance;
    if (!hd_spin_trylock(&locks->spin))
        return;
    locks->got++;
    hd_spin_unlock(&locks->spin);
}

static void try_bit(void *state, unsigned instance)
{
    struct locks *locks = state;

    (void)instance;
    if (!hd_bit_trylock(&locks->bit))
        return;
    locks->got++;
    hd_bit_unlock(&locks->bit);
}

static void both_got_it(void *state)
{
    HD_CHECK(((struct locks *)state)->got == 2, "refused", "one was refused");
}

TINY(try_mutexes, struct locks, ROLES(TASK(try_mutex), TASK(try_mutex)), .check = both_got_it);
TINY(try_spins, struct locks, ROLES(TASK(try_spin), TASK(try_spin)), .check = both_got_it);
TINY(try_bits, struct locks, ROLES(TASK(try_bit), TASK(try_bit)), .check = both_got_it);

/* T U T U, or T t U with the second try in between, twice each: 4, of which 2 refuse. */
static void a_trylock_fails_and_never_waits(void **state)
{
    struct tiny tiny;

    tiny_check_every(&try_mutexes, TINY_BACKEND(state), 4, 2, "refused");
    tiny_check_every(&try_spins, TINY_BACKEND(state), 4, 2, "refused");
    tiny_check_every(&try_bits, TINY_BACKEND(state), 4, 2, "refused");

    tiny_open(&tiny, &try_mutexes, TINY_BACKEND(state));
    assert_string_equal(tiny_run(&tiny, "010"), "refused at both_got_it");
    assert_int_equal(tiny.execution.trace.steps[0].outcome, 1);
    assert_int_equal(tiny.execution.trace.steps[1].op, HD_OP_TRYLOCK);
    assert_int_equal(tiny.execution.trace.steps[1].outcome, 0);
    assert_int_equal(tiny_value(&tiny, 1), 0); /* who has it */
    tiny_close(&tiny);
}

/* ---- Unlocking ------------------------------------------------------------------------------- */

static void lock_and_wait(void *state, unsigned instance)
{
    struct locks *locks = state;

    (void)instance;
    hd_bit_lock(&locks->bit);
    hd_complete(&locks->taken);
    hd_bit_lock(&locks->bit); /* until the other has unlocked it */
    hd_bit_unlock(&locks->bit);
}

static void unlock_for_it(void *state, unsigned instance)
{
    struct locks *locks = state;

    (void)instance;
    hd_wait_for_completion(&locks->taken);
    HD_CHECK(hd_bit_is_locked(&locks->bit), "not-locked", "the other has locked it");
    hd_bit_unlock(&locks->bit);
}

TINY(bit_for_another, struct locks, ROLES(TASK(lock_and_wait), TASK(unlock_for_it)));

/* lock complete | await read unlock | lock unlock: nothing is ever open. */
static void anybody_unlocks_a_bit(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &bit_for_another, TINY_BACKEND(state));
    tiny_every(&tiny, 1, 0, NULL);
    assert_int_equal(tiny.execution.trace.length, 7);
    tiny_close(&tiny);
}

static void take_and_tell(void *state, unsigned instance)
{
    struct locks *locks = state;

    (void)instance;
    hd_mutex_lock(&locks->mutex);
    hd_step();
    hd_mutex_unlock(&locks->mutex);
}

static void unlock_mutex(void *state, unsigned instance)
{
    (void)instance;
    hd_mutex_unlock(&((struct locks *)state)->mutex);
}

static void unlock_spin(void *state, unsigned instance)
{
    (void)instance;
    hd_spin_unlock(&((struct locks *)state)->spin);
}

static void unlock_bit(void *state, unsigned instance)
{
    (void)instance;
    hd_bit_unlock(&((struct locks *)state)->bit);
}

TINY(foreign_unlock, struct locks, ROLES(TASK(take_and_tell), TASK(unlock_mutex)));
TINY(free_mutex, struct locks, ROLES(TASK(unlock_mutex)));
TINY(free_spin, struct locks, ROLES(TASK(unlock_spin)));
TINY(free_bit, struct locks, ROLES(TASK(unlock_bit)));

/* The wrong unlock ends each execution, before or after any of the three other steps: 4. */
static void unlocking_what_one_does_not_hold(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &foreign_unlock, TINY_BACKEND(state));
    tiny_every(&tiny, 4, 4, "unlock-unheld");
    assert_string_equal(tiny_run(&tiny, "01"), "unlock-unheld at unlock_mutex");
    assert_int_equal(tiny.execution.verdict.actor, 1);
    assert_int_equal(tiny.execution.verdict.step, 1);
    tiny_close(&tiny);
    tiny_check(&free_mutex, TINY_BACKEND(state), "", "unlock-unheld at unlock_mutex");
    tiny_check(&free_spin, TINY_BACKEND(state), "", "unlock-unheld at unlock_spin");
    tiny_check(&free_bit, TINY_BACKEND(state), "", "unlock-unheld at unlock_bit");
}

/* ---- A waiter without a reference ------------------------------------------------------------ */

static void give_object(void *state)
{
    ((struct locks *)state)->object = hd_new(struct locks);
}

static void sleep_on_it(void *state, unsigned instance)
{
    struct locks *object = ((struct locks *)state)->object;

    (void)instance;
    hd_bit_lock(&object->bit);
    hd_bit_unlock(&object->bit);
}

static void unlock_and_free(void *state, unsigned instance)
{
    struct locks *object = ((struct locks *)state)->object;

    (void)instance;
    hd_bit_lock(&object->bit);
    hd_bit_unlock(&object->bit);
    hd_free(object);
}

static void free_while_locked(void *state, unsigned instance)
{
    struct locks *object = ((struct locks *)state)->object;

    (void)instance;
    hd_bit_lock(&object->bit);
    hd_free(object);
}

TINY(freed_behind, struct locks, ROLES(TASK(sleep_on_it), TASK(unlock_and_free)),
     .setup = give_object, .oracles = HD_ORACLE_BIT(MEMORY));
TINY(freed_locked, struct locks, ROLES(TASK(sleep_on_it), TASK(free_while_locked)),
     .setup = give_object, .oracles = HD_ORACLE_BIT(MEMORY));

/* With a for the sleeper and b for the other: aa bbb and bb aa b hold; bb a b dies at a's unlock,
 * bbb at a's lock. */
static void a_sleeper_finds_its_lock_freed(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &freed_behind, TINY_BACKEND(state));
    tiny_every(&tiny, 4, 2, "use-after-free");
    assert_string_equal(tiny_run(&tiny, "00111"), "holds");
    assert_string_equal(tiny_run(&tiny, "11001"), "holds");
    assert_string_equal(tiny_run(&tiny, "1101"), "use-after-free at sleep_on_it");
    assert_string_equal(tiny_run(&tiny, "111"), "use-after-free at sleep_on_it");
    tiny_close(&tiny);
}

/* Asleep from the first step on; the free wakes it, to touch what is no more. */
static void a_free_wakes_who_sleeps_on_it(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &freed_locked, TINY_BACKEND(state));
    tiny_every(&tiny, 2, 1, "use-after-free");
    assert_string_equal(tiny_run(&tiny, "11"), "use-after-free at sleep_on_it");
    assert_int_equal(tiny.execution.verdict.actor, 0);
    assert_int_equal(tiny.execution.verdict.step, 2);
    assert_int_equal(tiny.execution.verdict.other_step, 1);
    assert_int_equal(tiny.execution.trace.steps[1].op, HD_OP_FREE);
    tiny_close(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(one_at_a_time),
        EACH(without_a_lock_both_are_inside),
        EACH(a_trylock_fails_and_never_waits),
        EACH(anybody_unlocks_a_bit),
        EACH(unlocking_what_one_does_not_hold),
        EACH(a_sleeper_finds_its_lock_freed),
        EACH(a_free_wakes_who_sleeps_on_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
