/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: segmentation-fault at descend */
#include <pthread.h>
#include <stddef.h>

static volatile int end = 1000000;

static int descend(int level)
{
    volatile char room[1000];

    room[0] = (char)level;
    return level < end ? descend(level + 1) + room[0] : 0;
}

static void *run(void *unused)
{
    descend(0);
    return unused;
}

int main(void)
{
    pthread_t other;

    pthread_create(&other, NULL, run, NULL);
    pthread_join(other, NULL);
    return 0;
}
