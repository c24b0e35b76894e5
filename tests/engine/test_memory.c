/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory: every way to touch what is no live object, leaks, ownership, reference counts, reuse. */
#include "tiny.h"

struct part {
    uint64_t first, second;
};

struct memory {
    struct part *part;
    struct hd_refcount refs;
    uint64_t *head;
    uint32_t last, got, popped;
};

static void one_part(void *state)
{
    struct memory *memory = state;

    memory->part = hd_new(struct part);
    hd_owned(memory->part);
    memory->refs.count = 1;
}

/* ---- One wrong step each --------------------------------------------------------------------- */

static void touch_freed(void *state, unsigned instance)
{
    struct memory *memory = state;

    (void)instance;
    hd_free(memory->part);
    hd_store(&memory->part->second, 1);
}

static void free_twice(void *state, unsigned instance)
{
    struct memory *memory = state;

    (void)instance;
    hd_free(memory->part);
    hd_free(memory->part);
}

static void free_middle(void *state, unsigned instance)
{
    (void)instance;
    hd_step();
    hd_free(&((struct memory *)state)->part->second);
}

static void reach_beyond(void *state, unsigned instance)
{
    struct part *part = ((struct memory *)state)->part;

    (void)instance;
    hd_store(&part->second, 1); /* the last eight bytes */
    hd_store((uint32_t *)((char *)part + 14), 1);
}

static void reach_behind(void *state, unsigned instance)
{
    struct part *part = ((struct memory *)state)->part;

    (void)instance;
    hd_step();
    hd_store(&part[1].first, 1);
}

static void follow_null(void *state, unsigned instance)
{
    (void)state;
    (void)instance;
    hd_step();
    (void)hd_read_once((uint64_t *)(uintptr_t)offsetof(struct part, second));
}

static void follow_wild(void *state, unsigned instance)
{
    struct part elsewhere = { 0 };

    (void)state;
    (void)instance;
    hd_step();
    (void)hd_read_once(&elsewhere.second);
}

static void free_nothing(void *state, unsigned instance)
{
    (void)instance;
    hd_free(NULL);
    hd_free(((struct memory *)state)->part);
}

static void alloc_and_leave(void *state, unsigned instance)
{
    (void)state;
    (void)instance;
    hd_owned(hd_alloc(8));
    (void)hd_alloc(24);
}

#define LONE(function, setup_) TINY(lone_##function, struct memory, ROLES(TASK(function)), setup_)
LONE(touch_freed, .setup = one_part);
LONE(free_twice, .setup = one_part);
LONE(free_middle, .setup = one_part);
LONE(reach_beyond, .setup = one_part);
LONE(reach_behind, .setup = one_part);
LONE(follow_null, .setup = one_part);
LONE(follow_wild, .setup = one_part);
LONE(free_nothing, .setup = one_part);
LONE(alloc_and_leave, .setup = one_part);

/* The wrong step is the second of each; the record of the first names its counterpart. */
static void each_wrong_step_has_its_name(void **state)
{
    static const struct {
        const struct hd_scenario *scenario;
        const char *said;
        uint32_t step, other;
        hd_actor_id actor;
    } table[] = {
        { &lone_touch_freed, "use-after-free at touch_freed", 1, 0, 0 },
        { &lone_free_twice, "double-free at free_twice", 1, 0, 0 },
        { &lone_free_middle, "invalid-free at free_middle", 1, UINT32_MAX, 0 },
        { &lone_reach_beyond, "out-of-bounds at reach_beyond", 1, UINT32_MAX, 0 },
        { &lone_reach_behind, "wild-pointer at reach_behind", 1, UINT32_MAX, 0 },
        { &lone_follow_null, "null-dereference at follow_null", 1, UINT32_MAX, 0 },
        { &lone_follow_wild, "wild-pointer at follow_wild", 1, UINT32_MAX, 0 },
        { &lone_free_nothing, "holds", 0, 0, 0 },
        { &lone_alloc_and_leave, "leak at alloc_and_leave", 2, UINT32_MAX, HD_ACTOR_NONE },
    };
    struct tiny tiny;

    tiny_open(&tiny, &lone_touch_freed, TINY_BACKEND(state));
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const struct hd_verdict *verdict = &tiny.execution.verdict;

        tiny_use(&tiny, table[i].scenario);
        assert_string_equal(tiny_run(&tiny, "0"), table[i].said);
        if (verdict->holds)
            continue;
        assert_int_equal(verdict->step, table[i].step);
        assert_int_equal(tiny.execution.trace.length, table[i].step);
        assert_int_equal(verdict->other_step, table[i].other);
        assert_int_equal(verdict->actor, table[i].actor);
        assert_int_equal(verdict->oracle, HD_ORACLE_MEMORY);
    }
    /* Identities, not addresses: the second object of the first actor. */
    assert_int_equal(tiny.execution.verdict.object, hd_object_make(0, 1, 0));
    tiny_close(&tiny);
}

/* Freed memory stays dead until the end, whatever was allocated since; so does what it held. */
static void alloc_after_free(void *state, unsigned instance)
{
    struct memory *memory = state;
    struct part *part = hd_new(struct part);
    struct part *again;

    (void)instance;
    hd_free(part);
    again = hd_new(struct part);
    memory->got = again == part;
    hd_free(again);
}

LONE(alloc_after_free, .setup = one_part);

static void memory_is_reused_only_on_request(void **state)
{
    struct hd_engine_options options = { .backend = TINY_BACKEND(state), .reuse_memory = true };
    struct tiny tiny;

    tiny_open(&tiny, &lone_alloc_after_free, TINY_BACKEND(state));
    assert_string_equal(tiny_run(&tiny, ""), "holds");
    assert_int_equal(tiny_value(&tiny, 0), sizeof(struct part));
    assert_int_not_equal(tiny.execution.trace.steps[0].object,
                         tiny.execution.trace.steps[2].object);
    tiny_close(&tiny);
    tiny_open_with(&tiny, &lone_alloc_after_free, &options);
    assert_string_equal(tiny_run(&tiny, ""), "holds");
    assert_int_equal(tiny.execution.trace.steps[0].object, tiny.execution.trace.steps[2].object);
    tiny_close(&tiny);
}

static void read_filling(void *state, unsigned instance)
{
    uint8_t *filled = hd_alloc(2), *zeroed = hd_zalloc(2);
    uint8_t last = hd_load(&filled[1]);

    (void)state;
    (void)instance;
    HD_CHECK(last == 0xa5, "not-filled", "hd_alloc fills with 0xa5");
    last = hd_load(&zeroed[1]);
    HD_CHECK(last == 0, "not-filled", "hd_zalloc with zeroes");
    hd_free(filled);
    hd_free(zeroed);
}

LONE(read_filling, .setup = one_part);

static void new_memory_is_filled(void **state)
{
    tiny_check(&lone_read_filling, TINY_BACKEND(state), "", "holds");
}

/* ---- ABA ------------------------------------------------------------------------------------- */

/* A stack of words, each holding the next one's address. */
static void two_words(void *state)
{
    struct memory *memory = state;
    uint64_t *below = hd_zalloc(8);

    memory->head = hd_alloc(8);
    *memory->head = (uintptr_t)below;
    hd_owned(below);
    hd_owned(memory->head);
}

/* Reads head and next, and exchanges them if the head is still the same: it may not be. */
static void pop_slowly(void *state, unsigned instance)
{
    struct memory *memory = state;
    uint64_t *head = hd_read_once(&memory->head);
    uint64_t next = hd_read_once(head);

    (void)instance;
    if (hd_cmpxchg(&memory->head, head, (uint64_t *)(uintptr_t)next) == head)
        memory->popped = 1;
}

/* Pops both words and pushes a new one. */
static void pop_both_push_one(void *state, unsigned instance)
{
    struct memory *memory = state;
    uint64_t *first = memory->head, *second = (uint64_t *)(uintptr_t)*first, *fresh;

    (void)instance;
    hd_write_once(&memory->head, NULL);
    hd_free(second);
    hd_free(first);
    fresh = hd_zalloc(8);
    hd_owned(fresh);
    hd_write_once(&memory->head, fresh);
    memory->got = 1;
}

/* After both, the stack holds the new word, or nothing; never what was freed. */
static void head_is_alive(void *state)
{
    struct memory *memory = state;

    if (memory->head)
        (void)hd_read_once(memory->head);
}

TINY(aba, struct memory, ROLES(TASK(pop_slowly), TASK(pop_both_push_one)), .setup = two_words,
     .check = head_is_alive);

/*
 * Behind the slow one's two reads the other does everything, then the exchange.  With memory that
 * is never reused the new word is elsewhere: the exchange fails.  With reuse the new word is where
 * the first was, the exchange succeeds, and the head is the second, which was freed.
 */
static void reuse_shows_aba(void **state)
{
    struct hd_engine_options options = { .backend = TINY_BACKEND(state), .reuse_memory = true };
    struct tiny tiny;

    tiny_open(&tiny, &aba, TINY_BACKEND(state));
    assert_string_equal(tiny_run(&tiny, "00111110"), "holds");
    assert_int_equal(tiny.execution.trace.steps[7].outcome, 0);
    tiny_close(&tiny);
    tiny_open_with(&tiny, &aba, &options);
    assert_string_equal(tiny_run(&tiny, "00111110"), "use-after-free at head_is_alive");
    assert_int_equal(tiny.execution.trace.steps[7].outcome, 1);
    tiny_close(&tiny);
}

/* ---- Reference counts ------------------------------------------------------------------------ */

static void put(void *state, unsigned instance)
{
    struct memory *memory = state;

    (void)instance;
    if (hd_put(&memory->refs))
        memory->last++;
}

static void get(void *state, unsigned instance)
{
    (void)instance;
    hd_get(&((struct memory *)state)->refs);
}

static void tryget(void *state, unsigned instance)
{
    struct memory *memory = state;

    (void)instance;
    if (hd_tryget(&memory->refs))
        memory->got++;
}

static void one_last(void *state)
{
    const struct memory *memory = state;

    HD_CHECK(memory->last + memory->got == 1, "not-one", "the last put, or a reference in time");
}

TINY(put_put, struct memory, ROLES(TASK(put), TASK(put)), .setup = one_part);
TINY(put_get, struct memory, ROLES(TASK(put), TASK(get)), .setup = one_part);
TINY(put_tryget, struct memory, ROLES(TASK(put), TASK(tryget)), .setup = one_part,
     .check = one_last);

/* Each pair in both orders; get before put is right, put before get takes it from zero. */
static void references_are_counted(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &put_put, TINY_BACKEND(state));
    tiny_every(&tiny, 2, 2, "refcount-underflow");
    assert_string_equal(tiny_run(&tiny, "01"), "refcount-underflow at put");
    assert_int_equal(tiny.execution.verdict.step, 1);
    assert_int_equal(tiny.execution.trace.length, 1);
    tiny_use(&tiny, &put_get);
    tiny_every(&tiny, 2, 1, "refcount-resurrected");
    assert_string_equal(tiny_run(&tiny, "01"), "refcount-resurrected at get");
    assert_int_equal(tiny.execution.verdict.step, 1);
    assert_int_equal(tiny.execution.trace.length, 1);
    assert_string_equal(tiny_run(&tiny, "10"), "holds");
    assert_int_equal(tiny_value(&tiny, 0), 2);
    tiny_use(&tiny, &put_tryget);
    tiny_every(&tiny, 2, 0, NULL);
    assert_string_equal(tiny_run(&tiny, "01"), "holds");
    assert_int_equal(tiny.execution.trace.steps[1].outcome, 0);
    assert_string_equal(tiny_run(&tiny, "10"), "holds");
    assert_int_equal(tiny.execution.trace.steps[0].outcome, 1);
    tiny_close(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(each_wrong_step_has_its_name), EACH(memory_is_reused_only_on_request),
        EACH(new_memory_is_filled),         EACH(reuse_shows_aba),
        EACH(references_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
