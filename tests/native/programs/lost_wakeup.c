/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: deadlock */
#include <pthread.h>
#include <stdatomic.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static atomic_int ready;

static void *tell(void *unused)
{
    ready = 1; /* not under the lock: the waiter may have looked, and not wait yet */
    pthread_cond_signal(&changed);
    return unused;
}

int main(void)
{
    pthread_t other;

    pthread_create(&other, NULL, tell, NULL);
    pthread_mutex_lock(&lock);
    while (!ready)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    pthread_join(other, NULL);
    return 0;
}
