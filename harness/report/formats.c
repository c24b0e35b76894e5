/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one list of report formats.  A new one is a file with a printer, and a line here. */
#include "report/formats.h"

#include <string.h>

static enum hd_error print_story(const struct hd_report *report, FILE *out,
                                 enum hd_error (*format)(const struct hd_story *, FILE *))
{
    struct hd_story story;
    enum hd_error error = hd_story_build(report, &story);

    if (!error)
        error = format(&story, out);
    hd_story_free(&story);
    if (!error && (fflush(out) || ferror(out)))
        error = HD_E_IO;
    return error;
}

static enum hd_error print_table(const struct hd_report *report, FILE *out)
{
    return print_story(report, out, hd_format_table);
}

static enum hd_error print_steps(const struct hd_report *report, FILE *out)
{
    return print_story(report, out, hd_format_steps);
}

static enum hd_error print_json(const struct hd_report *report, FILE *out)
{
    return print_story(report, out, hd_format_json);
}

static enum hd_error print_html(const struct hd_report *report, FILE *out)
{
    return print_story(report, out, hd_format_html);
}

static enum hd_error print_chrome(const struct hd_report *report, FILE *out)
{
    return print_story(report, out, hd_format_chrome);
}

static enum hd_error print_mermaid(const struct hd_report *report, FILE *out)
{
    return print_story(report, out, hd_format_mermaid);
}

const struct hd_format_info hd_formats[] = {
    { "table", "a column for each CPU, as in a commit message, then in words", print_table },
    { "steps", "every step with its values and its place in the source", print_steps },
    { "json", "all of it, for machines; docs/report-json.md has the schema", print_json },
    { "html", "a page to look at, step through and attach to a mail, in one file", print_html },
    { "chrome", "a trace for Perfetto: a track for each actor, arrows for switches", print_chrome },
    { "mermaid", "a sequence diagram, for a fenced block in an issue", print_mermaid },
};
const size_t hd_format_count = sizeof hd_formats / sizeof hd_formats[0];

const struct hd_format_info *hd_format_find(const char *name)
{
    for (size_t i = 0; i < hd_format_count; i++)
        if (strcmp(hd_formats[i].name, name) == 0)
            return &hd_formats[i];
    return NULL;
}
