/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From rows to the lines of a table.  A line is a function that was called, what one call of a
 * helper did, or one operation as the code has it.  Shown is what touches the same things as
 * another actor's steps; if that makes a table too long, only the edges between actors (links.c);
 * always what went wrong, and the calls that lead there.
 */
#include "report/lines.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"

struct picking {
    struct hd_story *story;
    struct hd_candidate *candidates;
    uint32_t count;
    uint32_t *line_of; /* [row]: its candidate */
    bool edges_only;
};

#define DETAILED_MAX 40u /* lines of a table that shows more than the edges */

static bool is_vital(const struct hd_story_row *row)
{
    return row->kind != HD_ROW_CALL &&
           (row->failed || row->waited || row->wrong || row->counterpart || row->decisive ||
            (row->op == HD_OP_FREE && row->shared) || row->kind != HD_ROW_STEP);
}

/* A function whose whole body is the operations in it: its name says all. */
static bool is_leaf(const struct hd_story_row *call)
{
    return call->own_steps > 0 && call->inner == 0;
}

/* Does the row belong to the line before it: same actor, nothing in between, same call or helper?
 * A site that comes again means another call. */
static bool continues(const struct picking *picking, const struct hd_story_row *row, uint32_t i)
{
    const struct hd_story *story = picking->story;
    const struct hd_candidate *line = &picking->candidates[picking->count - 1];
    const struct hd_story_row *first = &story->rows[line->row];

    if (row->kind == HD_ROW_CALL || first->actor != row->actor)
        return false;
    if (first->kind == HD_ROW_CALL)
        return row->own && row->call == line->row && is_leaf(first);
    if (row->own || first->own || row->call != first->call || !row->site || !first->site ||
        strcmp(row->site->function, first->site->function) != 0)
        return false;
    for (uint32_t other = line->row; other < i; other++)
        if (story->rows[other].site == row->site)
            return row->kind == HD_ROW_CHECK;
    return true;
}

static void add_line(struct picking *picking, uint32_t i)
{
    const struct hd_story_row *row = &picking->story->rows[i];

    picking->candidates[picking->count++] = (struct hd_candidate){
        .row = i,
        .text_row = HD_ROW_NONE,
        .step = HD_STEP_NONE,
        .whole = row->kind == HD_ROW_CALL || !row->own,
    };
}

/* A line takes its object from the first row that has one that can be named. */
static void tell_row(struct picking *picking, uint32_t i)
{
    const struct hd_story *story = picking->story;
    struct hd_candidate *line = &picking->candidates[picking->count - 1];
    const struct hd_story_row *row = &story->rows[i];

    picking->line_of[i] = picking->count - 1;
    if (row->kind == HD_ROW_CALL)
        return;
    line->parts++;
    if (line->step == HD_STEP_NONE)
        line->step = row->step;
    if (line->text_row == HD_ROW_NONE || row->failed ||
        (!story->rows[line->text_row].base && row->base))
        line->text_row = i;
    line->shown |= hd_story_matters(row) || (!picking->edges_only && row->shared &&
                                             !hd_op_is_bookkeeping(row->op));
    line->vital |= is_vital(row);
    line->wrong |= row->wrong;
}

/* Callers stand before what they call, so one pass from the end is enough. */
static void show_callers(struct picking *picking)
{
    const struct hd_story *story = picking->story;

    for (uint32_t i = picking->count; i-- > 0;) {
        uint32_t call = story->rows[picking->candidates[i].row].call;

        struct hd_candidate *caller;

        if (!picking->candidates[i].shown || call == HD_ROW_NONE)
            continue;
        caller = &picking->candidates[picking->line_of[call]];
        caller->shown = true;
        caller->vital |= picking->candidates[i].vital;
    }
}

/* Returns how many lines are shown. */
static uint32_t pick(struct picking *picking, bool edges_only)
{
    const struct hd_story *story = picking->story;
    uint32_t shown = 0;
    bool any = false;

    picking->count = 0;
    picking->edges_only = edges_only;
    for (uint32_t i = 0; i < story->row_count; i++) {
        if (picking->count == 0 || !continues(picking, &story->rows[i], i))
            add_line(picking, i);
        tell_row(picking, i);
    }
    for (uint32_t i = 0; i < picking->count; i++)
        any |= picking->candidates[i].shown;
    for (uint32_t i = 0; !any && i < picking->count; i++) /* nobody minds anybody: show it all */
        picking->candidates[i].shown = true;
    show_callers(picking);
    for (uint32_t i = 0; i < picking->count; i++)
        shown += picking->candidates[i].shown;
    return shown;
}

/* What came of it: "-> fails", "-> 0"; or nothing that a line could say. */
static const char *outcome_text(struct hd_story *story, const struct hd_candidate *line,
                                const struct hd_story_row *part)
{
    if (part->failed)
        return " -> fails";
    if (line->parts == 1 && part->value && hd_op_reads(part->op) && part->op != HD_OP_SERVE)
        return hd_pool_format(&story->pool, " -> %s", part->value);
    return "";
}

/* "folio_unlock(folio[0])", or the code; and what came of it.  Brief is without the argument. */
static const char *event_text(struct hd_story *story, const struct hd_candidate *line, bool brief)
{
    const struct hd_story_row *row = &story->rows[line->row];
    const struct hd_story_row *part =
        line->text_row == HD_ROW_NONE ? NULL : &story->rows[line->text_row];
    const char *name = row->kind == HD_ROW_CALL ? row->text : hd_row_function(row);
    const char *text = row->text;

    if (line->whole)
        text = hd_pool_format(&story->pool, "%s(%s)", name,
                              part && part->base && !brief ? part->base : "");
    if (!part)
        return text;
    return hd_pool_format(&story->pool, "%s%s", text, outcome_text(story, line, part));
}

static const char *remark_text(struct hd_story *story, const struct hd_story_row *row)
{
    if (row->kind == HD_ROW_STUCK && row->holder < story->actor_count)
        return hd_pool_format(&story->pool, "<-- waits for %s",
                              hd_story_actor_name(story, row->holder));
    if (row->kind == HD_ROW_STUCK)
        return "<-- waits for ever";
    if (row->wrong)
        return hd_pool_format(&story->pool, "<-- %s", story->verdict->kind);
    if (row->waited && row->holder < story->actor_count)
        return hd_pool_format(&story->pool, "<waited for %s>",
                              hd_story_actor_name(story, row->holder));
    return NULL;
}

static void emit(struct hd_story *story, enum hd_line_kind kind, hd_actor_id actor, uint32_t indent,
                 uint32_t step, const char *text)
{
    story->lines[story->line_count++] = (struct hd_story_line){
        .kind = kind, .actor = actor, .indent = (uint16_t)indent, .step = step, .text = text
    };
}

static void emit_candidate(struct hd_story *story, const struct hd_candidate *line)
{
    const struct hd_story_row *row = &story->rows[line->row];
    uint32_t last = line->row + (row->kind == HD_ROW_CALL ? line->parts : line->parts - 1);

    if (line->hidden) {
        emit(story, HD_LINE_ELISION, row->actor, row->depth, HD_STEP_NONE,
             hd_pool_format(&story->pool, "[ %u more ]", (unsigned)line->hidden));
        return;
    }
    emit(story, HD_LINE_EVENT, row->actor, row->depth, line->step, event_text(story, line, false));
    if (line->whole)
        story->lines[story->line_count - 1].brief = event_text(story, line, true);
    for (uint32_t i = line->row; i <= last; i++) {
        const char *remark = remark_text(story, &story->rows[i]);

        if (remark)
            emit(story, HD_LINE_REMARK, row->actor, row->depth + 1u, story->rows[i].step, remark);
    }
}

/* Actors whose lines don't interleave can share a column; each takes the first that is free. */
static void place_actors(struct hd_story *story, const struct picking *picking)
{
    uint32_t first[HD_ACTORS_MAX], last[HD_ACTORS_MAX];
    bool shows[HD_ACTORS_MAX] = { false };
    uint32_t end[HD_ACTORS_MAX]; /* of a column: the last line of its last actor */

    for (uint32_t i = 0; i < picking->count; i++) {
        hd_actor_id actor = story->rows[picking->candidates[i].row].actor;

        if (!picking->candidates[i].shown)
            continue;
        if (!shows[actor])
            first[actor] = i;
        shows[actor] = true;
        last[actor] = i;
    }
    for (uint32_t i = 0; i < picking->count; i++) {
        hd_actor_id actor = story->rows[picking->candidates[i].row].actor;
        unsigned column = 0;

        if (!shows[actor] || first[actor] != i)
            continue;
        while (column < story->column_count && end[column] > i)
            column++;
        if (column == story->column_count)
            story->column_count++;
        end[column] = last[actor];
        story->actors[actor].column = (uint8_t)column;
    }
}

#define LINES_MAX 240u /* beyond, the middle is left out: nobody reads on */

/* A table that nobody can oversee keeps its beginning and its end. */
static void cut_middle(struct hd_story *story)
{
    const uint32_t keep = LINES_MAX / 2;
    uint32_t hidden;

    if (story->line_count <= LINES_MAX + 1)
        return;
    hidden = story->line_count - 2 * keep;
    memmove(&story->lines[keep + 1], &story->lines[story->line_count - keep],
            keep * sizeof story->lines[0]);
    story->lines[keep] = (struct hd_story_line){
        .kind = HD_LINE_ELISION, .actor = HD_ACTOR_NONE, .step = HD_STEP_NONE,
        .text = hd_pool_format(&story->pool, "[ %u more rows; the format \"steps\" has them ]",
                               (unsigned)hidden)
    };
    story->line_count = 2 * keep + 1;
}

void hd_story_lines(struct hd_story *story)
{
    struct picking picking = { .story = story };
    hd_actor_id in_column[HD_ACTORS_MAX];

    memset(in_column, HD_ACTOR_NONE, sizeof in_column);
    picking.candidates = hd_pool_array(&story->pool, story->row_count, sizeof *picking.candidates);
    picking.line_of = hd_pool_array(&story->pool, story->row_count, sizeof *picking.line_of);
    /* A line each, a remark for each row, and a heading for each actor: they never come twice. */
    story->lines = hd_pool_array(&story->pool, 2 * (size_t)story->row_count + HD_ACTORS_MAX,
                                 sizeof *story->lines);
    if (!picking.candidates || !picking.line_of || !story->lines)
        return;
    if (pick(&picking, false) > DETAILED_MAX)
        pick(&picking, true);
    place_actors(story, &picking);
    hd_fold_runs(story, picking.candidates, picking.count);
    for (uint32_t i = 0; i < picking.count; i++) {
        hd_actor_id actor = story->rows[picking.candidates[i].row].actor;
        uint8_t column = story->actors[actor].column;

        if (!picking.candidates[i].shown)
            continue;
        if (in_column[column] != actor)
            emit(story, HD_LINE_ACTOR, actor, 0, HD_STEP_NONE, story->actors[actor].heading);
        in_column[column] = actor;
        emit_candidate(story, &picking.candidates[i]);
    }
    cut_middle(story);
}
