/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: assertion at main */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int skipped;

static void *try(void *unused)
{
    if (pthread_mutex_trylock(&lock))
        skipped = 1;
    else
        pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t other;

    pthread_create(&other, NULL, try, NULL);
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    pthread_join(other, NULL);
    assert(!skipped);
    return 0;
}
