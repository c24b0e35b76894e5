/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the case of a finding goes. */
#ifndef HD_EXPLORE_PATH_H
#define HD_EXPLORE_PATH_H

#include "heddle/heddle.h"

/*
 * DIRECTORY/SCENARIO-VARIANT-KIND-FINGERPRINT and the suffix; a directory "." is not named.
 * verdict: "KIND at SITE".  malloc()ed; NULL if out of memory.
 */
char *hd_finding_path(const char *directory, const struct hd_setting *setting, const char *verdict,
                      uint64_t fingerprint, const char *suffix);

#endif
