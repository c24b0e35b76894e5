/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Time is virtual: nothing but sleeping takes any.  Who sleeps wakes in the order of the deadlines,
 * and never because time has passed: whoever can go on may be that slow.
 */
#include <errno.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "native/native.h"

#define SECOND UINT64_C(1000000000)
/* When an execution starts: 2023-11-14, and 1000 s after the machine did. */
#define START_REAL      UINT64_C(1700000000)
#define START_MONOTONIC UINT64_C(1000)

static uint64_t start_of(clockid_t clock)
{
    return (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ? START_REAL
                                                                       : START_MONOTONIC) *
           SECOND;
}

static struct timespec split(uint64_t nanoseconds)
{
    return (struct timespec){ .tv_sec = (time_t)(nanoseconds / SECOND),
                              .tv_nsec = (long)(nanoseconds % SECOND) };
}

static uint64_t joined(const struct timespec *time)
{
    return (uint64_t)time->tv_sec * SECOND + (uint64_t)time->tv_nsec;
}

static bool valid(const struct timespec *time)
{
    return time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < (long)SECOND;
}

HD_EXPORT int clock_gettime(clockid_t clock, struct timespec *now)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(clock_gettime)(clock, now);
    *now = split(start_of(clock) + hd_now_(hd_site_at(pc)));
    return 0;
}

HD_EXPORT int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);
    struct timespec time;

    if (!self)
        return HD_REAL(gettimeofday)(now, zone);
    time = split(start_of(CLOCK_REALTIME) + hd_now_(hd_site_at(pc)));
    *now = (struct timeval){ .tv_sec = time.tv_sec, .tv_usec = time.tv_nsec / 1000 };
    return 0;
}

HD_EXPORT time_t time(time_t *ret_now)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);
    time_t now;

    if (!self)
        return HD_REAL(time)(ret_now);
    now = (time_t)(START_REAL + hd_now_(hd_site_at(pc)) / SECOND);
    if (ret_now)
        *ret_now = now;
    return now;
}

HD_EXPORT int nanosleep(const struct timespec *span, struct timespec *left)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(nanosleep)(span, left);
    if (!valid(span)) {
        errno = EINVAL;
        return -1;
    }
    hd_sleep_(hd_site_at(pc), joined(span));
    return 0;
}

HD_EXPORT int clock_nanosleep(clockid_t clock, int flags, const struct timespec *span,
                              struct timespec *left)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);
    uint64_t wanted;

    if (!self)
        return HD_REAL(clock_nanosleep)(clock, flags, span, left);
    if (!valid(span))
        return EINVAL;
    wanted = joined(span);
    if (flags & TIMER_ABSTIME) {
        uint64_t now = start_of(clock) + self->engine->now;

        wanted = wanted > now ? wanted - now : 0;
    }
    hd_sleep_(hd_site_at(pc), wanted);
    return 0;
}

HD_EXPORT int usleep(useconds_t span)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(usleep)(span);
    hd_sleep_(hd_site_at(pc), (uint64_t)span * 1000);
    return 0;
}

HD_EXPORT unsigned sleep(unsigned seconds)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(sleep)(seconds);
    hd_sleep_(hd_site_at(pc), seconds * SECOND);
    return 0;
}
