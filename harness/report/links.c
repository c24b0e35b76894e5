/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which steps of different actors depend on each other directly: the edges of the execution's
 * partial order that lie between actors.  These are what an interleaving consists of; everything
 * else could be moved about without a difference.
 *
 * Cost: quadratic in the steps at worst, which touch few objects; usually close to linear.
 */
#include "report/story.h"

/* Would two of them, by different actors, be in each other's way? */
static bool changes(const struct hd_step *step)
{
    struct hd_step other = *step;

    other.actor = (hd_actor_id)(step->actor ? 0 : 1);
    return hd_conflict(step, &other);
}

static bool overlap(const struct hd_step *a, const struct hd_step *b)
{
    struct hd_step other = *b;

    if (a->actor == b->actor) /* hd_conflict() says yes to those, whatever they touch */
        other.actor = (hd_actor_id)(a->actor ? 0 : 1);
    return hd_conflict(a, &other);
}

static bool is_shared(const struct hd_story *story, const struct hd_step *steps, uint32_t at)
{
    const struct hd_story_row *row = &story->rows[at];

    for (uint32_t i = 0; i < story->row_count; i++)
        if (story->rows[i].kind == HD_ROW_STEP && story->rows[i].actor != row->actor &&
            hd_conflict(&steps[row->step], &steps[story->rows[i].step]))
            return true;
    return false;
}

/* Back from row `at` until the object was last changed; rows in between have only looked at it. */
static void link_row(struct hd_story *story, const struct hd_step *steps, uint32_t at)
{
    struct hd_story_row *row = &story->rows[at];
    const struct hd_step *step = &steps[row->step];

    for (uint32_t i = at; i-- > 0;) {
        struct hd_story_row *before = &story->rows[i];
        const struct hd_step *earlier;

        if (before->kind != HD_ROW_STEP)
            continue;
        earlier = &steps[before->step];
        if (!overlap(step, earlier))
            continue;
        if (before->actor != row->actor) {
            before->seen = true;
            if (row->sees == HD_STEP_NONE)
                row->sees = before->step;
        }
        if (changes(earlier))
            return;
    }
}

/* A lock that is seen to be dropped was taken somewhere: the latest place where the actor, or for
 * one that changed hands anybody, did so. */
static void show_taking(struct hd_story *story, uint32_t at)
{
    const struct hd_story_row *drop = &story->rows[at];
    const struct hd_step *steps = story->report->execution->trace.steps;

    for (uint32_t i = at; i-- > 0;) {
        struct hd_story_row *row = &story->rows[i];

        if (row->kind != HD_ROW_STEP || row->failed || !hd_op_takes(row->op) ||
            steps[row->step].object != steps[drop->step].object)
            continue;
        row->seen = true;
        return;
    }
}

/* Who fails, waits or is stuck sees the step that took what is in the way. */
static void show_holder(struct hd_story *story, uint32_t since)
{
    for (uint32_t i = 0; i < story->row_count; i++)
        if (story->rows[i].kind == HD_ROW_STEP && story->rows[i].step == since)
            story->rows[i].seen = true;
}

/* A check fails because of what was read before it: where does that come from? */
static void find_decisive(struct hd_story *story)
{
    uint32_t last = story->row_count, sees = HD_STEP_NONE;

    for (uint32_t i = 0; i < story->row_count; i++)
        if (story->rows[i].kind == HD_ROW_CHECK)
            last = i;
    for (uint32_t i = last; i-- > 0 && last < story->row_count && sees == HD_STEP_NONE;)
        if (story->rows[i].kind == HD_ROW_STEP && story->rows[i].actor == story->rows[last].actor)
            sees = story->rows[i].sees;
    for (uint32_t i = 0; i < story->row_count; i++)
        if (sees != HD_STEP_NONE && story->rows[i].step == sees)
            story->rows[i].decisive = true;
}

void hd_story_links(struct hd_story *story)
{
    const struct hd_step *steps = story->report->execution->trace.steps;

    for (uint32_t i = 0; i < story->row_count; i++) {
        if (story->rows[i].kind == HD_ROW_STEP) {
            link_row(story, steps, i);
            story->rows[i].shared = is_shared(story, steps, i);
        }
        if (story->rows[i].holder != HD_ACTOR_NONE)
            show_holder(story, story->rows[i].since);
    }
    for (uint32_t i = 0; i < story->row_count; i++)
        if (story->rows[i].kind == HD_ROW_STEP && story->rows[i].seen &&
            hd_op_drops(story->rows[i].op))
            show_taking(story, i);
    find_decisive(story);
}

bool hd_op_is_bookkeeping(uint8_t op)
{
    return op == HD_OP_START || op == HD_OP_MARK || op == HD_OP_SERVE || op == HD_OP_YIELD ||
           op == HD_OP_ALLOC || op == HD_OP_STEP;
}

bool hd_story_matters(const struct hd_story_row *row)
{
    if (row->kind == HD_ROW_CALL)
        return false;
    if (row->kind != HD_ROW_STEP || row->wrong || row->counterpart)
        return true;
    if (hd_op_is_bookkeeping(row->op))
        return false;
    return row->failed || row->waited || row->seen || row->sees != HD_STEP_NONE ||
           (row->op == HD_OP_FREE && row->shared) || row->op == HD_OP_POWER_LOSS ||
           row->op == HD_OP_ARM;
}
