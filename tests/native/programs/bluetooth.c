/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: assertion at request */
/* A driver's reference count: a request that has seen the device running may take its reference
 * after the stop has gone through. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int pending = 1, stopping, stop_event, stopped;

static void leave(void)
{
    if (atomic_fetch_sub(&pending, 1) == 1)
        stop_event = 1;
}

static void *request(void *unused)
{
    if (stopping)
        return unused;
    atomic_fetch_add(&pending, 1);
    assert(!stopped);
    leave();
    return unused;
}

static void stop_device(void)
{
    stopping = 1;
    leave();
    if (stop_event)
        stopped = 1;
}

int main(void)
{
    pthread_t other;

    pthread_create(&other, NULL, request, NULL);
    stop_device();
    pthread_join(other, NULL);
    return 0;
}
