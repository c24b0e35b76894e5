/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One row a function entered or a step taken, from top to bottom.  A thin line is an actor that is
 * there, a thick one that it runs, a dashed one that it waits; since only one runs at a time, a
 * row's words may reach over the lanes on its right.
 */
#include "report/lanes.h"

#include <inttypes.h>
#include <string.h>

#include "report/markup.h"

#define HEIGHT 21u    /* of a row */
#define GUTTER 46u    /* step numbers */
#define WORDS 560u    /* room for words right of the last lane */
#define INDENT 9u     /* a function around it */
#define INDENTS_MAX 9u

struct lanes {
    const struct hd_story *story;
    FILE *out;
    unsigned lane_of[HD_ACTORS_MAX];
    bool has[HD_ACTORS_MAX];
    unsigned count, pitch;
    uint32_t *slot;   /* [row]: how many rows are drawn above it */
    uint32_t slots;
    uint32_t *top;    /* [moment]: the slot where it begins */
    const struct hd_change **change; /* [row]: the first thing that it changes, or NULL */
};

static unsigned x_of(const struct lanes *lanes, hd_actor_id actor)
{
    return GUTTER + lanes->lane_of[actor] * lanes->pitch + 14;
}

static uint32_t middle(uint32_t slot)
{
    return slot * HEIGHT + HEIGHT / 2;
}

static unsigned width(const struct lanes *lanes)
{
    return GUTTER + lanes->count * lanes->pitch + WORDS;
}

/* ---- Lines --------------------------------------------------------------------------------- */

/* A stance lasts until the next of the same actor. */
static void put_stance(const struct lanes *lanes, const struct hd_stance *stance, uint32_t end)
{
    uint32_t from = lanes->top[stance->moment] * HEIGHT, to = lanes->top[end] * HEIGHT;

    if (!lanes->has[stance->actor] || from == to || stance->kind == HD_STANCE_ENDED ||
        stance->kind == HD_STANCE_OFF)
        return;
    fprintf(lanes->out, "<path class=\"%s\" d=\"M%u %" PRIu32 "V%" PRIu32 "\"><title>",
            stance->kind == HD_STANCE_WAITS ? "waits" : "rail", x_of(lanes, stance->actor), from,
            to);
    hd_markup_put(lanes->out, lanes->story->actors[stance->actor].name);
    fprintf(lanes->out, ": %s ", hd_stance_word(stance->kind));
    hd_markup_put(lanes->out, stance->text);
    fputs("</title></path>\n", lanes->out);
}

static void put_stances(const struct lanes *lanes)
{
    const struct hd_scenes *scenes = &lanes->story->scenes;
    const struct hd_stance *latest[HD_ACTORS_MAX] = { NULL };
    uint32_t length = lanes->story->report->execution->trace.length;

    for (uint32_t i = 0; i < scenes->stance_count; i++) {
        const struct hd_stance *stance = &scenes->stances[i], *before = latest[stance->actor];

        if (before && before->kind != HD_STANCE_WAITS && stance->kind == before->kind)
            continue;
        if (before)
            put_stance(lanes, before, stance->moment);
        latest[stance->actor] = stance;
    }
    for (unsigned i = 0; i < lanes->story->actor_count; i++)
        if (latest[i])
            put_stance(lanes, latest[i], length + 1);
}

static void put_runs(const struct lanes *lanes)
{
    const struct hd_story *story = lanes->story;
    uint32_t first = 0;

    for (uint32_t i = 1; i <= story->row_count; i++) {
        const struct hd_story_row *row = &story->rows[first];

        if (i < story->row_count && story->rows[i].actor == row->actor)
            continue;
        if (row->switched) {
            uint32_t y = lanes->slot[first] * HEIGHT;

            fprintf(lanes->out, "<path class=\"%s\" d=\"M%u %" PRIu32 "H%u\"><title>%s</title>"
                    "</path>\n", row->preempts ? "preempt" : "hand",
                    x_of(lanes, story->rows[first - 1].actor), y, x_of(lanes, row->actor),
                    row->preempts ? "preemption: it could have gone on" : "hand-over");
        }
        if (row->kind != HD_ROW_STUCK)
            fprintf(lanes->out, "<path class=\"run c%u\" d=\"M%u %" PRIu32 "V%" PRIu32 "\"/>\n",
                    row->actor % HD_LANES_COLOURS, x_of(lanes, row->actor),
                    lanes->slot[first] * HEIGHT + 1, (lanes->slot[i - 1] + 1) * HEIGHT - 1);
        first = i;
    }
}

/* From a step to one that depends on it: to what went wrong always, else when it is looked at. */
static void put_dependencies(const struct lanes *lanes)
{
    const struct hd_story *story = lanes->story;

    for (uint32_t i = 0; i < story->row_count; i++) {
        const struct hd_story_row *row = &story->rows[i], *source = NULL;
        unsigned x, y, from_x, from_y;

        for (uint32_t j = i; row->sees != HD_STEP_NONE && j-- > 0 && !source;)
            if (story->rows[j].step == row->sees)
                source = &story->rows[j];
        if (!source || !hd_lanes_draws(story, i) ||
            !hd_lanes_draws(story, (uint32_t)(source - story->rows)))
            continue;
        x = x_of(lanes, row->actor), y = middle(lanes->slot[i]);
        from_x = x_of(lanes, source->actor), from_y = middle(lanes->slot[source - story->rows]);
        fprintf(lanes->out,
                "<path id=\"d%" PRIu32 "\" class=\"dep%s\" d=\"M%u %uC%u %u %u %u %u %u\"/>\n", i,
                source->decisive || row->wrong ? " decisive" : "", from_x, from_y,
                (from_x + x) / 2, from_y, (from_x + x) / 2, y, x, y);
    }
}

/* What a row is shown as, besides as a row. */
static const char *tint_of(const struct lanes *lanes, uint32_t row)
{
    if (lanes->story->rows[row].wrong || lanes->story->rows[row].counterpart)
        return " wrong";
    return lanes->change[row] ? " changes" : "";
}

/* Beneath the lines, so that they can be followed through it. */
static void put_tints(const struct lanes *lanes)
{
    for (uint32_t i = 0; i < lanes->story->row_count; i++)
        if (hd_lanes_draws(lanes->story, i) && *tint_of(lanes, i))
            fprintf(lanes->out,
                    "<rect class=\"tint%s\" y=\"%" PRIu32 "\" width=\"%u\" height=\"%u\"/>\n",
                    tint_of(lanes, i), lanes->slot[i] * HEIGHT, width(lanes), HEIGHT);
}

/* ---- Rows ---------------------------------------------------------------------------------- */

static void put_dot(const struct lanes *lanes, const struct hd_story_row *row, uint32_t y)
{
    unsigned x = x_of(lanes, row->actor);

    if (row->kind == HD_ROW_CALL)
        return;
    if (row->wrong)
        fprintf(lanes->out, "<path class=\"cross\" d=\"M%u %" PRIu32 "l10 10m0 -10l-10 10\"/>",
                x - 5, y - 5);
    else
        fprintf(lanes->out, "<circle class=\"dot c%u%s\" cx=\"%u\" cy=\"%" PRIu32 "\" r=\"4\"/>",
                row->actor % HD_LANES_COLOURS, row->failed || row->waited ? " failed" : "", x, y);
}

static void put_row(const struct lanes *lanes, uint32_t i)
{
    const struct hd_story *story = lanes->story;
    const struct hd_story_row *row = &story->rows[i];
    uint32_t y = middle(lanes->slot[i]);
    unsigned indent = row->depth < INDENTS_MAX ? row->depth : INDENTS_MAX;
    FILE *out = lanes->out;

    if (!hd_lanes_draws(story, i))
        return;
    fprintf(out, "<g class=\"row%s\" id=\"r%" PRIu32 "\" data-m=\"%" PRIu32 "\" data-a=\"%u\"%s>",
            tint_of(lanes, i), i, row->moment, row->actor, row->preempts ? " data-p=\"\"" : "");
    hd_row_put_title(story, row, out);
    fprintf(out, "<rect class=\"back\" y=\"%" PRIu32 "\" width=\"%u\" height=\"%u\"/>",
            y - HEIGHT / 2, width(lanes), HEIGHT);
    if (row->step != HD_STEP_NONE)
        fprintf(out, "<text class=\"number\" x=\"%u\" y=\"%" PRIu32 "\">%" PRIu32 "</text>",
                GUTTER - 10, y + 4, row->step);
    put_dot(lanes, row, y);
    fprintf(out, "<text x=\"%u\" y=\"%" PRIu32 "\">",
            x_of(lanes, row->actor) + 12 + indent * INDENT, y + 4);
    hd_row_put_words(story, row, lanes->change[i], out);
    fputs("</text></g>\n", out);
}

/* ---- All ----------------------------------------------------------------------------------- */

static void put_heads(const struct lanes *lanes)
{
    const struct hd_story *story = lanes->story;

    fprintf(lanes->out, "<div class=\"heads\" style=\"width:%upx\">", width(lanes));
    for (unsigned i = 0; i < story->actor_count; i++) {
        if (!lanes->has[i])
            continue;
        fprintf(lanes->out, "<span class=\"c%u\" style=\"left:%upx;width:%upx\" title=\"",
                i % HD_LANES_COLOURS, x_of(lanes, (hd_actor_id)i) - 5, lanes->pitch - 4);
        hd_markup_put(lanes->out, story->actors[i].summary);
        fputs("\">", lanes->out);
        hd_markup_put(lanes->out, story->actors[i].name);
        fputs("</span>", lanes->out);
    }
    fputs("</div>\n", lanes->out);
}

/* The row in whose place it says how many are left out. */
static void put_gap(const struct lanes *lanes)
{
    const struct hd_story *story = lanes->story;

    if (story->row_count <= HD_LANES_ROWS_MAX)
        return;
    fprintf(lanes->out, "<text class=\"gap\" x=\"%u\" y=\"%" PRIu32 "\">[ %" PRIu32
            " more rows; the format &quot;steps&quot; has them ]</text>\n", GUTTER,
            middle(HD_LANES_ROWS_MAX / 2) + 4, story->row_count - HD_LANES_ROWS_MAX);
}

/* False when out of memory. */
static bool arrange(struct lanes *lanes, struct hd_pool *pool)
{
    const struct hd_story *story = lanes->story;
    const struct hd_change *change = story->scenes.changes;
    const struct hd_change *changes_end = change + story->scenes.change_count;
    uint32_t length = story->report->execution->trace.length;

    lanes->slot = hd_pool_array(pool, story->row_count, sizeof *lanes->slot);
    lanes->top = hd_pool_array(pool, (size_t)length + 2, sizeof *lanes->top);
    lanes->change = hd_pool_array(pool, story->row_count, sizeof *lanes->change);
    if (!lanes->slot || !lanes->top || !lanes->change)
        return false;
    for (uint32_t i = 0; i < story->row_count; i++) {
        const struct hd_story_row *row = &story->rows[i];

        if (i == HD_LANES_ROWS_MAX / 2 && !hd_lanes_draws(story, i))
            lanes->slots++; /* for the gap */
        lanes->slot[i] = lanes->slots;
        lanes->slots += hd_lanes_draws(story, i);
        if (row->kind == HD_ROW_STEP)
            lanes->top[row->moment] = lanes->slots;
        while (change < changes_end && row->kind == HD_ROW_STEP && change->step <= row->step) {
            if (change->step == row->step && !lanes->change[i])
                lanes->change[i] = change;
            change++;
        }
        lanes->has[row->actor] = true;
    }
    lanes->top[length + 1] = lanes->slots;
    for (unsigned i = 0; i < story->actor_count; i++)
        if (lanes->has[i])
            lanes->lane_of[i] = lanes->count++;
    lanes->pitch = lanes->count <= 4 ? 120 : lanes->count <= 8 ? 92 : 64;
    return true;
}

bool hd_lanes_print(const struct hd_story *story, FILE *out)
{
    struct lanes lanes = { .story = story, .out = out };
    struct hd_pool pool = { 0 };
    bool arranged = arrange(&lanes, &pool);

    if (arranged) {
        put_heads(&lanes);
        fprintf(out, "<svg class=\"lanes\" width=\"%u\" height=\"%" PRIu32 "\" role=\"img\""
                " aria-label=\"Every step, from top to bottom\">\n", width(&lanes),
                lanes.slots * HEIGHT + 4);
        fputs("<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\""
              " markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/>"
              "</marker></defs>\n", out);
        put_tints(&lanes);
        put_stances(&lanes);
        put_runs(&lanes);
        put_dependencies(&lanes);
        for (uint32_t i = 0; i < story->row_count; i++)
            put_row(&lanes, i);
        put_gap(&lanes);
        fputs("</svg>\n", out);
    }
    hd_pool_free(&pool);
    return arranged;
}
