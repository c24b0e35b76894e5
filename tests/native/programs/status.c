/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: exit-status */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int first;

static void *go(void *unused)
{
    first = 1;
    return unused;
}

int main(void)
{
    pthread_t other;

    pthread_create(&other, NULL, go, NULL);
    if (first)
        exit(3);
    pthread_join(other, NULL);
    return 0;
}
