/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who held what: the locks of a finished execution, worked out from its steps alone. */
#ifndef HD_WAITS_H
#define HD_WAITS_H

#include "heddle/trace.h"
#include "report/pool.h"

#define HD_STEP_NONE UINT32_MAX

/* A lock or read section that an actor has; object is HD_OBJECT_NONE for an RCU read section. */
struct hd_hold {
    hd_object_id object;
    hd_actor_id actor;
    bool shared;
    uint32_t since; /* the step that took it */
};

/* What stood in a step's way. */
struct hd_wait {
    bool waited;        /* it could not be carried out when its actor came to it */
    hd_actor_id holder; /* of what failed or waited; HD_ACTOR_NONE: nobody known */
    uint32_t since;     /* the holder's step, or HD_STEP_NONE */
};

struct hd_waits {
    struct hd_wait *steps; /* [i]: of step i */
    struct hd_hold *held;  /* at the end, in the order in which they were taken */
    uint32_t held_count;
};

/* Both arrays are the pool's.  False when out of memory. */
bool hd_waits_compute(struct hd_pool *pool, const struct hd_trace *trace,
                      struct hd_waits *ret_waits);

/*
 * The same, step by step: with an array of the trace's length in held, and held_count 0, apply()
 * carries out step `at`; what is held is then what was held after it.
 */
void hd_waits_apply(struct hd_waits *waits, const struct hd_trace *trace, uint32_t at);
/* The hold that keeps the step from taking its lock, an actor's own too; NULL for none. */
const struct hd_hold *hd_waits_obstacle(const struct hd_waits *waits, const struct hd_step *step);

/* Is it an attempt, which may fail instead of waiting? */
bool hd_op_tries(uint8_t op);
/* Does it take, or drop, a lock or an RCU read section, if it succeeds? */
bool hd_op_takes(uint8_t op);
bool hd_op_drops(uint8_t op);

#endif
