/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cases from files of either kind: case files, and what a fuzz target left behind. */
#ifndef HD_CLI_LOAD_H
#define HD_CLI_LOAD_H

#include "heddle/heddle.h"

/* What the fuzz targets search when nothing else is said; the environment variable
 * HEDDLE_SCENARIO, theirs as well, changes it. */
#define HD_FUZZ_SCENARIO "gfs2-jdata-write/old"

/*
 * Loads a case.  A file that does not begin as a case file does is taken for a raw fuzz artifact if
 * a scenario was named for it, or if it is called as fuzzers call theirs (crash-..., id:...).
 * scenario: "SCENARIO/VARIANT" of a raw artifact, or NULL for the environment's or the default.
 *
 * The case of an artifact expects nothing, so its verdict decides, and has no text.  On success
 * *ret_case is to be released with hd_case_free().
 */
enum hd_error hd_cli_load(const char *path, const char *scenario, struct hd_case **ret_case,
                          struct hd_diag *diag);
/* The same for a file that is known to be raw; this case expects what was recorded. */
enum hd_error hd_cli_load_raw(const char *path, const char *scenario, struct hd_case **ret_case,
                              struct hd_diag *diag);

#endif
