/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The interleaving in prose: one sentence for what an actor did until the next one came, made of
 * its weightiest operations.  What weighs is what another actor had to do with.
 */
#include "report/story.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/buf.h"

#define CLAUSES_MAX 5u    /* in a sentence */
#define SENTENCES_MAX 40u /* beyond, the middle is left out */

struct telling {
    struct hd_story *story;
    uint32_t *members; /* rows of the run that matter */
    uint32_t count;
    hd_actor_id actor;
};

/* The last thing a run does weighs more than its place in the order: it opened the door. */
static unsigned weight(const struct telling *telling, uint32_t member)
{
    const struct hd_story_row *rows = telling->story->rows;
    const struct hd_story_row *row = &rows[telling->members[member]];
    bool last = member + 1 == telling->count;
    unsigned sum = 0;

    if (row->wrong || row->kind != HD_ROW_STEP)
        return 1000;
    sum += row->counterpart || row->decisive ? 200 : 0;
    sum += !last && rows[telling->members[member + 1]].kind == HD_ROW_CHECK ? 150 : 0;
    sum += row->failed ? 100 : 0;
    sum += row->waited ? 80 : 0;
    sum += row->op == HD_OP_FREE ? 70 : 0;
    sum += row->sees != HD_STEP_NONE ? 30 : 0;
    sum += row->seen ? 20 : 0;
    sum += last ? 60 : 0;
    return sum;
}

static void add_clause(const struct telling *telling, struct hd_buf *text,
                       const struct hd_story_row *row)
{
    const struct hd_story *story = telling->story;
    /* The item that is put on a queue is not the queue's value. */
    bool reads = hd_op_reads(row->op) || row->op == HD_OP_PUSH;

    if (row->kind == HD_ROW_CHECK) {
        hd_buf_addf(text, "comes to \"%s\" in %s()", row->text, hd_row_function(row));
        return;
    }
    if (row->kind == HD_ROW_STUCK)
        hd_buf_addf(text, "stands before %s %s", hd_op_word(row->op),
                    row->object ? row->object : hd_row_function(row));
    else
        hd_buf_addf(text, "%s%s%s", hd_op_verb(row->op, row->failed), row->object ? " " : "",
                    row->object ? row->object : "");
    if (row->value)
        hd_buf_addf(text, reads || row->failed ? " (%s)" : " to %s", row->value);
    hd_buf_addf(text, " in %s()", hd_row_function(row));
    if (row->holder < story->actor_count)
        hd_buf_addf(text, "%sheld by %s since step %" PRIu32,
                    row->waited && row->kind == HD_ROW_STEP ? " after a wait, as it was " : ", ",
                    hd_story_actor_name(story, row->holder), row->since);
}

/* Marks the rows to tell, at most CLAUSES_MAX of them, the weightiest; of equals the earlier. */
static void choose(const struct telling *telling, bool *chosen)
{
    for (uint32_t n = 0; n < CLAUSES_MAX && n < telling->count; n++) {
        uint32_t best = telling->count;

        for (uint32_t i = 0; i < telling->count; i++)
            if (!chosen[i] &&
                (best == telling->count || weight(telling, i) > weight(telling, best)))
                best = i;
        HD_ASSERT_IS(best, <, telling->count);
        chosen[best] = true;
    }
}

static const char *sentence(struct telling *telling)
{
    struct hd_story *story = telling->story;
    bool *chosen = hd_pool_array(&story->pool, telling->count, sizeof *chosen);
    struct hd_buf text = { 0 };
    uint32_t first = HD_STEP_NONE, last = HD_STEP_NONE, told = 0;
    const char *result = "";
    char *taken;

    if (!chosen)
        return result;
    for (uint32_t i = 0; i < telling->count; i++) {
        uint32_t step = story->rows[telling->members[i]].step;

        first = first == HD_STEP_NONE ? step : first;
        last = step != HD_STEP_NONE ? step : last;
    }
    hd_buf_addf(&text, "%s", hd_story_actor_name(story, telling->actor));
    if (first != HD_STEP_NONE && first != last)
        hd_buf_addf(&text, ", steps %" PRIu32 " to %" PRIu32 ":", first, last);
    else if (first != HD_STEP_NONE)
        hd_buf_addf(&text, ", step %" PRIu32 ":", first);
    else
        hd_buf_addf(&text, ":");
    choose(telling, chosen);
    for (uint32_t i = 0; i < telling->count; i++) {
        if (!chosen[i])
            continue;
        hd_buf_addf(&text, told++ ? "; " : " ");
        add_clause(telling, &text, &story->rows[telling->members[i]]);
    }
    taken = hd_buf_take(&text);
    if (taken)
        result = hd_pool_format(&story->pool, "%s", taken);
    else
        story->pool.failed = true;
    hd_buf_free(&(struct hd_buf){ .text = taken });
    return result;
}

static void cut_middle(struct hd_story *story)
{
    const uint32_t keep = SENTENCES_MAX / 2;
    uint32_t hidden;

    if (story->narrative_count <= SENTENCES_MAX + 1)
        return;
    hidden = story->narrative_count - 2 * keep;
    memmove(&story->narrative[keep + 1], &story->narrative[story->narrative_count - keep],
            keep * sizeof story->narrative[0]);
    story->narrative[keep] =
        hd_pool_format(&story->pool, "[ and so on, %" PRIu32 " times ]", hidden);
    story->narrative_count = 2 * keep + 1;
}

void hd_story_narrate(struct hd_story *story)
{
    struct telling telling = { .story = story, .actor = HD_ACTOR_NONE };

    story->narrative = hd_pool_array(&story->pool, story->row_count, sizeof *story->narrative);
    telling.members = hd_pool_array(&story->pool, story->row_count, sizeof *telling.members);
    if (!story->narrative || !telling.members)
        return;
    for (uint32_t i = 0; i <= story->row_count; i++) {
        bool end = i == story->row_count;

        if (!end && !hd_story_matters(&story->rows[i]))
            continue;
        if (telling.count && (end || story->rows[i].actor != telling.actor)) {
            story->narrative[story->narrative_count++] = sentence(&telling);
            telling.count = 0;
        }
        if (end)
            break;
        telling.actor = story->rows[i].actor;
        telling.members[telling.count++] = i;
    }
    cut_middle(story);
}
