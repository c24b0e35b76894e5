/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A reader of a commit message follows some ten lines of one CPU before the other goes on.  Longer
 * runs are folded: the insides of inner calls that the run completes go first, the deepest before
 * the others, so that the names of the calls still tell the story; then the middle of what remains.
 * What is vital stays, and the calls that lead to it.
 * The last line of a run stays, with the calls around it: there the other actor came in.
 */
#include "report/lines.h"

#define RUN_MAX 12u /* shown lines of one actor in a row */
#define KEEP_FIRST 3u
#define KEEP_LAST 6u

struct run {
    const struct hd_story *story;
    struct hd_candidate *candidates;
    uint32_t begin, end; /* candidates, half open; all shown ones are by one actor */
    uint32_t last;       /* the last shown one */
};

static uint32_t shown_count(const struct run *run)
{
    uint32_t count = 0;

    for (uint32_t i = run->begin; i < run->end; i++)
        count += run->candidates[i].shown;
    return count;
}

/* Is the row `call` around the candidate's row? */
static bool is_inside(const struct run *run, uint32_t candidate, uint32_t call)
{
    uint32_t at = run->story->rows[run->candidates[candidate].row].call;

    while (at != HD_ROW_NONE && at > call) /* callers stand before what they call */
        at = run->story->rows[at].call;
    return at == call;
}

/* May the inside of the call at candidate c go?  A call that the run doesn't complete has its last
 * line inside. */
static bool can_fold(const struct run *run, uint32_t c)
{
    return !is_inside(run, run->last, run->candidates[c].row);
}

static void fold_calls(struct run *run)
{
    uint32_t shown = shown_count(run), depth = 0;

    for (uint32_t i = run->begin; i < run->end; i++) {
        const struct hd_story_row *row = &run->story->rows[run->candidates[i].row];

        if (run->candidates[i].shown && row->kind == HD_ROW_CALL && row->depth > depth)
            depth = row->depth;
    }
    for (uint32_t level = depth + 1; level-- > 0 && shown > RUN_MAX;) {
        for (uint32_t c = run->begin; c < run->end; c++) {
            const struct hd_story_row *row = &run->story->rows[run->candidates[c].row];

            if (!run->candidates[c].shown || row->kind != HD_ROW_CALL || row->depth != level ||
                !can_fold(run, c))
                continue;
            for (uint32_t i = c + 1; i < run->end; i++)
                run->candidates[i].shown &= run->candidates[i].vital ||
                                            !is_inside(run, i, run->candidates[c].row);
        }
        shown = shown_count(run);
    }
}

/* Stretches between what is kept become one elision each. */
static void cut_run(struct run *run)
{
    uint32_t shown = shown_count(run), plain = 0, rank = 0, stretch = 0, first = 0;

    for (uint32_t i = run->begin; i < run->end; i++)
        plain += run->candidates[i].shown && !run->candidates[i].vital;
    if (plain <= RUN_MAX)
        return;
    for (uint32_t i = run->begin; i < run->end; i++) {
        bool keep;

        if (!run->candidates[i].shown)
            continue;
        keep = rank < KEEP_FIRST || rank >= shown - KEEP_LAST || run->candidates[i].vital;
        rank++;
        if (!keep && stretch++ == 0)
            first = i;
        if (!keep)
            run->candidates[i].shown = false;
        if (keep && stretch > 0) {
            run->candidates[first].shown = true;
            run->candidates[first].hidden = stretch;
            stretch = 0;
        }
    }
}

void hd_fold_runs(const struct hd_story *story, struct hd_candidate *candidates, uint32_t count)
{
    uint32_t begin = 0;

    while (begin < count) {
        struct run run = {
            .story = story, .candidates = candidates, .begin = begin, .last = begin
        };
        hd_actor_id actor = HD_ACTOR_NONE;

        for (run.end = begin; run.end < count; run.end++) {
            hd_actor_id other = story->rows[candidates[run.end].row].actor;

            if (!candidates[run.end].shown)
                continue;
            if (actor != HD_ACTOR_NONE && other != actor)
                break;
            actor = other;
            run.last = run.end;
        }
        begin = run.end;
        if (shown_count(&run) <= RUN_MAX)
            continue;
        fold_calls(&run);
        cut_run(&run);
    }
}
