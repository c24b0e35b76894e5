/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: deadlock */
#include <pthread.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void both(pthread_mutex_t *first, pthread_mutex_t *second)
{
    pthread_mutex_lock(first);
    pthread_mutex_lock(second);
    pthread_mutex_unlock(second);
    pthread_mutex_unlock(first);
}

static void *backwards(void *unused)
{
    both(&b, &a);
    return unused;
}

int main(void)
{
    pthread_t other;

    pthread_create(&other, NULL, backwards, NULL);
    both(&a, &b);
    pthread_join(other, NULL);
    return 0;
}
