/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GitHub Actions: an annotation a failure, by a workflow command on a line of its own, and a page
 * of Markdown for the job's summary.  Source: "Workflow commands for GitHub Actions", and the
 * escapes of the toolkit's core package.
 */
#include "gate/formats.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/story.h"

#define FENCE "``````"

/* A message escapes what would end it; a property also what would end it. */
static void put_escaped(FILE *out, const char *text, const char *special)
{
    for (; *text; text++)
        if (strchr(special, *text))
            fprintf(out, "%%%02X", (unsigned)(unsigned char)*text);
        else
            fputc(*text, out);
}

static void put_message(FILE *out, const char *text)
{
    put_escaped(out, text, "%\r\n");
}

static void put_property(FILE *out, const char *name, const char *text)
{
    fprintf(out, "%s=", name);
    put_escaped(out, text, "%\r\n:,");
}

static bool is_trouble(const struct hd_gate_check *check)
{
    return check->outcome >= HD_GATE_STOPPED;
}

static void print_annotation(const struct hd_gate_check *check, FILE *out)
{
    const char *file = check->where ? hd_site_file(check->where) : check->file;
    uint32_t line = check->where ? check->where->line : check->line;

    fprintf(out, "::%s ", check->outcome == HD_GATE_STOPPED ? "warning" : "error");
    if (file) {
        put_property(out, "file", file);
        fputc(',', out);
    }
    if (file && line)
        fprintf(out, "line=%" PRIu32 ",", line);
    put_property(out, "title", check->name);
    fprintf(out, "::");
    if (check->where && check->file) {
        put_message(out, check->file);
        put_message(out, ": ");
    }
    put_message(out, check->text);
    put_message(out, "\n");
    put_message(out, check->advice);
    fputc('\n', out);
}

enum hd_error hd_gate_github(const struct hd_gate_result *result, FILE *out)
{
    for (uint32_t i = 0; i < result->check_count; i++)
        if (is_trouble(&result->checks[i]))
            print_annotation(&result->checks[i], out);
    if (hd_gate_hint(result)) {
        fprintf(out, "::error title=heddle gate::");
        put_message(out, hd_gate_hint(result));
        fputc('\n', out);
    }
    return HD_OK;
}

/* What Markdown, or HTML in it, would take for its own is escaped. */
static void put_markdown(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\`*_{}[]<>#|&~", *text))
            fputc('\\', out);
        fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
    }
}

static enum hd_error print_trouble(const struct hd_gate_group *group,
                                   const struct hd_gate_check *check, FILE *out)
{
    char *story = NULL;
    enum hd_error error = hd_gate_story(check, "table", &story);

    if (error)
        return error;
    fprintf(out, "### ");
    put_markdown(out, group->name);
    fprintf(out, ": ");
    put_markdown(out, check->name);
    fprintf(out, "\n\n%s: ", hd_gate_outcome_word(check->outcome));
    put_markdown(out, check->text);
    fprintf(out, "\n\n");
    put_markdown(out, check->advice);
    fprintf(out, "\n\n");
    if (story)
        fprintf(out, FENCE "text\n%s" FENCE "\n\n", story);
    free(story);
    return HD_OK;
}

enum hd_error hd_gate_markdown(const struct hd_gate_result *result, FILE *out)
{
    enum hd_error error = HD_OK;

    fprintf(out, "## heddle: %s\n\n", hd_gate_verdict(result));
    hd_gate_sums(result, out);
    fputc('\n', out);
    if (hd_gate_hint(result))
        fprintf(out, "%s\n\n", hd_gate_hint(result));
    for (uint32_t i = 0; i < result->group_count; i++)
        for (uint32_t j = 0; j < result->groups[i].count && !error; j++) {
            const struct hd_gate_check *check = &result->checks[result->groups[i].first + j];

            if (is_trouble(check))
                error = print_trouble(&result->groups[i], check, out);
        }
    return error;
}
