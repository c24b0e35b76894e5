/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: data-race at increment */
#include <pthread.h>

static int counter;

static void *increment(void *unused)
{
    counter++;
    return unused;
}

int main(void)
{
    pthread_t other;

    pthread_create(&other, NULL, increment, NULL);
    increment(NULL);
    pthread_join(other, NULL);
    return 0;
}
