/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Readers-writer locks: the engine's, in the memory of theirs.  Readers are not kept waiting by a
 * writer that waits, as is the C library's default. */
#include <errno.h>

#include "native/native.h"

static_assert(sizeof(struct hd_rwsem) <= sizeof(pthread_rwlock_t), "a lock of ours fits");

static struct hd_rwsem *lock_of(pthread_rwlock_t *lock)
{
    return (struct hd_rwsem *)(void *)lock;
}

static bool is_writer(const struct hd_actor *self, pthread_rwlock_t *lock)
{
    return lock_of(lock)->writer == (uint32_t)self->id + 1;
}

HD_EXPORT int pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attributes)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(pthread_rwlock_init)(lock, attributes);
    hd_object_point(self, pc, HD_OP_WRITE, lock, 8);
    memset(lock, 0, sizeof *lock);
    hd_record(self, 0, true);
    return 0;
}

HD_EXPORT int pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(pthread_rwlock_destroy)(lock);
    hd_object_point(self, pc, HD_OP_WRITE, lock, 8);
    hd_record(self, 0, true);
    return lock_of(lock)->writer || lock_of(lock)->readers ? EBUSY : 0;
}

HD_EXPORT int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(pthread_rwlock_rdlock)(lock);
    hd_check_held(self, pc);
    hd_down_read_(hd_site_at(pc), lock_of(lock));
    return 0;
}

HD_EXPORT int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(pthread_rwlock_wrlock)(lock);
    hd_check_held(self, pc);
    hd_down_write_(hd_site_at(pc), lock_of(lock));
    return 0;
}

HD_EXPORT int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(pthread_rwlock_tryrdlock)(lock);
    hd_check_held(self, pc);
    return hd_down_read_trylock_(hd_site_at(pc), lock_of(lock)) ? 0 : EBUSY;
}

HD_EXPORT int pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(pthread_rwlock_trywrlock)(lock);
    hd_check_held(self, pc);
    return hd_down_write_trylock_(hd_site_at(pc), lock_of(lock)) ? 0 : EBUSY;
}

HD_EXPORT int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(pthread_rwlock_unlock)(lock);
    if (is_writer(self, lock))
        hd_up_write_(hd_site_at(pc), lock_of(lock));
    else
        hd_up_read_(hd_site_at(pc), lock_of(lock));
    return 0;
}
