/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: assertion at take */
/* A work-stealing queue whose owner does not look again before it takes the last item. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#define ITEMS 3

static atomic_int head, tail, taken[ITEMS];

static void take(int item)
{
    assert(atomic_fetch_add(&taken[item], 1) == 0); /* each item once */
}

static void *steal(void *unused)
{
    for (int tries = 0; tries < ITEMS; tries++) {
        int first = head;

        if (first < tail && atomic_compare_exchange_strong(&head, &first, first + 1))
            take(first);
    }
    return unused;
}

static void pop(void)
{
    int last = tail - 1;

    tail = last;
    if (head <= last)
        take(last); /* the last one may have been stolen since */
    else
        tail = last + 1;
}

int main(void)
{
    pthread_t thief;

    tail = ITEMS;
    pthread_create(&thief, NULL, steal, NULL);
    for (int i = 0; i < ITEMS; i++)
        pop();
    pthread_join(thief, NULL);
    return 0;
}
