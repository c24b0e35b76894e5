/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: deadlock */
/* 3 philosophers, each of whom takes the fork on the left first. */
#include <pthread.h>

#define SEATS 3

static pthread_mutex_t forks[SEATS];

static void *dine(void *seat)
{
    long left = (long)seat, right = (left + 1) % SEATS;

    pthread_mutex_lock(&forks[left]);
    pthread_mutex_lock(&forks[right]);
    pthread_mutex_unlock(&forks[right]);
    pthread_mutex_unlock(&forks[left]);
    return NULL;
}

int main(void)
{
    pthread_t threads[SEATS];

    for (int i = 0; i < SEATS; i++)
        pthread_mutex_init(&forks[i], NULL);
    for (long i = 0; i < SEATS; i++)
        pthread_create(&threads[i], NULL, dine, (void *)i);
    for (int i = 0; i < SEATS; i++)
        pthread_join(threads[i], NULL);
    return 0;
}
