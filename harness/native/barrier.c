/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Barriers, and what runs once.  Who arrives at a barrier prepares to wait, or wakes the others if
 * it is the last; those who leave it don't meet each other any more.
 */
#include <errno.h>

#include "native/native.h"

struct barrier {
    uint32_t generation, arrived, wanted;
};
static_assert(sizeof(struct barrier) <= sizeof(pthread_barrier_t), "a barrier of ours fits");

static struct barrier *barrier_of(pthread_barrier_t *barrier)
{
    return (struct barrier *)(void *)barrier;
}

HD_EXPORT int pthread_barrier_init(pthread_barrier_t *barrier,
                                   const pthread_barrierattr_t *attributes, unsigned count)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(pthread_barrier_init)(barrier, attributes, count);
    if (count == 0)
        return EINVAL;
    hd_object_point(self, pc, HD_OP_WRITE, barrier, sizeof(uint32_t));
    *barrier_of(barrier) = (struct barrier){ .wanted = count };
    hd_record(self, count, true);
    return 0;
}

HD_EXPORT int pthread_barrier_destroy(pthread_barrier_t *barrier)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(pthread_barrier_destroy)(barrier);
    hd_object_point(self, pc, HD_OP_WRITE, barrier, sizeof(uint32_t));
    hd_record(self, 0, true);
    return 0;
}

static bool is_open(const struct hd_actor *self)
{
    const struct barrier *barrier = (const struct barrier *)(uintptr_t)self->address;

    return barrier->generation != (uint32_t)self->wanted;
}

static int meet(struct hd_actor *self, struct barrier *barrier, const void *pc)
{
    uint32_t generation;
    bool last;

    hd_object_point(self, pc, HD_OP_PREPARE, barrier, sizeof(uint32_t));
    generation = barrier->generation;
    last = ++barrier->arrived == barrier->wanted;
    if (last) {
        barrier->arrived = 0;
        barrier->generation++;
        hd_set_pending(self->view, self->id, hd_head(HD_OP_WAKE, sizeof(uint32_t)),
                       self->view->pending.object);
        hd_edge_acquire(self, barrier);
    }
    hd_record(self, barrier->arrived, true);
    hd_edge_release(self, barrier);
    hd_reconsider(self->engine);
    if (last)
        return PTHREAD_BARRIER_SERIAL_THREAD;
    self->wanted = generation;
    hd_object_wait(self, pc, HD_OP_PASS, barrier, sizeof(uint32_t), is_open);
    hd_record(self, barrier->generation, true);
    hd_edge_acquire(self, barrier);
    return 0;
}

HD_EXPORT int pthread_barrier_wait(pthread_barrier_t *barrier)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    return self ? meet(self, barrier_of(barrier), pc) : HD_REAL(pthread_barrier_wait)(barrier);
}

/* ---- Once: a lock that whoever takes it first holds while it calls ------------------------- */

enum { FIRST, RUNNING, DONE };

static bool is_not_running(const struct hd_actor *self)
{
    return *(const int *)(uintptr_t)self->address != RUNNING;
}

static void once(struct hd_actor *self, pthread_once_t *state, void (*function)(void),
                 const void *pc)
{
    hd_object_wait(self, pc, HD_OP_LOCK, state, sizeof *state, is_not_running);
    if (*state == DONE) /* it was no lock but a look */
        hd_set_pending(self->view, self->id, hd_head(HD_OP_ACQUIRE, sizeof *state),
                       self->view->pending.object);
    hd_record(self, (uint64_t)*state, true);
    hd_edge_acquire(self, state);
    if (*state == DONE)
        return;
    *state = RUNNING;
    hd_reconsider(self->engine);
    function();
    hd_settle(self);
    hd_object_point(self, pc, HD_OP_UNLOCK, state, sizeof *state);
    *state = DONE;
    hd_edge_release(self, state);
    hd_record(self, DONE, true);
    hd_reconsider(self->engine);
}

HD_EXPORT int pthread_once(pthread_once_t *state, void (*function)(void))
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(pthread_once)(state, function);
    once(self, state, function, pc);
    return 0;
}
