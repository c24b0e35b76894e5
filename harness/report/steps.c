/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every step, for those who want to know exactly: number, actor, operation, object, value, and
 * the place in the source, indented by the functions around it.  A star stands at the wrong step,
 * and at its counterpart.
 */
#include "report/formats.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "report/layout.h"
#include "report/text.h"

#define INDENT_MAX 12u
#define NAME_COLUMNS_MAX 20u
#define NUMBER 7u /* the star, the step's number and a blank */

static size_t name_columns(const struct hd_story *story)
{
    size_t columns = 0;

    for (unsigned i = 0; i < story->actor_count; i++)
        if (strlen(story->actors[i].name) > columns)
            columns = strlen(story->actors[i].name);
    return columns < NAME_COLUMNS_MAX ? columns : NAME_COLUMNS_MAX;
}

/* The text, then the place, on the same line if both fit. */
static void print_row(const struct hd_story *story, FILE *out, size_t name,
                      const struct hd_story_row *row, const char *text)
{
    size_t indent = row->depth < INDENT_MAX ? row->depth : INDENT_MAX;
    size_t margin = NUMBER + name + 2 + indent, used = 0;
    struct hd_buf place = { 0 };

    if (row->site && row->kind != HD_ROW_CALL)
        hd_buf_addf(&place, "%s() %s:%" PRIu32, row->site->function, hd_site_file(row->site),
                    row->site->line);
    if (row->step == HD_STEP_NONE)
        fprintf(out, "%*s", (int)NUMBER, row->wrong ? "*      " : "");
    else
        fprintf(out, "%c%5" PRIu32 " ", row->wrong || row->counterpart ? '*' : ' ', row->step);
    fprintf(out, "%-*.*s%*s", (int)name, (int)name, hd_story_actor_name(story, row->actor),
            (int)indent + 2, "");
    while (*text) {
        size_t fit = hd_layout_fit(text, HD_TEXT_COLUMNS - margin);

        if (used)
            fprintf(out, "\n%*s", (int)margin, "");
        hd_layout_put(out, text, fit);
        used = margin + fit;
        text += fit;
        text += strspn(text, " ");
    }
    if (place.text && used + 2 + place.length <= HD_TEXT_COLUMNS)
        fprintf(out, "  %s\n", place.text);
    else if (place.text) {
        fputc('\n', out);
        hd_layout_paragraph(out, margin + 2, "", place.text);
    } else
        fputc('\n', out);
    hd_buf_free(&place);
}

enum hd_error hd_format_steps(const struct hd_story *story, FILE *out)
{
    size_t name = name_columns(story);
    struct hd_buf text = { 0 };
    bool failed = false;

    hd_text_head(story, out);
    for (uint32_t i = 0; i < story->row_count && !failed; i++) {
        const struct hd_story_row *row = &story->rows[i];

        text.length = 0;
        hd_text_row(story, row, &text);
        failed = text.failed;
        if (!failed)
            print_row(story, out, name, row, text.text);
    }
    hd_buf_free(&text);
    if (failed)
        return HD_E_NOMEM;
    fputc('\n', out);
    hd_text_tail(story, out);
    return HD_OK;
}
