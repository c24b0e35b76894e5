/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: holds */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define THREADS 3

static pthread_barrier_t barrier;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_spinlock_t spinlock;
static pthread_key_t key;
static sem_t done;
static int once_called, arrived, left;

static void first(void)
{
    once_called++;
    pthread_key_create(&key, free);
}

/* Everything of pthread.h that has a predicate of its own, once. */
static void *run(void *number)
{
    pthread_once(&once, first);
    pthread_setspecific(key, malloc(1)); /* freed by its destructor */
    pthread_rwlock_wrlock(&rwlock);
    arrived++;
    pthread_rwlock_unlock(&rwlock);
    pthread_barrier_wait(&barrier);
    pthread_rwlock_rdlock(&rwlock);
    assert(arrived == THREADS);
    pthread_rwlock_unlock(&rwlock);
    usleep(10);
    pthread_spin_lock(&spinlock);
    left++;
    pthread_spin_unlock(&spinlock);
    sem_post(&done);
    pthread_exit(number);
}

int main(void)
{
    pthread_t threads[THREADS];
    struct timespec before, after;

    clock_gettime(CLOCK_MONOTONIC, &before);
    pthread_spin_init(&spinlock, 0);
    pthread_barrier_init(&barrier, NULL, THREADS);
    sem_init(&done, 0, 0);
    for (long i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, run, (void *)i);
    for (int i = 0; i < THREADS; i++)
        sem_wait(&done);
    assert(left == THREADS);
    for (long i = 0; i < THREADS; i++) {
        void *result;

        pthread_join(threads[i], &result);
        assert(result == (void *)i);
    }
    assert(once_called == 1);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert(after.tv_nsec > before.tv_nsec && after.tv_nsec - before.tv_nsec <= THREADS * 10000);
    return 0;
}
