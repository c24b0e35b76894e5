/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Accesses: widths, values, atomic operations, what a trace and a digest hold of them. */
#include "tiny.h"

struct words {
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    int8_t s8;
    int64_t s64;
    uint64_t *pointer;
    bool yes;
};

static void store_all(void *state, unsigned instance)
{
    struct words *words = state;

    (void)instance;
    hd_store(&words->u8, 0x1ff);
    hd_write_once(&words->u16, 0x1ffff);
    hd_store_release(&words->u32, UINT64_C(0x1ffffffff));
    hd_store(&words->u64, UINT64_MAX);
    hd_write_once(&words->s8, -1);
    hd_store(&words->s64, -2);
    hd_write_once(&words->yes, true);
    hd_write_once(&words->pointer, &words->u64);
    HD_CHECK(hd_load(&words->u8) == 0xff, "value", "1 byte");
    HD_CHECK(hd_read_once(&words->u16) == 0xffff, "value", "2 bytes");
    HD_CHECK(hd_load_acquire(&words->u32) == UINT32_MAX, "value", "4 bytes");
    HD_CHECK(hd_load(&words->u64) == UINT64_MAX, "value", "8 bytes");
    HD_CHECK(hd_read_once(&words->s8) == -1, "value", "signed");
    HD_CHECK(hd_load(&words->s64) == -2, "value", "signed, 8 bytes");
    HD_CHECK(hd_read_once(&words->yes), "value", "bool");
    HD_CHECK(hd_read_once(&words->pointer) == &words->u64, "value", "pointer");
}

TINY(storing, struct words, ROLES(TASK(store_all)));

/* Values are cut to the width; a pointer is held as the identity of what it points to. */
static void values_have_their_width(void **state)
{
    static const struct {
        uint64_t value;
        uint8_t bytes;
        enum hd_op write, read;
    } table[] = {
        { 0xff, 1, HD_OP_STORE, HD_OP_LOAD },
        { 0xffff, 2, HD_OP_WRITE, HD_OP_READ },
        { UINT32_MAX, 4, HD_OP_RELEASE, HD_OP_ACQUIRE },
        { UINT64_MAX, 8, HD_OP_STORE, HD_OP_LOAD },
        { 0xff, 1, HD_OP_WRITE, HD_OP_READ },
        { UINT64_MAX - 1, 8, HD_OP_STORE, HD_OP_LOAD },
        { 1, 1, HD_OP_WRITE, HD_OP_READ },
        { HD_VALUE_POINTER | (uint64_t)HD_ACTOR_SETUP << 25 | offsetof(struct words, u64), 8,
          HD_OP_WRITE, HD_OP_READ },
    };
    enum { COUNT = sizeof table / sizeof *table };
    struct tiny tiny;

    tiny_open(&tiny, &storing, TINY_BACKEND(state));
    assert_string_equal(tiny_run(&tiny, ""), "holds");
    assert_int_equal(tiny.execution.trace.length, 2 * COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        const struct hd_step *write = &tiny.execution.trace.steps[i];
        const struct hd_step *read = &tiny.execution.trace.steps[COUNT + i];

        assert_int_equal(write->op, table[i].write);
        assert_int_equal(read->op, table[i].read);
        assert_int_equal(write->bytes, table[i].bytes);
        assert_int_equal(read->bytes, table[i].bytes);
        assert_int_equal(write->value, table[i].value);
        assert_int_equal(read->value, table[i].value);
        assert_int_equal(write->object, read->object);
    }
    tiny_close(&tiny);
}

static void modify_all(void *state, unsigned instance)
{
    struct words *words = state;

    (void)instance;
    HD_CHECK(hd_fetch_add(&words->u8, 255) == 0, "value", "before the addition");
    HD_CHECK(hd_fetch_add(&words->u8, 2) == 255, "value", "it wraps");
    HD_CHECK(words->u8 == 1, "value", "at its width");
    HD_CHECK(hd_fetch_or(&words->u16, 0xf0f0) == 0, "value", "before or");
    HD_CHECK(hd_fetch_and(&words->u16, 0xff00) == 0xf0f0, "value", "before and");
    HD_CHECK(words->u16 == 0xf000, "value", "behind and");
    HD_CHECK(hd_xchg(&words->u32, 7) == 0, "value", "before the exchange");
    HD_CHECK(hd_cmpxchg(&words->u32, 8, 9) == 7, "value", "not equal");
    HD_CHECK(words->u32 == 7, "value", "so not exchanged");
    HD_CHECK(hd_cmpxchg(&words->u32, 7, 9) == 7, "value", "equal");
    HD_CHECK(words->u32 == 9, "value", "so exchanged");
    HD_CHECK(hd_cmpxchg(&words->pointer, NULL, &words->u64) == NULL, "value", "a pointer");
    HD_CHECK(words->pointer == &words->u64, "value", "exchanged");
}

TINY(modifying, struct words, ROLES(TASK(modify_all)));

static void atomic_operations(void **state)
{
    static const uint8_t outcomes[] = { 1, 1, 1, 1, 1, 0, 1, 1 };
    struct tiny tiny;

    tiny_open(&tiny, &modifying, TINY_BACKEND(state));
    assert_string_equal(tiny_run(&tiny, ""), "holds");
    assert_int_equal(tiny.execution.trace.length, sizeof outcomes);
    for (uint32_t i = 0; i < sizeof outcomes; i++) {
        assert_int_equal(tiny.execution.trace.steps[i].op, HD_OP_RMW);
        assert_int_equal(tiny.execution.trace.steps[i].outcome, outcomes[i]);
    }
    assert_int_equal(tiny_value(&tiny, 1), 1); /* what it left, or what it found if it failed */
    assert_int_equal(tiny_value(&tiny, 5), 7);
    tiny_close(&tiny);
}

/* ---- One step each: nothing comes between reading and writing -------------------------------- */

static void add_atomically(void *state, unsigned instance)
{
    (void)instance;
    hd_fetch_add(&((struct words *)state)->u32, 1);
}

static void add_in_two_steps(void *state, unsigned instance)
{
    struct words *words = state;
    uint32_t value = hd_read_once(&words->u32);

    (void)instance;
    hd_write_once(&words->u32, value + 1);
}

static void is_two(void *state)
{
    HD_CHECK(((struct words *)state)->u32 == 2, "lost-update", "an addition was lost");
}

TINY(atomic, struct words, ROLES(TASK(add_atomically), TASK(add_atomically)), .check = is_two);
TINY(two_steps, struct words, ROLES(TASK(add_in_two_steps), TASK(add_in_two_steps)),
     .check = is_two);

/* R W against R W: 6, and only the two without overlap count both. */
static void an_operation_is_one_step(void **state)
{
    tiny_check_every(&atomic, TINY_BACKEND(state), 2, 0, NULL);
    tiny_check_every(&two_steps, TINY_BACKEND(state), 6, 4, "lost-update");
}

/* ---- Calls and landmarks --------------------------------------------------------------------- */

static void inner(void)
{
    HD_CALL("inner");
    hd_step();
}

static void outer(void *state, unsigned instance)
{
    (void)state;
    (void)instance;
    HD_CALL("outer");
    hd_step();
    inner();
    hd_step();
}

TINY(calling, struct words, ROLES(TASK(outer)));

static void functions_are_noted(void **state)
{
    struct hd_engine_options options = { .backend = TINY_BACKEND(state), .describe = true };
    const struct hd_trace *trace;
    struct tiny tiny;

    tiny_open_with(&tiny, &calling, &options);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(tiny_run(&tiny, ""), "holds");
        trace = &tiny.execution.trace;
        assert_int_equal(trace->length, 3);
        assert_int_equal(trace->wheres[0].depth, 1);
        assert_int_equal(trace->wheres[1].depth, 2);
        assert_int_equal(trace->wheres[2].depth, 1);
        assert_int_equal(trace->note_count, 4);
        assert_string_equal(trace->notes[1].site->what, "inner");
        assert_int_equal(trace->notes[1].at, 1);
        assert_true(trace->notes[1].enter);
        assert_int_equal(trace->notes[2].at, 2);
        assert_false(trace->notes[2].enter);
        assert_int_equal(trace->notes[2].depth, 1);
    }
    tiny_close(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(values_have_their_width), EACH(atomic_operations),
        EACH(an_operation_is_one_step), EACH(functions_are_noted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
