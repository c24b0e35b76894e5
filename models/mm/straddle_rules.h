/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules for the page that straddles the old end of a file, as arithmetic: no state, no model.
 *
 * A file grows from old_size to at least `to`, with blocks smaller than a page.  The last page of
 * the old file may be mapped writable, and page_mkwrite() has prepared its blocks up to old_size
 * only.  If blocks of that page that lie behind now come before the new end, somebody must make the
 * page read-only, so that the next store faults and gets its block, or its error.
 *
 * A write and a truncation differ by one block: the one that the write begins in is made by the
 * write itself.
 */
#ifndef MM_STRADDLE_RULES_H
#define MM_STRADDLE_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STRADDLE_SIZE_MAX (UINT64_C(1) << 62) /* of a file, bytes */
#define STRADDLE_UNIT_MAX (UINT64_C(1) << 30) /* of a block, page or folio, bytes */

/* Units are powers of two, 1 .. STRADDLE_UNIT_MAX; folio is at least page. */
struct straddle_vector {
    uint64_t old_size; /* 0 .. STRADDLE_SIZE_MAX */
    uint64_t to;       /* where the write begins, or the size to truncate to; likewise */
    uint64_t block, page, folio;
    bool truncate;
};

/* What a rule makes read-only: `count` pages from page `first`; 0: nothing. */
struct straddle_pages {
    uint64_t first, count;
};

struct straddle_rule {
    const char *name;
    const char *summary;
    struct straddle_pages (*protects)(const struct straddle_vector *vector);
};

/* The one list of rules. */
extern const struct straddle_rule straddle_rules[];
extern const size_t straddle_rule_count;

bool straddle_is_valid(const struct straddle_vector *vector);

/* Must the page of the old end be protected?  In closed form, and by looking at each block of that
 * page; two ways to one answer, so that neither has to be believed.  The second takes time
 * proportional to page / block. */
bool straddle_need(const struct straddle_vector *vector);
bool straddle_need_slowly(const struct straddle_vector *vector);
/* Does the rule protect the page of the old end? */
bool straddle_protects_end(const struct straddle_rule *rule, const struct straddle_vector *vector);

/* What became of many cases. */
struct straddle_tally {
    uint64_t cases, needed;
    uint64_t missed;   /* needed, and the page of the old end stays as it is */
    uint64_t needless; /* not needed, and some page is protected */
    struct straddle_vector smallest; /* missed: the smallest `to`, then the smallest old_size */
};
/* Returns whether the rule missed this one. */
bool straddle_count(const struct straddle_rule *rule, const struct straddle_vector *vector,
                    struct straddle_tally *tally);

/* The condition of the helper that was posted: the folio under write is protected if so. */
bool folio_may_straddle_isize(uint64_t old_size, uint64_t start, uint64_t block);

#endif
