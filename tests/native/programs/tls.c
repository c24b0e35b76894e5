/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: holds */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>

static _Thread_local int own;

static void *use(void *argument)
{
    errno = own = argument ? 2 : 1;
    sched_yield();
    assert(own == (argument ? 2 : 1) && errno == own);
    return NULL;
}

int main(void)
{
    pthread_t other;

    pthread_create(&other, NULL, use, &own);
    use(NULL);
    pthread_join(other, NULL);
    return 0;
}
