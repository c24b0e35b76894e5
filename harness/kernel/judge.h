/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was seen, held to what the model says. */
#ifndef HD_KERNEL_JUDGE_H
#define HD_KERNEL_JUDGE_H

#include "kernel/replay.h"

/* The model's word on the same case, in the variant that this kernel is. */
struct hd_model_says {
    bool holds;
    char kind[HD_NAME_BYTES]; /* unless it holds */
    char verdict[2 * HD_NAME_BYTES + 8]; /* in words */
    bool carried[HD_PLAN_STEPS_MAX]; /* [i]: the segment of the plan's step i was carried out */
};

enum hd_agreement {
    HD_AGREES,
    HD_DISAGREES,
    HD_UNDECIDED, /* something was seen for which there is no proof either way */
    HD_NOT_SET_UP,
};

struct hd_conclusion {
    enum hd_agreement agreement;
    char what[700]; /* what the kernel did, a sentence */
};

void hd_kernel_judge(const struct hd_plan *plan, const struct hd_seen *seen,
                     const struct hd_model_says *model, struct hd_conclusion *ret_conclusion);
/* The lock that the step's actor sleeps on, as far as that is proved: its stack is in a function
 * of the map's, the page is in that state, and everybody ended once all were let go.  NULL: no
 * proof. */
const char *hd_kernel_proof(const struct hd_plan *plan, const struct hd_seen *seen, uint32_t step);

#endif
