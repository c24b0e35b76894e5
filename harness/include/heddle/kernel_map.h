/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How a scenario's cases are carried to a real kernel: declared beside the model, read by
 * `heddle kernel`.  Each list ends with an entry whose first member is NULL.
 *
 * The map says nothing about schedules.  A segment `run A until L` becomes: let the process that
 * stands for A go on until it enters the function that stands for L.  So a landmark can be carried
 * over only if a function's entry stands for it, in a context that may sleep.
 */
#ifndef HD_KERNEL_MAP_H
#define HD_KERNEL_MAP_H

/* Which variant a kernel is: the first whose function it has. */
struct hd_kernel_variant {
    const char *variant;
    const char *has;   /* a function that only these kernels have */
    const char *since; /* for people: which releases those are */
};

/* What an actor does in the guest. */
struct hd_kernel_actor {
    const char *role;
    const char *when; /* only if the workload has this "key=value"; NULL: always */
    /* "OPERATION POS LEN", one of harness/kernel/guest/operations.c; {key} stands for the value of
     * that workload key.  NULL: the guest does it together with the segment of `after`, which must
     * be the one before; the note says why. */
    const char *operation;
    const char *note;
    const char *after; /* a role */
};

struct hd_kernel_landmark {
    const char *landmark;
    const char *functions; /* "old|new": the first that the kernel has; NULL: not to be held */
    const char *note;      /* of functions NULL: why */
};

/* Where to see a kind of violation.  A kind may have several; one is enough. */
struct hd_kernel_symptom {
    const char *kind;
    const char *console;  /* this is in the line of the oops; NULL: not looked at */
    const char *function; /* and it happened in this function; NULL: in any */
    /* The watched block holds this ("new", "old") while an actor is held; NULL: not looked at. */
    const char *disk;
    /* What comes after the replay never ends, asleep in this function; NULL: not looked at. */
    const char *stuck;
};

/* Asleep in this function, with this state of the watched page: that is a lock, not slowness. */
struct hd_kernel_wait {
    const char *function;
    const char *page; /* "locked=1"; NULL: any */
    const char *what; /* "the folio lock" */
};

struct hd_kernel_map {
    const char *file;     /* in the guest, one page of '0' before a replay */
    const char *device;   /* what it lies on */
    const char *check;    /* a shell command after a replay that survived; 0: nothing is damaged */
    const char *workload; /* "key=value ...": what the guest's file is like; a case must agree.
                           * A value may be {key} */
    const char *written;  /* "POS LEN" of it that is 'A' afterwards, {key} as above; NULL: none */
    /* The writer is stopped at this function, "old|new", before its copy, and the source of the
     * copy is taken out of its page tables: for cases in which nothing is copied.  Or NULL. */
    const char *vanish;
    const struct hd_kernel_variant *variants;
    const struct hd_kernel_actor *actors;
    const struct hd_kernel_landmark *landmarks;
    const struct hd_kernel_symptom *symptoms;
    const struct hd_kernel_wait *waits;
};

#endif
