/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A plan carried out in a machine, and what was seen. */
#ifndef HD_KERNEL_REPLAY_H
#define HD_KERNEL_REPLAY_H

#include "kernel/console.h"
#include "kernel/machine.h"
#include "kernel/plan.h"

/* One step's end. */
struct hd_seen_step {
    bool tried;   /* false: the replay was over before */
    bool carried; /* it ended as the segment says */
    struct hd_guest_wait wait;
    char page[64]; /* the watched page's flags then; "" if it couldn't be looked at */
    char disk[16]; /* its block: "old", "new", "mixed", or "" */
};

struct hd_seen {
    struct hd_seen_step steps[HD_PLAN_STEPS_MAX];
    char page_before[64];
    char page_after[64];  /* when everybody has ended; "" if somebody hasn't */
    bool oopsed;
    struct hd_oops oops;
    char oops_in[64];     /* "the follow-up workload", "the replay" */
    bool all_ended;       /* every actor came to its end, or died */
    char stuck[1200];     /* unless: who, and in what */
    char damage[200];     /* what the follow-up found wrong; "" for nothing */
    char stack[1024];     /* of what in it never ended; "" if everything did */
    bool followed;        /* the follow-up ran */
    char setup[400];      /* the set-up failed, so nothing was replayed: why; "" if it didn't */
};

/* The first of "old|new" that this kernel has and can be held at; HD_E_UNSUPPORTED if none. */
enum hd_error hd_replay_find(struct hd_machine *machine, const char *functions, char *ret_function,
                             size_t bytes, struct hd_diag *diag);
/* Carries it out.  An error is the machine's: it is gone, or doesn't answer, and that it isn't for
 * an oops, which is an observation. */
enum hd_error hd_replay_carry_out(struct hd_machine *machine, const struct hd_plan *plan,
                                  struct hd_seen *ret_seen, struct hd_diag *diag);

#endif
