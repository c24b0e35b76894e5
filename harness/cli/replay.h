/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* heddle replay, in two parts: its command line with the walk over files, and the judgement. */
#ifndef HD_CLI_REPLAY_H
#define HD_CLI_REPLAY_H

#include "cli/exit.h"
#include "cli/run.h"
#include "heddle/heddle.h"

struct hd_judgement {
    enum hd_exit status;
    bool stale;    /* as expected but for the digest, which is another or missing */
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

#endif
