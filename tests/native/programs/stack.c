/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: data-race at  */
#include <pthread.h>

static void *set(void *shared)
{
    *(int *)shared = 1;
    return NULL;
}

int main(void)
{
    pthread_t other;
    int local = 0;

    pthread_create(&other, NULL, set, &local);
    local = 2;
    pthread_join(other, NULL);
    return local == 3;
}
