/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The race as kernel developers draw it in a commit message: a column for each CPU, one event a
 * row, calls indented, the wrong step last.  Actors whose runs don't overlap share a CPU.
 */
#include "report/table.h"

#include <inttypes.h>
#include <string.h>

#include "report/layout.h"

#define MARGIN 2u        /* before the first column */
#define GAP 2u           /* between columns */
#define WIDEST 36u       /* a column that has others on its right */
#define HANG 4u          /* further lines of a long event */
#define NARROWEST 16u    /* what deep calls must leave of a column's width */
#define NUMBER 6u        /* numbered lines: the step, and a blank */
#define NAME_MAX_COLUMNS 20u /* ... and of the actor's name */

struct column {
    size_t at, width;
};

/* Two columns part the page; of three each may reach into the next, which is empty beside it. */
static struct column column_of(unsigned columns, unsigned index)
{
    static const size_t pitch[] = { [1] = 0, [2] = 36, [3] = 20 };
    size_t at = MARGIN + index * pitch[columns];
    struct column column = { at, HD_TEXT_COLUMNS - at };

    if (index + 1 < columns && column.width > WIDEST)
        column.width = WIDEST;
    return column;
}

/* One event, over as many lines as it needs; `done` columns of the first are printed already. */
static void print_cell(FILE *out, size_t done, struct column column, size_t indent,
                       const char *text)
{
    size_t hang = 0;

    while (*text) {
        size_t fit = hd_layout_fit(text, column.width - indent - hang);

        fprintf(out, "%*s", (int)(column.at + indent + hang - done), "");
        hd_layout_put(out, text, fit);
        fputc('\n', out);
        text += fit;
        text += strspn(text, " ");
        hang = indent + HANG + NARROWEST <= column.width ? HANG : 0;
        done = 0;
    }
}

/* A line that is too wide gives up its argument, then its margin on the right, then its indent; at
 * last it is broken. */
static void print_fitting(FILE *out, size_t done, struct column column,
                          const struct hd_story_line *line, const char *text)
{
    size_t indent = line->indent;

    if (indent + NARROWEST > column.width)
        indent = column.width - NARROWEST;
    if (indent + strlen(text) > column.width && line->brief && text == line->text)
        text = line->brief;
    if (indent + strlen(text) > column.width)
        column.width = HD_TEXT_COLUMNS - column.at;
    if (indent + strlen(text) > column.width && strlen(text) <= column.width)
        indent = column.width - strlen(text);
    print_cell(out, done, column, indent, text);
}

/* Prints line i, and the remark below it beside it where there is room; says how many were done. */
static uint32_t print_line(const struct hd_story *story, FILE *out, size_t done,
                           struct column column, uint32_t i)
{
    const struct hd_story_line *line = &story->lines[i];
    const struct hd_story_line *next = i + 1 < story->line_count ? line + 1 : NULL;
    char both[HD_TEXT_COLUMNS + 1];

    if (!next || next->kind != HD_LINE_REMARK || line->kind != HD_LINE_EVENT ||
        line->indent + strlen(line->text) + 2 + strlen(next->text) > column.width) {
        print_fitting(out, done, column, line, line->text);
        return 1;
    }
    snprintf(both, sizeof both, "%s  %s", line->text, next->text);
    print_fitting(out, done, column, line, both);
    return 2;
}

static void print_headings(const struct hd_story *story, FILE *out)
{
    for (unsigned row = 0; row < 2; row++) {
        size_t at = 0;

        for (unsigned i = 0; i < story->column_count; i++) {
            struct column column = column_of(story->column_count, i);

            fprintf(out, "%*s", (int)(column.at - at), "");
            at = column.at;
            at += (size_t)(row ? fprintf(out, "-----") : fprintf(out, "CPU %u", i));
        }
        fputc('\n', out);
    }
}

static void print_columns(const struct hd_story *story, FILE *out)
{
    uint32_t i = 0;

    print_headings(story, out);
    while (i < story->line_count) {
        hd_actor_id actor = story->lines[i].actor;
        struct column column = actor == HD_ACTOR_NONE
                                   ? column_of(1, 0)
                                   : column_of(story->column_count, story->actors[actor].column);

        i += print_line(story, out, 0, column, i);
    }
}

/* More actors at once than a page has room for: the actor's name in front instead. */
static void print_numbered(const struct hd_story *story, FILE *out)
{
    size_t name = 0;
    uint32_t i = 0;

    hd_layout_paragraph(out, 0, "",
                        "(More than three actors overlap: one line an event, with its step and its "
                        "actor in front, instead of columns.)");
    fputc('\n', out);
    for (unsigned actor = 0; actor < story->actor_count; actor++)
        if (story->actors[actor].column != HD_COLUMN_NONE &&
            strlen(story->actors[actor].name) > name)
            name = strlen(story->actors[actor].name);
    name = name > NAME_MAX_COLUMNS ? NAME_MAX_COLUMNS : name;
    while (i < story->line_count) {
        const struct hd_story_line *line = &story->lines[i];
        struct column column = { NUMBER + name + GAP, HD_TEXT_COLUMNS - NUMBER - name - GAP };

        if (line->kind == HD_LINE_ACTOR) {
            i++;
            continue;
        }
        if (line->step == HD_STEP_NONE)
            fprintf(out, "%*s", (int)NUMBER, "");
        else
            fprintf(out, "%*" PRIu32 " ", (int)NUMBER - 1, line->step);
        fprintf(out, "%-*.*s", (int)name, (int)name,
                line->actor == HD_ACTOR_NONE ? "" : story->actors[line->actor].name);
        i += print_line(story, out, NUMBER + name, column, i);
    }
}

void hd_table_print(const struct hd_story *story, FILE *out)
{
    if (story->line_count == 0)
        fprintf(out, "(no steps)\n");
    else if (story->column_count > HD_COLUMNS_MAX)
        print_numbered(story, out);
    else
        print_columns(story, out);
}
