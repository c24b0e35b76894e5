/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Hand-over: who runs, carried out.
 *
 * Every actor is a genuine pthread, created once and reused; so is the driver who calls the engine.
 * Each has a context.  Three backends carry out the same call:
 *
 *   thread  the pthread that gives up goes to sleep on its own context's futex, after waking the
 *           other's.
 *   fiber   the pthreads stay parked for ever, and the driver's kernel thread runs any of them by
 *           swapping the stack pointer and the thread pointer (FS base, TPIDR_EL0).  To user space
 * it *is* that pthread: its TLS, errno, pthread_self, sanitizer state.
 *
 *   light   as fiber, but the thread pointer stays: the actors share the driver's TLS.  Saves some
 *           15 ns a switch; no sanitizer would stand it.
 *
 * A pthread sleeps on a small stack of its own (the park stack), so that its ordinary stack lies
 * still and can be run by either backend; the backend may change while no actor runs.
 *
 * Nothing here is instrumented, and system calls are made without errno: a parked pthread shares
 * its TLS with whoever impersonates it.  No sanitizer sees an order in a hand-over.
 *
 * Not carried over: the floating-point control words, which are the same in all of them, and
 * whatever the kernel keeps a thread (signal mask, robust futexes, rseq).
 */
#ifndef HD_HANDOVER_H
#define HD_HANDOVER_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/switch.h"

#define HD_PARK_STACK_BYTES 16384

struct hd_actor;

struct hd_context {
    struct hd_actor *owner;       /* who runs on it */
    void *stack_pointer;          /* of the ordinary stack, while it isn't running */
    void *thread_pointer;         /* valid once adopted */
    void *park_pointer;           /* of the park stack, while that isn't running */
    struct hd_context *successor; /* to be woken by the park loop */
    uint32_t awake;               /* futex: 1, the pthread owning this may go on */
    uint32_t ready;               /* futex: 1, adopted and parked */
    unsigned char park_stack[HD_PARK_STACK_BYTES] __attribute__((aligned(64)));
};

/* Does this CPU and kernel let a program set its thread pointer? */
bool hd_handover_fiber_supported(void);

/* Called once by a new pthread on its own stack: parks it.  Returns when it is first handed over
 * to. */
void hd_context_park(struct hd_context *self);
/* For whoever created that pthread: waits until it is parked. */
void hd_context_wait_ready(struct hd_context *context);
/* Called by the driver before an execution: makes the calling thread the context's. */
void hd_context_adopt(struct hd_context *driver);

/* Goes on as `to`; returns when somebody hands over to `from`. */
static inline __attribute__((always_inline)) void hd_hand_over_fiber(struct hd_context *from,
                                                                     struct hd_context *to)
{
    hd_switch_fiber(&from->stack_pointer, to->stack_pointer, to->thread_pointer);
}
void hd_hand_over_thread(struct hd_context *from, struct hd_context *to);

/* Lets a parked pthread's own kernel thread go on, for good: it is about to end. */
void hd_context_resume_own(struct hd_context *context);

#endif
