/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: deadlock */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t again, checked, plain = PTHREAD_MUTEX_INITIALIZER;

static void init(pthread_mutex_t *mutex, int kind)
{
    pthread_mutexattr_t attributes;

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, kind);
    pthread_mutex_init(mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

int main(void)
{
    init(&again, PTHREAD_MUTEX_RECURSIVE);
    init(&checked, PTHREAD_MUTEX_ERRORCHECK);
    if (pthread_mutex_lock(&again) || pthread_mutex_lock(&again) ||
        pthread_mutex_unlock(&again) || pthread_mutex_unlock(&again) ||
        pthread_mutex_unlock(&again) != EPERM || pthread_mutex_lock(&checked) ||
        pthread_mutex_lock(&checked) != EDEADLK)
        abort();
    pthread_mutex_lock(&plain);
    pthread_mutex_lock(&plain);
    return 0;
}
