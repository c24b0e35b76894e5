/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A sequence diagram as issue trackers draw it from a fenced block: a note for what an actor does
 * in a run, an arrow for each switch, and what the table shows, no more: such diagrams are tall.
 *
 * In Mermaid's text a semicolon ends a line, a number sign begins an entity, and "<" may begin a
 * tag; entities are written #NUMBER; there.
 */
#include "report/formats.h"

#include <inttypes.h>
#include <string.h>

#define NOTE_LINES_MAX 16u /* of a run; then its beginning and its end */

static void put_text(FILE *out, const char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text > '~')
            fputc('?', out);
        else if (strchr("#;<", *text))
            fprintf(out, "#%d;", *text);
        else
            fputc(*text, out);
}

static void put_participants(const struct hd_story *story, FILE *out)
{
    bool has[HD_ACTORS_MAX] = { false };

    for (uint32_t i = 0; i < story->line_count; i++)
        if (story->lines[i].actor < story->actor_count)
            has[story->lines[i].actor] = true;
    for (unsigned i = 0; i < story->actor_count; i++) {
        if (!has[i])
            continue;
        fprintf(out, "    participant a%u as ", i);
        put_text(out, story->actors[i].name);
        fputc('\n', out);
    }
}

/* What is told of a line, and how many of a run are. */
static bool is_told(const struct hd_story_line *line)
{
    return line->kind == HD_LINE_EVENT || line->kind == HD_LINE_ELISION;
}

static uint32_t count_told(const struct hd_story *story, uint32_t first, uint32_t end)
{
    uint32_t count = 0;

    for (uint32_t i = first; i < end; i++)
        count += is_told(&story->lines[i]);
    return count;
}

static void put_note(const struct hd_story *story, FILE *out, uint32_t first, uint32_t end)
{
    uint32_t count = count_told(story, first, end), told = 0;
    bool any = false;

    if (count == 0)
        return;
    fprintf(out, "    Note over a%u: ", (unsigned)story->lines[first].actor);
    for (uint32_t i = first; i < end; i++) {
        bool left_out = count > NOTE_LINES_MAX && told >= NOTE_LINES_MAX / 2 &&
                        told < count - NOTE_LINES_MAX / 2;

        if (!is_told(&story->lines[i]))
            continue;
        if (left_out && told == NOTE_LINES_MAX / 2)
            fprintf(out, "<br/>[ %" PRIu32 " more ]", count - NOTE_LINES_MAX);
        told++;
        if (left_out)
            continue;
        fputs(any ? "<br/>" : "", out);
        put_text(out, story->lines[i].text);
        any = true;
    }
    fputc('\n', out);
}

/* What the remarks of a run say: a cross for what is wrong, words for who waited. */
static void put_remarks(const struct hd_story *story, FILE *out, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++) {
        const struct hd_story_line *line = &story->lines[i];
        bool wrong = strncmp(line->text, "<-- ", 4) == 0;

        if (line->kind != HD_LINE_REMARK)
            continue;
        fprintf(out, wrong ? "    a%u-xa%u: " : "    Note right of a%u: ", (unsigned)line->actor,
                (unsigned)line->actor);
        put_text(out, line->text + (wrong ? 4 : 0));
        fputc('\n', out);
    }
}

/* Was the actor of this line preempting whoever ran before? */
static bool preempts(const struct hd_story *story, const struct hd_story_line *line)
{
    bool now = false;

    for (uint32_t i = 0; i < story->row_count; i++) {
        now = story->rows[i].switched ? story->rows[i].preempts : now;
        if (story->rows[i].step == line->step && line->step != HD_STEP_NONE)
            return now;
    }
    return now;
}

/* Nothing is handed over to those who are told of at the end because they are stuck. */
static bool is_stuck(const struct hd_story *story, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++)
        if (strncmp(story->lines[i].text, "<-- waits ", 10) == 0)
            return true;
    return false;
}

static void put_switch(const struct hd_story *story, FILE *out, uint32_t before, uint32_t first,
                       uint32_t end)
{
    uint32_t step = first;

    while (step + 1 < end && story->lines[step].step == HD_STEP_NONE)
        step++;
    fprintf(out, "    a%u%sa%u: %s\n", (unsigned)story->lines[before].actor,
            preempts(story, &story->lines[step]) ? "-)" : "-->>",
            (unsigned)story->lines[first].actor,
            preempts(story, &story->lines[step]) ? "preempted by" : "then");
}

enum hd_error hd_format_mermaid(const struct hd_story *story, FILE *out)
{
    uint32_t first = 0, before = UINT32_MAX;

    fputs("sequenceDiagram\n    title: ", out);
    put_text(out, story->title);
    fputc('\n', out);
    put_participants(story, out);
    for (uint32_t i = 1; i <= story->line_count; i++) {
        if (i < story->line_count && story->lines[i].actor == story->lines[first].actor)
            continue;
        if (story->lines[first].actor < story->actor_count) {
            if (before != UINT32_MAX && !is_stuck(story, first, i))
                put_switch(story, out, before, first, i);
            put_note(story, out, first, i);
            put_remarks(story, out, first, i);
            before = first;
        }
        first = i;
    }
    return HD_OK;
}
