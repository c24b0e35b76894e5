/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Condition variables.  A wait is four steps: prepare, unlock, wait, lock.  That prepare and unlock
 * are two makes no difference: between them the waiter holds the mutex, and a signal that comes
 * there is one that came after both.
 *
 * A signal lets any one go on of those who wait at that time, whoever is scheduled first: POSIX
 * says "at least one", in no order.  Signalling orders nothing by itself; the mutex does.
 */
#include <errno.h>

#include "native/native.h"

struct cond {
    hd_actor_set waiting;  /* have prepared, and not gone on */
    hd_actor_set eligible; /* waited when somebody signalled */
    uint32_t permits;      /* how many of these may go on */
};
static_assert(sizeof(struct cond) <= sizeof(pthread_cond_t), "a condition of ours fits");

static struct cond *cond_of(pthread_cond_t *cond)
{
    return (struct cond *)(void *)cond;
}

static uint32_t count(hd_actor_set set)
{
    return (uint32_t)__builtin_popcountll(set);
}

static bool may_go(const struct hd_actor *self)
{
    const struct cond *cond = (const struct cond *)(uintptr_t)self->address;

    return cond->permits && (cond->eligible & self->bit);
}

static void leave(struct cond *cond, hd_actor_set bit)
{
    cond->waiting &= ~bit;
    cond->eligible &= ~bit;
    if (!cond->permits)
        cond->eligible = 0;
}

static void prepare(struct hd_actor *self, struct cond *cond, const void *pc)
{
    hd_object_point(self, pc, HD_OP_PREPARE, cond, sizeof(uint32_t));
    cond->waiting |= self->bit;
    hd_record(self, count(cond->waiting), true);
}

/* 0, or ETIMEDOUT.  A timed wait ends without a signal only when everybody else who can has gone
 * on: see hd_yield_(). */
static int wait_for_signal(struct hd_actor *self, struct cond *cond, bool timed, const void *pc)
{
    struct hd_engine *engine = self->engine;
    bool signalled;

    if (timed) {
        hd_yield_(hd_site_at(pc));
        hd_object_point(self, pc, HD_OP_WAIT, cond, sizeof(uint32_t));
    } else {
        hd_object_wait(self, pc, HD_OP_WAIT, cond, sizeof(uint32_t), may_go);
    }
    signalled = may_go(self);
    cond->permits -= signalled;
    leave(cond, self->bit);
    if (cond->permits > count(cond->waiting))
        cond->permits = count(cond->waiting);
    hd_record(self, cond->permits, signalled);
    hd_reconsider_at(engine, cond);
    return signalled ? 0 : ETIMEDOUT;
}

static int wait_on(struct hd_actor *self, pthread_cond_t *theirs, pthread_mutex_t *mutex,
                   bool timed, const void *pc)
{
    struct cond *cond = cond_of(theirs);
    int failed, result;

    prepare(self, cond, pc);
    failed = hd_mutex_drop(self, mutex, pc);
    if (failed) {
        leave(cond, self->bit);
        return failed;
    }
    result = wait_for_signal(self, cond, timed, pc);
    failed = hd_mutex_take(self, mutex, pc);
    return failed ? failed : result;
}

HD_EXPORT int pthread_cond_init(pthread_cond_t *theirs, const pthread_condattr_t *attributes)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(pthread_cond_init)(theirs, attributes);
    hd_object_point(self, pc, HD_OP_WRITE, theirs, sizeof(uint32_t));
    *cond_of(theirs) = (struct cond){ 0 };
    hd_record(self, 0, true);
    return 0;
}

HD_EXPORT int pthread_cond_destroy(pthread_cond_t *theirs)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(pthread_cond_destroy)(theirs);
    hd_object_point(self, pc, HD_OP_WRITE, theirs, sizeof(uint32_t));
    hd_record(self, 0, true);
    return cond_of(theirs)->waiting ? EBUSY : 0;
}

HD_EXPORT int pthread_cond_wait(pthread_cond_t *theirs, pthread_mutex_t *mutex)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    return self ? wait_on(self, theirs, mutex, false, pc)
                : HD_REAL(pthread_cond_wait)(theirs, mutex);
}

HD_EXPORT int pthread_cond_timedwait(pthread_cond_t *theirs, pthread_mutex_t *mutex,
                                     const struct timespec *until)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    return self ? wait_on(self, theirs, mutex, true, pc)
                : HD_REAL(pthread_cond_timedwait)(theirs, mutex, until);
}

static int wake(struct hd_actor *self, pthread_cond_t *theirs, bool all, const void *pc)
{
    struct cond *cond = cond_of(theirs);

    hd_object_point(self, pc, HD_OP_WAKE, cond, sizeof(uint32_t));
    if (all)
        cond->permits = count(cond->waiting);
    else if (cond->permits < count(cond->waiting))
        cond->permits++;
    cond->eligible |= cond->waiting;
    hd_record(self, cond->permits, true);
    hd_reconsider_at(self->engine, cond);
    return 0;
}

HD_EXPORT int pthread_cond_signal(pthread_cond_t *theirs)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    return self ? wake(self, theirs, false, pc) : HD_REAL(pthread_cond_signal)(theirs);
}

HD_EXPORT int pthread_cond_broadcast(pthread_cond_t *theirs)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    return self ? wake(self, theirs, true, pc) : HD_REAL(pthread_cond_broadcast)(theirs);
}
