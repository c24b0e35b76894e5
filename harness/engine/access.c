/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads, stores, atomic operations, bare steps. */
#include "engine/step.h"

/* Sanitizers must see none of this: in TSan's builds the file is not instrumented, and ASan's view
 * of the arena must not stop an execution whose memory oracle is switched off. */
#define HD_RAW __attribute__((no_sanitize("address")))

/* May alias: the object was declared with its own type, by the model. */
typedef uint16_t u16_alias __attribute__((may_alias));
typedef uint32_t u32_alias __attribute__((may_alias));
typedef uint64_t u64_alias __attribute__((may_alias));

HD_RAW static uint64_t raw_read(const volatile void *p, size_t bytes)
{
    switch (bytes) {
    case 1:
        return *(const volatile uint8_t *)p;
    case 2:
        return *(const volatile u16_alias *)p;
    case 4:
        return *(const volatile u32_alias *)p;
    default:
        HD_ASSERT(bytes == 8);
        return *(const volatile u64_alias *)p;
    }
}

HD_RAW static void raw_write(volatile void *p, size_t bytes, uint64_t value)
{
    switch (bytes) {
    case 1:
        *(volatile uint8_t *)p = (uint8_t)value;
        break;
    case 2:
        *(volatile u16_alias *)p = (uint16_t)value;
        break;
    case 4:
        *(volatile u32_alias *)p = (uint32_t)value;
        break;
    default:
        HD_ASSERT(bytes == 8);
        *(volatile u64_alias *)p = value;
    }
}

static uint64_t truncate_to(uint64_t value, size_t bytes)
{
    return value & UINT64_MAX >> (64 - 8 * bytes);
}

/* The operation and the width that HD_HEAD_ put together. */
static inline uint32_t head_op(uint32_t head)
{
    return head >> 8 & 0xff;
}

static inline size_t head_bytes(uint32_t head)
{
    return head >> 16;
}

uint64_t hd_access_read_(const struct hd_site *site, uint32_t head, const volatile void *p)
{
    struct hd_actor *self = hd_current;
    uint64_t value;

    hd_pend_head(self, site, head, p);
    hd_point(self);
    hd_touch(self);
    value = raw_read(p, head_bytes(head));
    hd_record(self, value, true);
    if (head_op(head) == HD_OP_ACQUIRE) /* before it is judged: it reads what was released */
        hd_edge_acquire(self, p);
    hd_watch_access(self);
    return value;
}

void hd_access_write_(const struct hd_site *site, uint32_t head, volatile void *p, uint64_t value)
{
    struct hd_actor *self = hd_current;

    hd_pend_head(self, site, head, p);
    hd_point(self);
    hd_touch(self);
    value = truncate_to(value, head_bytes(head));
    raw_write(p, head_bytes(head), value);
    hd_record(self, value, true);
    hd_watch_access(self);
    if (head_op(head) == HD_OP_RELEASE)
        hd_edge_store_release(self, p);
    else
        hd_edge_store(self, p);
}

static uint64_t rmw_result(enum hd_rmw kind, uint64_t before, uint64_t a)
{
    switch (kind) {
    case HD_RMW_ADD:
        return before + a;
    case HD_RMW_OR:
        return before | a;
    case HD_RMW_AND:
        return before & a;
    case HD_RMW_XCHG:
    case HD_RMW_CMPXCHG:
        break;
    }
    return a;
}

uint64_t hd_access_rmw_(const struct hd_site *site, uint32_t head, enum hd_rmw kind,
                        volatile void *p, uint64_t a, uint64_t b)
{
    struct hd_actor *self = hd_current;
    size_t bytes = head_bytes(head);
    uint64_t before, after;
    bool stores;

    hd_pend_head(self, site, head, p);
    hd_point(self);
    hd_touch(self);
    before = raw_read(p, bytes);
    stores = kind != HD_RMW_CMPXCHG || before == truncate_to(a, bytes);
    after = truncate_to(kind == HD_RMW_CMPXCHG ? b : rmw_result(kind, before, a), bytes);
    if (stores)
        raw_write(p, bytes, after);
    hd_record(self, stores ? after : before, stores);
    hd_edge_acquire(self, p);
    hd_watch_access(self);
    if (stores) /* a failed compare-and-exchange only reads */
        hd_edge_release(self, p);
    return before;
}

void hd_step_(const struct hd_site *site)
{
    struct hd_actor *self = hd_current;

    hd_pend_bare(self, site, HD_OP_STEP);
    hd_point(self);
    hd_record(self, 0, true);
}

void hd_yield_(const struct hd_site *site)
{
    struct hd_actor *self = hd_current;
    struct hd_engine *engine = self->engine;

    hd_pend_bare(self, site, HD_OP_YIELD);
    engine->enabled &= ~self->bit; /* see wake_yielding() */
    engine->yielding |= self->bit;
    self->wanted = ~self->bit;
    hd_point(self);
    hd_record(self, 0, true);
}
