/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cases, compared field by field: all that a file says, and nothing of how it says it. */
#ifndef TEST_INPUT_COMPARE_H
#define TEST_INPUT_COMPARE_H

#include <string.h>

#include "heddle/heddle.h"

static inline bool same_segment(const struct hd_segment *a, const struct hd_segment *b)
{
    return a->until == b->until && a->role == b->role && a->instance == b->instance &&
           a->landmark == b->landmark && a->op == b->op && a->nth == b->nth &&
           a->count == b->count && a->index == b->index && strcmp(a->name, b->name) == 0;
}

static inline bool same_expect(const struct hd_expect *a, const struct hd_expect *b)
{
    return a->variant == b->variant && a->holds == b->holds && strcmp(a->kind, b->kind) == 0 &&
           strcmp(a->site, b->site) == 0;
}

static inline bool same_case(const struct hd_case *a, const struct hd_case *b)
{
    if (a->setting.scenario != b->setting.scenario || a->setting.variant != b->setting.variant ||
        memcmp(&a->setting.workload, &b->setting.workload, sizeof a->setting.workload) != 0 ||
        a->segment_count != b->segment_count || a->expect_count != b->expect_count)
        return false;
    for (uint32_t i = 0; i < a->segment_count; i++)
        if (!same_segment(&a->segments[i], &b->segments[i]))
            return false;
    for (uint32_t i = 0; i < a->expect_count; i++)
        if (!same_expect(&a->expects[i], &b->expects[i]))
            return false;
    for (unsigned i = 0; i < HD_VARIANTS_MAX; i++)
        if (a->has_digest[i] != b->has_digest[i] || a->digest[i] != b->digest[i])
            return false;
    return true;
}

#endif
