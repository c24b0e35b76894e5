/* SPDX-License-Identifier: CC0-1.0 */
/* Two real threads.  It passed with the race, too: that is why there is a model. */
#include "ring.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>

enum { ITEMS = 100000 };

static void *push_all(void *argument)
{
    struct ring *ring = argument;

    for (uint32_t item = 1; item <= ITEMS; item++)
        while (!ring_push(ring, item))
            sched_yield();
    return NULL;
}

int main(void)
{
    static struct ring ring;
    pthread_t producer;
    uint32_t item = 0, wrong = 0;

    if (pthread_create(&producer, NULL, push_all, &ring))
        return 2;
    for (uint32_t expected = 1; expected <= ITEMS; expected++) {
        while (!ring_pop(&ring, &item))
            sched_yield();
        wrong += item != expected;
    }
    pthread_join(producer, NULL);
    printf("%d items, %u wrong\n", ITEMS, wrong);
    return wrong != 0;
}
