/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mutexes and spin locks.  A mutex's first word is who holds it, as the engine's locks have it; the
 * second counts a recursive one; its kind stays where the C library's initialisers put it.
 */
#include <errno.h>

#include "native/native.h"

struct mutex {
    uint32_t held, count, unused[2];
    int kind;
};
static_assert(sizeof(struct mutex) <= sizeof(pthread_mutex_t), "a mutex of ours fits into theirs");

#define KIND_MASK   3 /* PTHREAD_MUTEX_TIMED_NP .. PTHREAD_MUTEX_ADAPTIVE_NP */
#define KIND_ROBUST 16

static struct mutex *mutex_of(pthread_mutex_t *mutex)
{
    return (struct mutex *)(void *)mutex;
}

static bool is_kind(const struct mutex *mutex, int kind)
{
    return (mutex->kind & KIND_MASK) == kind;
}

static bool holds(const struct hd_actor *self, const struct mutex *mutex)
{
    return mutex->held == (uint32_t)self->id + 1;
}

void hd_check_held(struct hd_actor *self, const void *pc)
{
    if (self->held_count == HD_HELD_MAX)
        hd_unsupported(self, "a thread that holds more than 32 locks", pc);
}

/* 0: to be taken; else what a lock or trylock of a mutex that is already held by the caller says,
 * EALREADY where that is success. */
static int relock(struct hd_actor *self, struct mutex *mutex, bool try)
{
    if (!holds(self, mutex))
        return 0;
    if (is_kind(mutex, PTHREAD_MUTEX_RECURSIVE)) {
        mutex->count++;
        return EALREADY;
    }
    if (is_kind(mutex, PTHREAD_MUTEX_ERRORCHECK) && !try)
        return EDEADLK;
    return 0;
}

int hd_mutex_take(struct hd_actor *self, pthread_mutex_t *theirs, const void *pc)
{
    struct mutex *mutex = mutex_of(theirs);
    int already;

    hd_check_held(self, pc);
    hd_pend_head(self, hd_site_at(pc), hd_head(HD_OP_LOCK, sizeof mutex->held), theirs);
    hd_touch(self);
    already = relock(self, mutex, false);
    if (already)
        return already == EALREADY ? 0 : already;
    hd_lock_(hd_site_at(pc), &mutex->held);
    return 0;
}

int hd_mutex_drop(struct hd_actor *self, pthread_mutex_t *theirs, const void *pc)
{
    struct mutex *mutex = mutex_of(theirs);

    hd_pend_head(self, hd_site_at(pc), hd_head(HD_OP_UNLOCK, sizeof mutex->held), theirs);
    hd_touch(self);
    if (!holds(self, mutex) && (is_kind(mutex, PTHREAD_MUTEX_ERRORCHECK) ||
                                is_kind(mutex, PTHREAD_MUTEX_RECURSIVE)))
        return EPERM;
    if (mutex->count) {
        mutex->count--;
        return 0;
    }
    hd_unlock_(hd_site_at(pc), &mutex->held, true);
    return 0;
}

HD_EXPORT int pthread_mutex_init(pthread_mutex_t *theirs, const pthread_mutexattr_t *attributes)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);
    int failed;

    if (!self)
        return HD_REAL(pthread_mutex_init)(theirs, attributes);
    hd_object_point(self, pc, HD_OP_WRITE, theirs, sizeof(uint32_t));
    failed = HD_REAL(pthread_mutex_init)(theirs, attributes);
    if (!failed && (mutex_of(theirs)->kind & KIND_ROBUST))
        hd_unsupported(self, "a robust mutex", pc);
    hd_record(self, 0, true);
    return failed;
}

HD_EXPORT int pthread_mutex_destroy(pthread_mutex_t *theirs)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(pthread_mutex_destroy)(theirs);
    hd_object_point(self, pc, HD_OP_WRITE, theirs, sizeof(uint32_t));
    hd_record(self, mutex_of(theirs)->held, true);
    return mutex_of(theirs)->held ? EBUSY : 0;
}

HD_EXPORT int pthread_mutex_lock(pthread_mutex_t *theirs)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    return self ? hd_mutex_take(self, theirs, pc) : HD_REAL(pthread_mutex_lock)(theirs);
}

static int try_lock(struct hd_actor *self, pthread_mutex_t *theirs, const void *pc)
{
    struct mutex *mutex = mutex_of(theirs);

    hd_check_held(self, pc);
    hd_pend_head(self, hd_site_at(pc), hd_head(HD_OP_TRYLOCK, sizeof mutex->held), theirs);
    hd_touch(self);
    if (relock(self, mutex, true))
        return 0;
    if (hd_spins(self))
        hd_yield_(hd_site_at(pc));
    if (hd_trylock_(hd_site_at(pc), &mutex->held)) {
        hd_spin_forget(self);
        return 0;
    }
    hd_spin_after(self, mutex->held);
    return EBUSY;
}

HD_EXPORT int pthread_mutex_trylock(pthread_mutex_t *theirs)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    return self ? try_lock(self, theirs, pc) : HD_REAL(pthread_mutex_trylock)(theirs);
}

HD_EXPORT int pthread_mutex_unlock(pthread_mutex_t *theirs)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    return self ? hd_mutex_drop(self, theirs, pc) : HD_REAL(pthread_mutex_unlock)(theirs);
}

HD_EXPORT int pthread_mutex_timedlock(pthread_mutex_t *theirs, const struct timespec *until)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(pthread_mutex_timedlock)(theirs, until);
    hd_yield_(hd_site_at(pc)); /* it waits until everybody else has gone on */
    return try_lock(self, theirs, pc) ? ETIMEDOUT : 0;
}

/* ---- Spin locks: theirs is one int, and its value while unlocked is up to us ----------------- */

static uint32_t *spin_word(pthread_spinlock_t *lock)
{
    return (uint32_t *)(uintptr_t)lock;
}

HD_EXPORT int pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(pthread_spin_init)(lock, shared);
    hd_object_point(self, pc, HD_OP_WRITE, lock, sizeof *lock);
    *spin_word(lock) = 0;
    hd_record(self, 0, true);
    return 0;
}

HD_EXPORT int pthread_spin_destroy(pthread_spinlock_t *lock)
{
    (void)lock;
    return 0;
}

HD_EXPORT int pthread_spin_lock(pthread_spinlock_t *lock)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(pthread_spin_lock)(lock);
    hd_check_held(self, pc);
    hd_lock_(hd_site_at(pc), spin_word(lock));
    return 0;
}

HD_EXPORT int pthread_spin_trylock(pthread_spinlock_t *lock)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(pthread_spin_trylock)(lock);
    hd_check_held(self, pc);
    return hd_trylock_(hd_site_at(pc), spin_word(lock)) ? 0 : EBUSY;
}

HD_EXPORT int pthread_spin_unlock(pthread_spinlock_t *lock)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(pthread_spin_unlock)(lock);
    hd_unlock_(hd_site_at(pc), spin_word(lock), true);
    return 0;
}
