/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: livelock at main */
#include <pthread.h>
#include <stdatomic.h>

static atomic_int ready;

static void *flicker(void *unused)
{
    ready = 1;
    ready = 0; /* who has not looked by now waits for ever */
    return unused;
}

int main(void)
{
    pthread_t other;

    pthread_create(&other, NULL, flicker, NULL);
    while (!ready)
        ;
    pthread_join(other, NULL);
    return 0;
}
