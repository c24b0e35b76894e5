/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which executions are the same but for the order of steps that have nothing to do with each other?
 *
 * Source     Mazurkiewicz, "Trace theory", 1986: each step is hashed with the steps that it depends
 *            on directly; the sum of the hashes depends on nothing else.
 * Guarantee  equal classes have equal hashes; different ones do but for 2^-64 or so.
 * Departs    from depend.c where an operation concerns more than its object (RCU, the clock, a
 *            power loss): such steps are taken to be in the order they came, which may tell apart
 *            what is the same.
 * Cost       O(steps).
 */
#ifndef HD_CLASSES_H
#define HD_CLASSES_H

#include "heddle/trace.h"

/* Allocations told apart; beyond that some share, which may tell apart what is the same. */
#define HD_CLASS_OBJECTS 512

struct hd_class_scratch {
    uint64_t actor[HD_ACTORS_MAX];       /* the hash of each actor's latest step */
    uint64_t written[HD_CLASS_OBJECTS];  /* of each object's latest write */
    uint64_t read[HD_CLASS_OBJECTS];     /* the sum of the reads since */
};

/* Does the operation leave something that another actor's on the same object can tell?  Does it
 * tell what another has left? */
bool hd_step_writes(const struct hd_step *step);
bool hd_step_reads(const struct hd_step *step);

uint64_t hd_class_hash(const struct hd_trace *trace, struct hd_class_scratch *scratch);

#endif
