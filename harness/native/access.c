/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Plain and volatile accesses.  The compiler calls us before each, and then reads or writes itself:
 * nobody else runs in between.
 *
 * Source     the ABI of ThreadSanitizer, as clang 14 and 19 and gcc 12 call it.
 * Departs    what a store has stored is known only when its actor comes here again: hd_settle().
 * Cost       one point an access; memory that nobody can share (thread-local storage, what the C
 *            library keeps) is none.
 */
#include "native/native.h"

/* The first bytes, as many as a step's value holds. */
static uint64_t value_at(const volatile void *p, size_t bytes)
{
    uint64_t value = 0;

    memcpy(&value, (const void *)(uintptr_t)p, bytes < sizeof value ? bytes : sizeof value);
    return value;
}

void hd_settle_late(struct hd_actor *self)
{
    struct hd_engine *engine = self->engine;
    struct hd_step *step = &engine->steps[self->late];

    step->value = hd_arena_value(&engine->arena, value_at(self->address, step->bytes));
    self->late = UINT32_MAX;
}

static void read(struct hd_actor *self, const void *p, size_t bytes)
{
    uint64_t value;

    hd_point(self);
    hd_touch(self);
    value = value_at(p, bytes);
    hd_record(self, value, true);
    hd_spin_after(self, value);
    hd_watch_access(self);
}

static void written(struct hd_actor *self, const void *p)
{
    hd_point(self);
    hd_touch(self);
    hd_record(self, 0, true);
    if (!hd_on_own_stack(self, p)) /* gcc keeps there what it has just read */
        hd_spin_forget(self);
    hd_watch_access(self);
    hd_edge_store(self, p);
    self->late = self->engine->length - 1;
}

void hd_program_access(void *p, enum hd_op op, size_t bytes, const void *pc)
{
    struct hd_actor *self = hd_runner();

    if (!self)
        return;
    hd_settle(self);
    if (!hd_pend_program(self, pc, hd_head(op, bytes), p))
        return;
    if (op != HD_OP_STORE && op != HD_OP_WRITE && hd_spins(self)) {
        hd_yield_(hd_site_at(pc));
        hd_pend_program(self, pc, hd_head(op, bytes), p);
    }
    if (op == HD_OP_LOAD || op == HD_OP_READ)
        read(self, p, bytes);
    else
        written(self, p);
}

#define ACCESS(name, op, bytes)                                                                    \
    HD_EXPORT void name(void *p);                                                                  \
    HD_EXPORT void name(void *p)                                                                   \
    {                                                                                              \
        hd_program_access(p, op, bytes, HD_CALLER());                                              \
    }
/* A read and a write of which the compiler tells at once. */
#define BOTH(name, load, store, bytes)                                                             \
    HD_EXPORT void name(void *p);                                                                  \
    HD_EXPORT void name(void *p)                                                                   \
    {                                                                                              \
        hd_program_access(p, load, bytes, HD_CALLER());                                            \
        hd_program_access(p, store, bytes, HD_CALLER());                                           \
    }
#define WIDTH(bytes)                                                                               \
    ACCESS(__tsan_read##bytes, HD_OP_LOAD, bytes)                                                  \
    ACCESS(__tsan_write##bytes, HD_OP_STORE, bytes)                                                \
    ACCESS(__tsan_volatile_read##bytes, HD_OP_READ, bytes)                                         \
    ACCESS(__tsan_volatile_write##bytes, HD_OP_WRITE, bytes)                                       \
    BOTH(__tsan_read_write##bytes, HD_OP_LOAD, HD_OP_STORE, bytes)
#define UNALIGNED(bytes)                                                                           \
    ACCESS(__tsan_unaligned_read##bytes, HD_OP_LOAD, bytes)                                        \
    ACCESS(__tsan_unaligned_write##bytes, HD_OP_STORE, bytes)                                      \
    ACCESS(__tsan_unaligned_volatile_read##bytes, HD_OP_READ, bytes)                               \
    ACCESS(__tsan_unaligned_volatile_write##bytes, HD_OP_WRITE, bytes)                             \
    BOTH(__tsan_unaligned_read_write##bytes, HD_OP_LOAD, HD_OP_STORE, bytes)

/* clang-format off */
WIDTH(1) WIDTH(2) WIDTH(4) WIDTH(8) WIDTH(16)
UNALIGNED(1) UNALIGNED(2) UNALIGNED(4) UNALIGNED(8) UNALIGNED(16)
ACCESS(__tsan_vptr_read, HD_OP_LOAD, 8)
/* clang-format on */

HD_EXPORT void __tsan_vptr_update(void **p, void *value);
HD_EXPORT void __tsan_vptr_update(void **p, void *value)
{
    if (*p != value) /* a constructor of a base class that leaves it as it was writes nothing */
        hd_program_access(p, HD_OP_STORE, sizeof *p, HD_CALLER());
}

HD_EXPORT void __tsan_init(void);
HD_EXPORT void __tsan_init(void)
{
}
