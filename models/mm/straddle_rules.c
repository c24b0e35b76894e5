/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules of mm/straddle_rules.h.  No sum here overflows: a size is at most 2^62 and a unit at
 * most 2^30, so rounding up stays below 2^63.
 */
#include "mm/straddle_rules.h"

#include "kernel/truncate.h"

/* ---- What is needed -------------------------------------------------------------------------- */

static bool is_unit(uint64_t bytes)
{
    return bytes && bytes <= STRADDLE_UNIT_MAX && !(bytes & (bytes - 1));
}

bool straddle_is_valid(const struct straddle_vector *vector)
{
    return is_unit(vector->block) && is_unit(vector->page) && is_unit(vector->folio) &&
           vector->folio >= vector->page && vector->old_size <= STRADDLE_SIZE_MAX &&
           vector->to <= STRADDLE_SIZE_MAX;
}

static uint64_t page_of_end(const struct straddle_vector *vector)
{
    return vector->old_size / vector->page;
}

bool straddle_need(const struct straddle_vector *vector)
{
    return isize_extension_needs_fault(vector->old_size, vector->to, vector->block, vector->page,
                                       vector->truncate);
}

bool straddle_need_slowly(const struct straddle_vector *vector)
{
    uint64_t start = page_of_end(vector) * vector->page, end = start + vector->page;

    if (vector->old_size == start)
        return false; /* the page lay beyond the end: nobody could map it */
    for (uint64_t block = start; block < end; block += vector->block) {
        bool was_inside = block < vector->old_size, is_inside = block < vector->to;
        bool written = vector->to >= block && vector->to - block < vector->block;

        if (is_inside && !was_inside && (vector->truncate || !written))
            return true;
    }
    return false;
}

/* ---- The rules ------------------------------------------------------------------------------- */

static const struct straddle_pages nothing = { 0, 0 };

static struct straddle_pages folio_around(const struct straddle_vector *vector, uint64_t byte)
{
    return (struct straddle_pages){
        .first = size_round_down(byte, vector->folio) / vector->page,
        .count = vector->folio / vector->page,
    };
}

static struct straddle_pages kernel(const struct straddle_vector *vector)
{
    if (!isize_extension_exposes(vector->old_size, vector->to, vector->block, vector->page))
        return nothing;
    return folio_around(vector, vector->old_size);
}

bool folio_may_straddle_isize(uint64_t old_size, uint64_t start, uint64_t block)
{
    return size_round_up(old_size, block) < size_round_down(start, block);
}

static struct straddle_pages posted(const struct straddle_vector *vector)
{
    if (!folio_may_straddle_isize(vector->old_size, vector->to, vector->block))
        return nothing;
    return folio_around(vector, vector->to);
}

static struct straddle_pages posted_at_end(const struct straddle_vector *vector)
{
    if (!folio_may_straddle_isize(vector->old_size, vector->to, vector->block))
        return nothing;
    return folio_around(vector, vector->old_size);
}

static struct straddle_pages oracle(const struct straddle_vector *vector)
{
    return straddle_need(vector) ? folio_around(vector, vector->old_size) : nothing;
}

const struct straddle_rule straddle_rules[] = {
    { "kernel", "pagecache_isize_extended(), Linux 6.1 and 6.12: the folio of the old end",
      kernel },
    { "posted", "folio_may_straddle_isize() as posted in 2022: the folio under write", posted },
    { "posted-at-end", "the posted condition, but for the folio of the old end", posted_at_end },
    { "oracle", "what is needed and no more: the folio of the old end", oracle },
};
const size_t straddle_rule_count = sizeof straddle_rules / sizeof *straddle_rules;

/* ---- Comparing ------------------------------------------------------------------------------- */

bool straddle_protects_end(const struct straddle_rule *rule, const struct straddle_vector *vector)
{
    struct straddle_pages pages = rule->protects(vector);
    uint64_t page = page_of_end(vector);

    return page >= pages.first && page - pages.first < pages.count;
}

static bool is_smaller(const struct straddle_vector *a, const struct straddle_vector *b)
{
    return a->to != b->to ? a->to < b->to : a->old_size < b->old_size;
}

bool straddle_count(const struct straddle_rule *rule, const struct straddle_vector *vector,
                    struct straddle_tally *tally)
{
    bool needed = straddle_need(vector);
    bool missed = needed && !straddle_protects_end(rule, vector);

    tally->cases++;
    tally->needed += needed;
    tally->needless += !needed && rule->protects(vector).count != 0;
    if (missed && (!tally->missed++ || is_smaller(vector, &tally->smallest)))
        tally->smallest = *vector;
    return missed;
}
