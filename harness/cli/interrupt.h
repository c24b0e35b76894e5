/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ctrl-C: the first asks for a clean end, the second ends at once. */
#ifndef HD_CLI_INTERRUPT_H
#define HD_CLI_INTERRUPT_H

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

/*
 * Between begin and end, SIGINT and SIGTERM are blocked in the calling thread and all it creates,
 * and read by a thread of their own: an actor's stack is no place for a handler.
 */
struct hd_interrupt {
    atomic_bool stop; /* becomes true at the first signal */
    pthread_t thread;
    sigset_t signals, before;
};

/* 0, or an errno. */
int hd_interrupt_begin(struct hd_interrupt *interrupt);
void hd_interrupt_end(struct hd_interrupt *interrupt);

#endif
