/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interleaving coverage of a corpus: HEDDLE_COVERAGE=PREFIX writes PREFIX.txt and PREFIX.svg when
 * the target ends.  It slows the target down: for corpora, not for searches. */
#ifndef HD_FUZZ_COVERAGE_H
#define HD_FUZZ_COVERAGE_H

#include "heddle/heddle.h"

/* Exits with status 2 if it is asked for, and cannot be. */
void fuzz_coverage_open(void);
/* Does nothing if it was not asked for. */
void fuzz_coverage_add(const struct hd_engine *engine, const struct hd_execution *execution);

#endif
