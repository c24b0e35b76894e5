/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: assertion at read_both */
/* Two stages: the first value is published under one lock, the second under another. */
#include <assert.h>
#include <pthread.h>

#define WRITERS 20

static pthread_mutex_t first_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second_lock = PTHREAD_MUTEX_INITIALIZER;
static int first, second;

static void *write_both(void *unused)
{
    int value;

    pthread_mutex_lock(&first_lock);
    first = 1;
    pthread_mutex_unlock(&first_lock);
    pthread_mutex_lock(&first_lock);
    value = first;
    pthread_mutex_unlock(&first_lock);
    pthread_mutex_lock(&second_lock);
    second = value + 1;
    pthread_mutex_unlock(&second_lock);
    return unused;
}

static void *read_both(void *unused)
{
    int seen_first, seen_second;

    pthread_mutex_lock(&first_lock);
    seen_first = first;
    pthread_mutex_unlock(&first_lock);
    if (!seen_first)
        return unused;
    pthread_mutex_lock(&second_lock);
    seen_second = second;
    pthread_mutex_unlock(&second_lock);
    assert(seen_second == seen_first + 1);
    return unused;
}

int main(void)
{
    pthread_t writers[WRITERS], reader;

    for (int i = 0; i < WRITERS; i++)
        pthread_create(&writers[i], NULL, write_both, NULL);
    pthread_create(&reader, NULL, read_both, NULL);
    for (int i = 0; i < WRITERS; i++)
        pthread_join(writers[i], NULL);
    pthread_join(reader, NULL);
    return 0;
}
