/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The second pass: the end of the schedule, in halves.  What stands behind the failure was cut when
 * the case was tidied; more can go where the default, to go on, does the rest.
 */
#include "minimise/shrink.h"

bool hd_pass_tail(struct hd_shrink *shrink)
{
    for (uint32_t cut = shrink->best->segment_count; cut > 0; cut /= 2) {
        struct hd_case *candidate = hd_shrink_copy(shrink);

        if (candidate)
            candidate->segment_count -= cut;
        if (hd_shrink_try(shrink, candidate))
            return true;
        if (hd_shrink_is_over(shrink))
            return false;
    }
    return false;
}
