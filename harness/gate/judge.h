/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A replayed case, held to what it expects. */
#ifndef HD_JUDGE_H
#define HD_JUDGE_H

#include "gate/run.h"
#include "heddle/heddle.h"

enum hd_judged {
    HD_AS_EXPECTED,
    HD_WRONG,    /* a violation where none was expected */
    HD_DIVERGED, /* another verdict, or a segment that was not carried out */
    HD_STALE,    /* the verdict is as expected, the digest another */
};

struct hd_judgement {
    enum hd_judged judged;
    bool stale;               /* as expected but for the digest, which is another or missing */
    char text[HD_DIAG_BYTES]; /* a line for the user; "" when all is as the case expects */
};

/*
 * Holds a run to what the case expects of its variant.  In the case's own variant the replay is
 * exact: verdict and digest must match, or, without a digest, every segment be carried out.  In
 * another variant a digest that the case has must match too, but segments may fail.  Without an
 * expectation the verdict itself decides.
 */
void hd_replay_judge(const struct hd_case *the_case, const struct hd_run *run,
                     struct hd_judgement *ret_judgement);

/*
 * The first segment that was to end at a landmark to which its actor never came, then or later; its
 * index, or UINT32_MAX if all did.  That a variant holds is then no evidence: the place that the
 * case is about was not looked at.  An actor that was made to wait in front of it comes there
 * later.
 */
uint32_t hd_replay_vacuous(const struct hd_case *the_case, const struct hd_run *run);

#endif
