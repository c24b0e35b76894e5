/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tallies: what a stretch of a search found.  A result is the sum of its chunks' tallies. */
#ifndef HD_TALLY_H
#define HD_TALLY_H

#include "heddle/heddle.h"

/* Of scenario, variant, kind and site. */
uint64_t hd_fingerprint(const struct hd_setting *setting, const struct hd_verdict *verdict);

/*
 * Counts the number-th execution.  `wanted`: its violation is one that is searched for, and becomes
 * a finding (or one hit more of a known one).  HD_OK or HD_E_NOMEM.
 */
enum hd_error hd_tally_add(struct hd_explore_result *tally, const struct hd_engine *engine,
                           const struct hd_execution *execution, uint64_t number, bool wanted);

/* Adds a tally of later executions, and empties it: its cases change hands. */
void hd_tally_merge(struct hd_explore_result *into, struct hd_explore_result *from);

#endif
