/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The race oracle against brute force: for thousands of random programs and schedules, the first
 * race in the trace, by happens-before computed from the trace alone as reachability in a graph, is
 * what the oracle reports; and where there is none it is silent.
 */
#include "base/prng.h"
#include "oracle/brute.h"

#define ACTORS      3
#define CODE_MAX    9
#define DATA_BYTES  16
#define PROGRAMS    20000

enum code {
    LOAD, STORE, READ, WRITE, ACQUIRE, RELEASE, ADD, COMPARE, /* of some bytes of the data */
    LOCKED, BIT_LOCKED, READING, WRITING,                     /* around the operation behind it */
    COMPLETE, AWAIT, WAKE, PREPARE, GET, TRYGET, PUSH, SECTION, GRACE, CALL, BARRIER, FREE,
    CODES
};

struct op {
    uint8_t code, offset, bytes;
};

struct program {
    struct op code[ACTORS][CODE_MAX];
    uint32_t length[ACTORS];
};

/* Written between executions by the driver, only read while one runs. */
static struct program program;

struct state {
    unsigned char data[DATA_BYTES] __attribute__((aligned(16)));
    struct hd_mutex mutex;
    struct hd_bitlock bit;
    struct hd_rwsem sem;
    struct hd_completion completion;
    struct hd_waitq queue;
    struct hd_refcount refs, none;
    struct hd_queue items;
    unsigned char *object; /* DATA_BYTES, for whoever frees it */
    uint32_t freed;
};

#define WITH_WIDTH(p, bytes, operation)                                                            \
    do {                                                                                           \
        if ((bytes) == 1)                                                                          \
            operation((uint8_t *)(p));                                                             \
        else if ((bytes) == 2)                                                                     \
            operation((uint16_t *)(void *)(p));                                                    \
        else if ((bytes) == 4)                                                                     \
            operation((uint32_t *)(void *)(p));                                                    \
        else                                                                                       \
            operation((uint64_t *)(void *)(p));                                                    \
    } while (0)
#define DO_LOAD(p)    (void)hd_load(p)
#define DO_STORE(p)   hd_store(p, 1)
#define DO_READ(p)    (void)hd_read_once(p)
#define DO_WRITE(p)   hd_write_once(p, 1)
#define DO_ACQUIRE(p) (void)hd_load_acquire(p)
#define DO_RELEASE(p) hd_store_release(p, 1)
#define DO_ADD(p)     (void)hd_fetch_add(p, 1)
#define DO_COMPARE(p) (void)hd_cmpxchg(p, 1, 2)

static void do_access(unsigned char *data, const struct op *op)
{
    unsigned char *p = data + op->offset;

    switch ((enum code)op->code) {
    case LOAD:
        WITH_WIDTH(p, op->bytes, DO_LOAD);
        break;
    case STORE:
        WITH_WIDTH(p, op->bytes, DO_STORE);
        break;
    case READ:
        WITH_WIDTH(p, op->bytes, DO_READ);
        break;
    case WRITE:
        WITH_WIDTH(p, op->bytes, DO_WRITE);
        break;
    case ACQUIRE:
        WITH_WIDTH(p, op->bytes, DO_ACQUIRE);
        break;
    case RELEASE:
        WITH_WIDTH(p, op->bytes, DO_RELEASE);
        break;
    case ADD:
        WITH_WIDTH(p, op->bytes, DO_ADD);
        break;
    default:
        WITH_WIDTH(p, op->bytes, DO_COMPARE);
        break;
    }
}

/* A callback is two steps, so that the trace shows when it has ended. */
static void called(void *state)
{
    hd_store((uint32_t *)(void *)((struct state *)state)->data, 1);
}

static void serve(void *state, void *item)
{
    (void)item;
    hd_store((uint16_t *)(void *)(((struct state *)state)->data + 8), 1);
}

static void do_around(struct state *s, const struct op *op)
{
    struct op access = *op;

    access.code = op->offset & 1 ? LOAD : STORE;
    access.offset = (uint8_t)(op->offset / op->bytes * op->bytes);
    switch ((enum code)op->code) {
    case LOCKED:
        hd_mutex_lock(&s->mutex);
        do_access(s->data, &access);
        hd_mutex_unlock(&s->mutex);
        break;
    case BIT_LOCKED:
        hd_bit_lock(&s->bit);
        do_access(s->data, &access);
        hd_bit_unlock(&s->bit);
        break;
    case READING:
        hd_down_read(&s->sem);
        do_access(s->data, &access);
        hd_up_read(&s->sem);
        break;
    case WRITING:
        hd_down_write(&s->sem);
        do_access(s->data, &access);
        hd_up_write(&s->sem);
        break;
    default:
        hd_rcu_read_lock();
        hd_rcu_read_lock();
        do_access(s->data, &access);
        hd_rcu_read_unlock();
        do_access(s->object, &access);
        hd_rcu_read_unlock();
        break;
    }
}

static void do_other(struct state *s, const struct op *op)
{
    switch ((enum code)op->code) {
    case COMPLETE:
        hd_complete(&s->completion);
        break;
    case AWAIT:
        hd_wait_for_completion(&s->completion);
        break;
    case WAKE:
        hd_wake_up(&s->queue);
        break;
    case PREPARE:
        (void)hd_prepare_(HD_SITE_("prepare"), &s->queue);
        break;
    case GET:
        hd_get(&s->refs);
        break;
    case TRYGET:
        (void)hd_tryget(&s->none);
        break;
    case PUSH:
        hd_push(&s->items, &s->data);
        break;
    case GRACE:
        hd_synchronize_rcu();
        break;
    case CALL:
        hd_call_rcu(called, s);
        break;
    case BARRIER:
        hd_rcu_barrier();
        break;
    default:
        if (!s->freed++) /* accesses go on, as long as nobody judges them by memory */
            hd_free(s->object);
        break;
    }
}

static void run(void *state, unsigned instance)
{
    for (uint32_t i = 0; i < program.length[instance]; i++) {
        const struct op *op = &program.code[instance][i];

        if (op->code <= COMPARE)
            do_access(((struct state *)state)->data, op);
        else if (op->code <= WRITING || op->code == SECTION)
            do_around(state, op);
        else
            do_other(state, op);
    }
}

static void setup(void *state)
{
    struct state *s = state;

    s->refs.count = 1;
    s->object = hd_zalloc(DATA_BYTES);
}

static const struct hd_role_info roles[] = {
    { .name = "run", .summary = "", .run = run, .count_param = 1 },
    SERVICE(serve, struct state, items),
    { NULL },
};
static const struct hd_param_info params[] = { { "actors", "", ACTORS, ACTORS, ACTORS, NULL },
                                               { NULL } };
TINY(any_program, struct state, .roles = roles, .params = params, .setup = setup,
     .uses_rcu_callbacks = true);

/* Few codes a program, so that those it has meet. */
static void make_program(struct hd_prng *prng)
{
    uint8_t few[5];

    few[0] = hd_prng_below(prng, 2) ? STORE : LOAD;
    for (unsigned i = 1; i < sizeof few; i++)
        few[i] = (uint8_t)hd_prng_below(prng, CODES);
    for (unsigned actor = 0; actor < ACTORS; actor++) {
        program.length[actor] = 2 + hd_prng_below(prng, CODE_MAX - 1);
        for (unsigned i = 0; i < program.length[actor]; i++) {
            uint8_t bytes = (uint8_t)(1u << hd_prng_below(prng, 4));

            program.code[actor][i] = (struct op){
                .code = few[hd_prng_below(prng, sizeof few)],
                .bytes = bytes,
                .offset = (uint8_t)(hd_prng_below(prng, DATA_BYTES / bytes) * bytes),
            };
        }
    }
}

/* ---- The comparison -------------------------------------------------------------------------- */

static void compare(struct tiny *plain, struct tiny *judged, struct order *order)
{
    const struct hd_trace *trace = &plain->execution.trace;
    const struct hd_execution *judgement = &judged->execution;
    struct hd_strategy *recorded = NULL;
    uint32_t first = first_race(trace, ACTORS + 1, order);

    assert_int_equal(hd_strategy_recorded(trace, HD_ACTOR_NONE, &recorded), HD_OK);
    assert_int_equal(hd_execute(judged->engine, recorded, &judged->execution), HD_OK);
    hd_strategy_free(recorded);
    assert_int_equal(judgement->trace.length, first);
    assert_memory_equal(judgement->trace.steps, trace->steps, first * sizeof *trace->steps);
    assert_int_equal(judgement->verdict.holds, first == trace->length);
    if (judgement->verdict.holds)
        return;
    assert_string_equal(judgement->verdict.kind, "data-race");
    assert_int_equal(judgement->verdict.step, first);
    assert_int_equal(judgement->verdict.actor, trace->steps[first].actor);
    assert_true(races(order, trace, judgement->verdict.other_step, first));
}

static void every_first_race_and_no_other(void **state)
{
    struct hd_strategy *random = tiny_strategy("random", 5);
    struct order *order = malloc(sizeof *order);
    struct hd_prng prng;
    uint32_t programs = TINY_BACKEND(state) == HD_BACKEND_THREAD ? 500 : PROGRAMS, racy = 0;
    struct tiny plain, judged;

    assert_non_null(order);
    hd_prng_seed(&prng, 2024);
    tiny_open(&plain, &any_program, TINY_BACKEND(state));
    tiny_oracles(&plain, HD_ORACLE_BIT(PROPERTY));
    tiny_open(&judged, &any_program, TINY_BACKEND(state));
    tiny_oracles(&judged, HD_ORACLE_BIT(RACE));
    for (uint32_t i = 0; i < programs; i++) {
        make_program(&prng);
        assert_int_equal(hd_execute(plain.engine, random, &plain.execution), HD_OK);
        compare(&plain, &judged, order);
        racy += !judged.execution.verdict.holds;
    }
    assert_in_range(racy, programs / 10, programs * 9 / 10); /* both sides are met, and well */
    tiny_close(&judged);
    tiny_close(&plain);
    free(order);
    hd_strategy_free(random);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(every_first_race_and_no_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
