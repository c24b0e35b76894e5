/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: use-after-free at main */
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int *box;

static void *drop(void *unused)
{
    pthread_mutex_lock(&lock); /* so it is no data race */
    free(box);
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t other;

    box = calloc(1, sizeof *box);
    pthread_create(&other, NULL, drop, NULL);
    pthread_mutex_lock(&lock);
    *box = 1;
    pthread_mutex_unlock(&lock);
    pthread_join(other, NULL);
    return 0;
}
