/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: assertion at main */
/* A ring of one producer and two consumers: the count is checked outside of the lock. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#define ITEMS 3

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int count, taken;

static void *produce(void *unused)
{
    for (int i = 0; i < ITEMS; i++) {
        pthread_mutex_lock(&lock);
        count++;
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

static void *consume(void *unused)
{
    for (int i = 0; i < ITEMS; i++)
        if (count > 0) {
            pthread_mutex_lock(&lock);
            count--;
            taken++;
            pthread_mutex_unlock(&lock);
        }
    return unused;
}

int main(void)
{
    pthread_t threads[3];

    pthread_create(&threads[0], NULL, produce, NULL);
    pthread_create(&threads[1], NULL, consume, NULL);
    pthread_create(&threads[2], NULL, consume, NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert(count >= 0);
    return 0;
}
