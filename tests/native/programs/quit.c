/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: holds */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *hold(void *unused)
{
    pthread_mutex_lock(&lock);
    return unused;
}

/* A process may end while others run, hold locks and wait for ever. */
int main(void)
{
    pthread_t one, two;

    pthread_create(&one, NULL, hold, NULL);
    pthread_create(&two, NULL, hold, NULL);
    pthread_detach(one);
    return 0;
}
