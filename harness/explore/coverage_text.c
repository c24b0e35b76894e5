/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interleaving coverage in words: what was not seen, for that is what one looks for. */
#include <inttypes.h>

#include "base/buf.h"
#include "explore/coverage.h"
#include "report/story.h"

static void add_place(struct hd_buf *buf, const char *lead, const struct hd_spot *place)
{
    hd_buf_addf(buf, "%s%s: %s, in %s() (%s:%" PRIu32 ")\n", lead, place->role, place->site->what,
                place->site->function, hd_site_file(place->site), place->site->line);
}

/* All pairs of which a comes first in the list, or in the one order that was seen. */
static void add_pairs(struct hd_buf *buf, const struct hd_coverage *coverage,
                      const uint16_t *order, bool never)
{
    for (uint32_t i = 0; i < coverage->place_count; i++) {
        bool told = false;

        for (uint32_t j = never ? i + 1 : 0; j < coverage->place_count; j++) {
            enum hd_pair pair = hd_coverage_pair(coverage, order[i], order[j]);

            if (pair != (never ? HD_PAIR_NEVER : HD_PAIR_FORWARD))
                continue;
            if (!told)
                add_place(buf, "  ", &coverage->places[order[i]]);
            told = true;
            add_place(buf, never ? "    and " : "    before ", &coverage->places[order[j]]);
        }
    }
}

char *hd_coverage_text(const struct hd_coverage *coverage)
{
    struct hd_coverage_counts counts;
    uint16_t order[HD_SPOTS_MAX];
    struct hd_buf buf = { 0 };

    hd_coverage_count(coverage, &counts);
    hd_coverage_sort(coverage, order);
    hd_buf_addf(&buf, "%s/%s, %" PRIu64 " executions: %" PRIu32 " places, %" PRIu32
                " conflicting pairs\n",
                coverage->scenario ? coverage->scenario->name : "nothing",
                coverage->scenario ? coverage->scenario->variants[coverage->variant].name : "-",
                counts.executions, counts.places, counts.both + counts.one + counts.never);
    hd_buf_addf(&buf, "%8" PRIu32 " seen in both orders\n", counts.both);
    hd_buf_addf(&buf, "%8" PRIu32 " seen in one order only\n", counts.one);
    hd_buf_addf(&buf, "%8" PRIu32 " that touched the same object, but never in one execution\n",
                counts.never);
    if (coverage->full)
        hd_buf_addf(&buf, "Places beyond the first %d are left out.\n", HD_SPOTS_MAX);
    if (counts.one)
        hd_buf_addf(&buf, "\nSeen in one order only:\n");
    add_pairs(&buf, coverage, order, false);
    if (counts.never)
        hd_buf_addf(&buf, "\nNever in one execution:\n");
    add_pairs(&buf, coverage, order, true);
    return hd_buf_take(&buf);
}
