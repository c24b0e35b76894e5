/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: assertion at check */
/* Reorder: 3 setters write a and then b, and a checker must not see one without the other. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#define SETTERS 3

static atomic_int a, b;

static void *set(void *unused)
{
    a = 1;
    b = -1;
    return unused;
}

static void *check(void *unused)
{
    int seen_a = a, seen_b = b;

    assert((seen_a == 0 && seen_b == 0) || (seen_a == 1 && seen_b == -1));
    return unused;
}

int main(void)
{
    pthread_t setters[SETTERS], checker;

    for (int i = 0; i < SETTERS; i++)
        pthread_create(&setters[i], NULL, set, NULL);
    pthread_create(&checker, NULL, check, NULL);
    for (int i = 0; i < SETTERS; i++)
        pthread_join(setters[i], NULL);
    pthread_join(checker, NULL);
    return 0;
}
