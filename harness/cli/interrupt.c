/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/interrupt.h"

#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#include "cli/exit.h"

/* Ends the thread; nobody else in this program sends it. */
#define QUIT_SIGNAL SIGUSR2

/*
 * One wish may arrive as several signals: a terminal or timeout(1) sends to the process and to its
 * group.  So what follows a signal within this time is the same wish.
 */
#define ECHO_NS 200000000

/* The next signal that is a wish of its own. */
static int next_wish(const sigset_t *signals, bool after_another)
{
    const struct timespec echo = { .tv_nsec = ECHO_NS };
    int number;

    while (after_another && (number = sigtimedwait(signals, NULL, &echo)) > 0)
        if (number == QUIT_SIGNAL)
            return number;
    do
        number = sigwaitinfo(signals, NULL);
    while (number < 0); /* only EINTR, by a debugger */
    return number;
}

static void *watch(void *argument)
{
    struct hd_interrupt *interrupt = argument;

    if (next_wish(&interrupt->signals, false) == QUIT_SIGNAL)
        return NULL;
    atomic_store(&interrupt->stop, true);
    if (next_wish(&interrupt->signals, true) == QUIT_SIGNAL)
        return NULL;
    _exit(HD_EXIT_INTERRUPTED);
}

int hd_interrupt_begin(struct hd_interrupt *interrupt)
{
    int failure;

    atomic_init(&interrupt->stop, false);
    sigemptyset(&interrupt->signals);
    sigaddset(&interrupt->signals, SIGINT);
    sigaddset(&interrupt->signals, SIGTERM);
    sigaddset(&interrupt->signals, QUIT_SIGNAL);
    failure = pthread_sigmask(SIG_BLOCK, &interrupt->signals, &interrupt->before);
    if (failure)
        return failure;
    failure = pthread_create(&interrupt->thread, NULL, watch, interrupt);
    if (failure)
        pthread_sigmask(SIG_SETMASK, &interrupt->before, NULL);
    return failure;
}

void hd_interrupt_end(struct hd_interrupt *interrupt)
{
    pthread_kill(interrupt->thread, QUIT_SIGNAL);
    pthread_join(interrupt->thread, NULL);
    pthread_sigmask(SIG_SETMASK, &interrupt->before, NULL);
}
