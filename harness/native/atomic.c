/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Atomic operations.  Executions are sequentially consistent, whatever the memory order; the order
 * decides what happens before what, and so what is a data race.
 *
 * Source     C11 5.1.2.4, 7.17.3; the ABI of ThreadSanitizer.
 * Departs    in a program that calls fences, relaxed loads acquire and relaxed stores release: what
 *            a fence would have made of them can only be more, so a race may go unseen there, and
 *            none is made up.
 */
#include <stdatomic.h>

#include "native/native.h"

static bool acquires(int order)
{
    order &= 0xff; /* gcc puts hints above */
    return order != memory_order_relaxed && order != memory_order_release;
}

static bool releases(int order)
{
    order &= 0xff;
    return order == memory_order_release || order == memory_order_acq_rel ||
           order == memory_order_seq_cst;
}

/* To be carried out on p?  Else nobody shares it, or nobody runs. */
static struct hd_actor *begin(const volatile void *p, enum hd_op op, size_t bytes, const void *pc)
{
    struct hd_actor *self = hd_runner();

    if (!self)
        return NULL;
    hd_settle(self);
    if (!hd_pend_program(self, pc, hd_head(op, bytes), p))
        return NULL;
    if (op != HD_OP_WRITE && op != HD_OP_RELEASE && hd_spins(self)) {
        hd_yield_(hd_site_at(pc));
        hd_pend_program(self, pc, hd_head(op, bytes), p);
    }
    hd_point(self);
    hd_touch(self);
    return self;
}

static void loaded(struct hd_actor *self, const volatile void *p, uint64_t value, int order)
{
    if (!self)
        return;
    hd_record(self, value, true);
    hd_spin_after(self, value);
    if (acquires(order) || hd_program.fences)
        hd_edge_acquire(self, p);
    hd_watch_access(self);
}

static void stored(struct hd_actor *self, const volatile void *p, uint64_t value, int order)
{
    if (!self)
        return;
    hd_record(self, value, true);
    hd_spin_forget(self);
    hd_watch_access(self);
    if (releases(order) || hd_program.fences)
        hd_edge_store_release(self, p);
    else
        hd_edge_store(self, p);
}

static void updated(struct hd_actor *self, const volatile void *p, uint64_t before, uint64_t value,
                    bool stores, int order)
{
    if (!self)
        return;
    hd_record(self, value, stores);
    if (stores && value != before)
        hd_spin_forget(self);
    else
        hd_spin_after(self, value);
    if (acquires(order) || hd_program.fences)
        hd_edge_acquire(self, p);
    hd_watch_access(self);
    if (stores && (releases(order) || hd_program.fences))
        hd_edge_release(self, p);
}

static enum hd_op load_op(int order)
{
    return acquires(order) ? HD_OP_ACQUIRE : HD_OP_READ;
}

static enum hd_op store_op(int order)
{
    return releases(order) ? HD_OP_RELEASE : HD_OP_WRITE;
}

#define FETCH(bits, type, name, result)                                                            \
    HD_EXPORT type __tsan_atomic##bits##_##name(volatile type *p, type value, int order);          \
    HD_EXPORT type __tsan_atomic##bits##_##name(volatile type *p, type value, int order)           \
    {                                                                                              \
        struct hd_actor *self = begin(p, HD_OP_RMW, sizeof *p, HD_CALLER());                       \
        type before = *p;                                                                          \
                                                                                                   \
        *p = (type)(result);                                                                       \
        updated(self, p, (uint64_t)before, (uint64_t)*p, true, order);                             \
        return before;                                                                             \
    }

#define COMPARE(bits, type, name)                                                                  \
    HD_EXPORT int __tsan_atomic##bits##_compare_exchange_##name(                                   \
        volatile type *p, type *expected, type value, int order, int failed_order);                \
    HD_EXPORT int __tsan_atomic##bits##_compare_exchange_##name(                                   \
        volatile type *p, type *expected, type value, int order, int failed_order)                 \
    {                                                                                              \
        struct hd_actor *self = begin(p, HD_OP_RMW, sizeof *p, HD_CALLER());                       \
        type before = *p;                                                                          \
        bool stores = before == *expected;                                                         \
                                                                                                   \
        if (stores)                                                                                \
            *p = value;                                                                            \
        else                                                                                       \
            *expected = before;                                                                    \
        updated(self, p, (uint64_t)before, (uint64_t)*p, stores,                                   \
                stores ? order : failed_order);                                                    \
        return stores;                                                                             \
    }

#define WIDTH(bits, type)                                                                          \
    HD_EXPORT type __tsan_atomic##bits##_load(const volatile type *p, int order);                  \
    HD_EXPORT type __tsan_atomic##bits##_load(const volatile type *p, int order)                   \
    {                                                                                              \
        struct hd_actor *self = begin(p, load_op(order), sizeof *p, HD_CALLER());                  \
        type value = *p;                                                                           \
                                                                                                   \
        loaded(self, p, (uint64_t)value, order);                                                   \
        return value;                                                                              \
    }                                                                                              \
    HD_EXPORT void __tsan_atomic##bits##_store(volatile type *p, type value, int order);           \
    HD_EXPORT void __tsan_atomic##bits##_store(volatile type *p, type value, int order)            \
    {                                                                                              \
        struct hd_actor *self = begin(p, store_op(order), sizeof *p, HD_CALLER());                 \
                                                                                                   \
        *p = value;                                                                                \
        stored(self, p, (uint64_t)value, order);                                                   \
    }                                                                                              \
    FETCH(bits, type, exchange, value)                                                             \
    FETCH(bits, type, fetch_add, before + value)                                                   \
    FETCH(bits, type, fetch_sub, before - value)                                                   \
    FETCH(bits, type, fetch_and, before &value)                                                    \
    FETCH(bits, type, fetch_or, before | value)                                                    \
    FETCH(bits, type, fetch_xor, before ^ value)                                                   \
    FETCH(bits, type, fetch_nand, ~(before & value))                                               \
    COMPARE(bits, type, strong)                                                                    \
    COMPARE(bits, type, weak)                                                                      \
    HD_EXPORT type __tsan_atomic##bits##_compare_exchange_val(                                     \
        volatile type *p, type expected, type value, int order, int failed_order);                 \
    HD_EXPORT type __tsan_atomic##bits##_compare_exchange_val(                                     \
        volatile type *p, type expected, type value, int order, int failed_order)                  \
    {                                                                                              \
        struct hd_actor *self = begin(p, HD_OP_RMW, sizeof *p, HD_CALLER());                       \
        type before = *p;                                                                          \
        bool stores = before == expected;                                                          \
                                                                                                   \
        if (stores)                                                                                \
            *p = value;                                                                            \
        updated(self, p, (uint64_t)before, (uint64_t)*p, stores,                                   \
                stores ? order : failed_order);                                                    \
        return before;                                                                             \
    }

/* clang-format off */
WIDTH(8, uint8_t)
WIDTH(16, uint16_t)
WIDTH(32, uint32_t)
WIDTH(64, uint64_t)
__extension__ typedef unsigned __int128 hd_u128;
WIDTH(128, hd_u128)
/* clang-format on */

HD_EXPORT void __tsan_atomic_thread_fence(int order);
HD_EXPORT void __tsan_atomic_thread_fence(int order)
{
    struct hd_actor *self = hd_runner();

    (void)order;
    if (self)
        hd_settle(self);
}

HD_EXPORT void __tsan_atomic_signal_fence(int order);
HD_EXPORT void __tsan_atomic_signal_fence(int order)
{
    (void)order;
}
