/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interleaving coverage: which operations that conflict were seen in which order.  A part of
 * heddle.h, which includes it. */
#ifndef HD_HEDDLE_COVERAGE_H
#define HD_HEDDLE_COVERAGE_H

#include "heddle/heddle.h"

/*
 * A place is an operation where it stands in the source, by actors of one role.  Two places are a
 * pair if some execution had them conflict, in different actors; or if they touched the same
 * object, though never in one execution.
 */
struct hd_coverage;
/* To be released with hd_coverage_free(), which allows NULL.  HD_OK or HD_E_NOMEM. */
enum hd_error hd_coverage_create(struct hd_coverage **ret_coverage);
void hd_coverage_free(struct hd_coverage *coverage);

/* Looks at an execution.  All that one coverage sees are of one scenario and variant.  Costs
 * O(steps * places), allocates nothing. */
void hd_coverage_add(struct hd_coverage *coverage, const struct hd_engine *engine,
                     const struct hd_execution *execution);
/* Adds what the second has seen to the first. */
void hd_coverage_merge(struct hd_coverage *into, const struct hd_coverage *from);

struct hd_coverage_counts {
    uint64_t executions;
    uint32_t places;
    uint32_t both, one; /* pairs seen in both orders; in one only */
    uint32_t never;     /* that never met in one execution */
};
void hd_coverage_count(const struct hd_coverage *coverage, struct hd_coverage_counts *ret_counts);
/* As text: the counts, then each pair that was not seen in both orders.  As a picture: SVG, a
 * matrix of the places.  malloc()ed; NULL if out of memory. */
char *hd_coverage_text(const struct hd_coverage *coverage);
char *hd_coverage_svg(const struct hd_coverage *coverage);

#endif
