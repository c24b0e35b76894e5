/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Happens-before by brute force, from a trace alone: a graph of steps, each with the set of all
 * that come before it.  It shares nothing with the engine's clocks but the meaning of operations.
 */
#ifndef HD_TESTS_BRUTE_H
#define HD_TESTS_BRUTE_H

#include "tiny.h"

#define STEPS_MAX 128 /* of a trace; checked */

/* Which steps happen before each: bit i of before[j]. */
struct order {
    uint64_t before[STEPS_MAX][STEPS_MAX / 64];
};

static inline bool comes_before(const struct order *order, uint32_t i, uint32_t j)
{
    return order->before[j][i / 64] >> i % 64 & 1;
}

static inline void add_edge(struct order *order, uint32_t i, uint32_t j)
{
    for (unsigned word = 0; word < STEPS_MAX / 64; word++)
        order->before[j][word] |= order->before[i][word];
    order->before[j][i / 64] |= UINT64_C(1) << i % 64;
}

static inline bool in_common(const struct hd_step *a, const struct hd_step *b)
{
    uint32_t a_bytes = a->op == HD_OP_FREE ? (uint32_t)a->value : a->bytes;
    uint32_t b_bytes = b->op == HD_OP_FREE ? (uint32_t)b->value : b->bytes;

    return a->object != HD_OBJECT_NONE && b->object != HD_OBJECT_NONE &&
           hd_object_allocation(a->object) == hd_object_allocation(b->object) &&
           hd_object_byte(a->object) < hd_object_byte(b->object) + b_bytes &&
           hd_object_byte(b->object) < hd_object_byte(a->object) + a_bytes;
}

static inline bool is_access(const struct hd_step *step)
{
    return step->op <= HD_OP_RMW || step->op == HD_OP_FREE || step->op == HD_OP_GET ||
           step->op == HD_OP_TRYGET || step->op == HD_OP_PUT;
}

static inline bool is_write(const struct hd_step *step)
{
    return step->outcome && step->op != HD_OP_LOAD && step->op != HD_OP_READ &&
           step->op != HD_OP_ACQUIRE;
}

static inline bool is_plain(const struct hd_step *step)
{
    return step->op == HD_OP_LOAD || step->op == HD_OP_STORE || step->op == HD_OP_FREE;
}

static inline bool releases(const struct hd_step *step)
{
    switch ((enum hd_op)step->op) {
    case HD_OP_RMW:
    case HD_OP_GET:
    case HD_OP_TRYGET:
    case HD_OP_PUT:
        return step->outcome;
    case HD_OP_RELEASE:
    case HD_OP_UNLOCK:
    case HD_OP_READ_UNLOCK:
    case HD_OP_COMPLETE:
    case HD_OP_WAKE:
    case HD_OP_PUSH:
        return true;
    default:
        return false;
    }
}

/* rcu: the service actor that runs RCU's callbacks; it takes them from elsewhere. */
static inline bool acquires(const struct hd_step *step, hd_actor_id rcu)
{
    switch ((enum hd_op)step->op) {
    case HD_OP_ACQUIRE:
    case HD_OP_RMW: /* also one that fails */
    case HD_OP_LOCK:
    case HD_OP_READ_LOCK:
    case HD_OP_WRITE_LOCK:
    case HD_OP_AWAIT:
    case HD_OP_PREPARE:
        return true;
    case HD_OP_SERVE:
        return step->actor != rcu;
    case HD_OP_GET:
    case HD_OP_TRYGET:
    case HD_OP_PUT:
        return step->outcome;
    default:
        return false;
    }
}

/* What byte b of step j's object carries from step i, still: no plain, marked or releasing store
 * has come in between. */
static inline bool carried(const struct hd_trace *trace, uint32_t i, uint32_t j, uint32_t b)
{
    struct hd_step byte = trace->steps[j];

    byte.object += b;
    byte.bytes = 1;
    if (!releases(&trace->steps[i]) || !in_common(&trace->steps[i], &byte))
        return false;
    for (uint32_t k = i + 1; k < j; k++) {
        enum hd_op op = (enum hd_op)trace->steps[k].op;

        if ((op == HD_OP_STORE || op == HD_OP_WRITE || op == HD_OP_RELEASE) &&
            in_common(&trace->steps[k], &byte))
            return false;
    }
    return true;
}

static inline void memory_edges(struct order *order, const struct hd_trace *trace, hd_actor_id rcu,
                                uint32_t j)
{
    if (!acquires(&trace->steps[j], rcu))
        return;
    for (uint32_t i = 0; i < j; i++)
        for (uint32_t b = 0; b < trace->steps[j].bytes; b++)
            if (carried(trace, i, j, b))
                add_edge(order, i, j);
}

/* The n-th step (from 0) of this operation; UINT32_MAX if there is none before `end`. */
static inline uint32_t nth_step(const struct hd_trace *trace, enum hd_op op, uint32_t n,
                                uint32_t end)
{
    for (uint32_t i = 0; i < end; i++)
        if (trace->steps[i].op == op && !n--)
            return i;
    return UINT32_MAX;
}

static inline uint32_t count_steps(const struct hd_trace *trace, hd_actor_id actor, enum hd_op op,
                                   uint32_t end)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < end; i++)
        count += trace->steps[i].actor == actor && trace->steps[i].op == op;
    return count;
}

/* A callback's last step is a store, its only one. */
static inline void rcu_edges(struct order *order, const struct hd_trace *trace, hd_actor_id rcu,
                             uint32_t j)
{
    const struct hd_step *step = &trace->steps[j];
    bool serves = step->op == HD_OP_SERVE && step->actor == rcu;
    bool sees_grace = step->op == HD_OP_RCU_WAIT && !step->value;
    bool sees_callbacks = step->op == HD_OP_RCU_WAIT && step->value;

    for (uint32_t i = 0; i < j; i++) {
        const struct hd_step *earlier = &trace->steps[i];

        if ((serves || sees_grace) && earlier->op == HD_OP_RCU_UNLOCK && !earlier->value)
            add_edge(order, i, j);
        if (step->op == HD_OP_RCU_LOCK && earlier->op == HD_OP_RCU_WAIT && !earlier->value)
            add_edge(order, i, j);
        if (sees_callbacks && earlier->actor == rcu && earlier->op == HD_OP_STORE)
            add_edge(order, i, j);
    }
    if (serves) {
        uint32_t number = count_steps(trace, rcu, HD_OP_SERVE, j);

        add_edge(order, nth_step(trace, HD_OP_RCU_CALL, number, j), j);
    }
}

static inline bool races(const struct order *order, const struct hd_trace *trace, uint32_t i,
                         uint32_t j)
{
    const struct hd_step *a = &trace->steps[i], *b = &trace->steps[j];

    return a->actor != b->actor && is_access(a) && is_access(b) && in_common(a, b) &&
           (is_write(a) || is_write(b)) && (is_plain(a) || is_plain(b)) &&
           !comes_before(order, i, j);
}

static inline void order_of(const struct hd_trace *trace, hd_actor_id rcu, struct order *order)
{
    memset(order, 0, sizeof *order);
    for (uint32_t j = 0; j < trace->length; j++) {
        for (uint32_t i = 0; i < j; i++)
            if (trace->steps[i].actor == trace->steps[j].actor)
                add_edge(order, i, j);
        memory_edges(order, trace, rcu, j);
        rcu_edges(order, trace, rcu, j);
    }
}

/* The first step that races with an earlier one; the trace's length if none does. */
static inline uint32_t first_race(const struct hd_trace *trace, hd_actor_id rcu,
                                  struct order *order)
{
    assert_true(trace->length <= STEPS_MAX);
    order_of(trace, rcu, order);
    for (uint32_t j = 0; j < trace->length; j++)
        for (uint32_t i = 0; i < j; i++)
            if (races(order, trace, i, j))
                return j;
    return trace->length;
}

#endif
