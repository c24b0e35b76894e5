/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Semaphores: the engine's completions, which count as well. */
#include <errno.h>
#include <limits.h>
#include <semaphore.h>

#include "native/native.h"

static_assert(sizeof(struct hd_completion) <= sizeof(sem_t), "a semaphore of ours fits");

static struct hd_completion *count_of(sem_t *semaphore)
{
    return (struct hd_completion *)(void *)semaphore;
}

HD_EXPORT int sem_init(sem_t *semaphore, int shared, unsigned value)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(sem_init)(semaphore, shared, value);
    if (value > SEM_VALUE_MAX) {
        errno = EINVAL;
        return -1;
    }
    hd_object_point(self, pc, HD_OP_WRITE, semaphore, sizeof(uint32_t));
    count_of(semaphore)->done = value;
    hd_record(self, value, true);
    return 0;
}

HD_EXPORT int sem_destroy(sem_t *semaphore)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(sem_destroy)(semaphore);
    hd_object_point(self, pc, HD_OP_WRITE, semaphore, sizeof(uint32_t));
    hd_record(self, 0, true);
    return 0;
}

HD_EXPORT int sem_post(sem_t *semaphore)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(sem_post)(semaphore);
    hd_complete_(hd_site_at(pc), count_of(semaphore), false);
    return 0;
}

HD_EXPORT int sem_wait(sem_t *semaphore)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(sem_wait)(semaphore);
    hd_await_(hd_site_at(pc), count_of(semaphore));
    return 0;
}

/* Takes one if there is one. */
static bool take(struct hd_actor *self, sem_t *semaphore)
{
    struct hd_completion *count = count_of(semaphore);
    bool taken;

    hd_touch(self);
    taken = count->done != 0;
    count->done -= taken;
    hd_record(self, count->done, taken);
    if (taken)
        hd_edge_acquire(self, semaphore);
    hd_reconsider(self->engine);
    return taken;
}

HD_EXPORT int sem_trywait(sem_t *semaphore)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(sem_trywait)(semaphore);
    hd_object_point(self, pc, HD_OP_TRYLOCK, semaphore, sizeof(uint32_t));
    if (take(self, semaphore))
        return 0;
    errno = EAGAIN;
    return -1;
}

static int take_in_time(struct hd_actor *self, sem_t *semaphore, const void *pc)
{
    hd_yield_(hd_site_at(pc)); /* it waits until everybody else has gone on */
    hd_object_point(self, pc, HD_OP_TRYLOCK, semaphore, sizeof(uint32_t));
    if (take(self, semaphore))
        return 0;
    errno = ETIMEDOUT;
    return -1;
}

HD_EXPORT int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    return self ? take_in_time(self, semaphore, pc) : HD_REAL(sem_timedwait)(semaphore, until);
}

HD_EXPORT int sem_getvalue(sem_t *restrict semaphore, int *restrict ret_value)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(sem_getvalue)(semaphore, ret_value);
    hd_object_point(self, pc, HD_OP_READ, semaphore, sizeof(uint32_t));
    *ret_value = (int)count_of(semaphore)->done;
    hd_record(self, count_of(semaphore)->done, true);
    return 0;
}
