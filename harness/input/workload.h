/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the case file needs of workloads beyond heddle.h. */
#ifndef HD_WORKLOAD_H
#define HD_WORKLOAD_H

#include "input/names.h"

/*
 * Every key a workload can have has a number: parameters first, then faults, then two for each
 * role.  HD_KEY_NAMED stands for `workload=NAME`, which is never written.
 */
enum {
    HD_KEY_PARAM = 0,                        /* + index */
    HD_KEY_FAULT = HD_KEY_PARAM + HD_PARAMS_MAX,
    HD_KEY_ROLE = HD_KEY_FAULT + HD_FAULTS_MAX, /* + 2 * index: on or off; and one more: .after */
    HD_KEY_NAMED = HD_KEY_ROLE + 2 * HD_ROLES_MAX,
    HD_KEY_COUNT
};

bool hd_key_exists(const struct hd_scenario *scenario, unsigned number);
bool hd_key_is_after(unsigned number);

#define HD_KEY_BYTES (HD_NAME_BYTES + 8)
/* The key exists. */
void hd_key_name(const struct hd_scenario *scenario, unsigned number, char name[HD_KEY_BYTES]);

/* A start condition as it is written: "none", a mark, or "ROLE.end". */
void hd_after_format(const struct hd_scenario *scenario, unsigned after, char text[HD_KEY_BYTES]);
/* The next that the scenario has, HD_AFTER_NONE being the first; past the last mark come the roles,
 * and past the last role the caller must stop. */
unsigned hd_after_next(const struct hd_scenario *scenario, unsigned after);

#define HD_FAULT_WORDS 3
extern const char *const hd_fault_words[HD_FAULT_WORDS]; /* by enum hd_fault_mode */

struct hd_key_text {
    char key[HD_KEY_BYTES], value[HD_KEY_BYTES];
};
/* How a key and its value are written; false if the scenario has no such key. */
bool hd_workload_key(const struct hd_scenario *scenario, const struct hd_workload *workload,
                     unsigned number, struct hd_key_text *ret_text);

/*
 * Sets one "KEY=VALUE".  seen has a bit for each key set so far; a key may not come twice, and
 * `workload=NAME` only before all others.  On failure *wrong_at is the byte of the word that is
 * to blame, and nothing else has changed.
 */
enum hd_error hd_workload_assign(const struct hd_scenario *scenario, struct hd_workload *workload,
                                 struct hd_word assignment, uint64_t *seen, size_t *wrong_at,
                                 struct hd_diag *diag);
/* What only the whole can tell: no role may wait for its own end by way of others. */
enum hd_error hd_workload_check(const struct hd_scenario *scenario,
                                const struct hd_workload *workload, struct hd_diag *diag);

#endif
