/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands in a row of the lanes, and what a pointer over it shows. */
#include "report/lanes.h"

#include <inttypes.h>
#include <string.h>

#include "report/markup.h"

#define TEXT_CHARACTERS 100u

static void put_words(FILE *out, const char *class, const char *text)
{
    fprintf(out, "<tspan class=\"%s\">", class);
    hd_markup_put_some(out, text, TEXT_CHARACTERS);
    fputs("</tspan>", out);
}

/* What this step has changed: of a free the first cell stands for all. */
static void put_change(const struct hd_story *story, const struct hd_change *change,
                       const char *object, FILE *out)
{
    const char *name = story->scenes.cells[change->cell].name;
    fputs("<tspan class=\"new\" dx=\"7\">", out);
    if (name && (!object || strcmp(name, object) != 0)) {
        hd_markup_put_some(out, name, TEXT_CHARACTERS);
        fputs(": ", out);
    }
    if (change->before) {
        hd_markup_put_some(out, change->before, TEXT_CHARACTERS);
        fputs(" &rarr; ", out);
    } else {
        fputs("&rarr; ", out);
    }
    hd_markup_put_some(out, change->after, TEXT_CHARACTERS);
    fputs("</tspan>", out);
}

static void put_step_words(const struct hd_story *story, const struct hd_story_row *row,
                           const struct hd_change *change, FILE *out)
{
    put_words(out, "op", hd_op_word(row->op));
    if (row->object) {
        fputc(' ', out);
        put_words(out, "object", row->object);
    }
    if (change)
        put_change(story, change, row->object, out);
    else if (row->value) {
        fputs(hd_op_writes(row->op) ? " = " : " is ", out);
        put_words(out, "value", row->value);
    }
    if (row->failed)
        put_words(out, "bad", " fails");
    if (row->holder < story->actor_count) {
        fprintf(out, "<tspan class=\"bad\"> %s ", row->waited ? "waited for" : "held by");
        hd_markup_put(out, hd_story_actor_name(story, row->holder));
        fprintf(out, " since step %" PRIu32 "</tspan>", row->since);
    }
    if (row->site) {
        fputs("<tspan class=\"where\" dx=\"9\">", out);
        hd_markup_put_some(out, row->site->function, TEXT_CHARACTERS);
        fputs("()</tspan>", out);
    }
}

void hd_row_put_words(const struct hd_story *story, const struct hd_story_row *row,
                      const struct hd_change *change, FILE *out)
{
    if (row->kind == HD_ROW_CALL) {
        put_words(out, "call", row->text);
        fputs("<tspan class=\"call\">()</tspan>", out);
    } else if (row->kind == HD_ROW_CHECK) {
        put_words(out, "bad", row->text);
    } else {
        if (row->kind == HD_ROW_STUCK)
            put_words(out, "bad", "waits for ever: ");
        put_step_words(story, row, change, out);
    }
    if (row->wrong) {
        fputs("<tspan class=\"verdict\" dx=\"9\">&#9664; ", out);
        hd_markup_put(out, story->verdict->kind);
        fputs("</tspan>", out);
    }
}

void hd_row_put_title(const struct hd_story *story, const struct hd_story_row *row, FILE *out)
{
    fputs("<title>", out);
    hd_markup_put(out, hd_story_actor_name(story, row->actor));
    fputs(": ", out);
    hd_markup_put(out, row->text);
    if (row->site) {
        fputs(" in ", out);
        hd_markup_put(out, row->site->function);
        fputs("(), ", out);
        hd_markup_put(out, row->site->file);
        fprintf(out, ":%" PRIu32, row->site->line);
    }
    fputs("</title>", out);
}
