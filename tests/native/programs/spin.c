/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: holds */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static atomic_int ready;
static char from[300], to[300];

static void *publish(void *unused)
{
    memset(from, 7, sizeof from);
    ready = 1;
    return unused;
}

int main(void)
{
    pthread_t other;

    pthread_create(&other, NULL, publish, NULL);
    printf("nobody wants to read this a thousand times\n");
    while (!ready)
        ;
    memcpy(to, from, sizeof to);
    assert(to[sizeof to - 1] == 7);
    pthread_join(other, NULL);
    return 0;
}
