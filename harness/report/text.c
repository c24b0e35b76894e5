/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/text.h"

#include <inttypes.h>
#include <string.h>

#include "report/formats.h"
#include "report/layout.h"
#include "report/table.h"

#define LINE_BYTES 1024

void hd_text_head(const struct hd_story *story, FILE *out)
{
    char line[LINE_BYTES];
    size_t used;

    hd_layout_paragraph(out, 0, "", story->title);
    fputc('\n', out);
    snprintf(line, sizeof line, "%s/%s: %s", story->scenario->name, story->variant->name,
             story->variant->summary ? story->variant->summary : "");
    hd_layout_paragraph(out, 0, "", line);
    used = 0;
    line[0] = '\0';
    for (uint32_t i = 0; i < story->key_count; i++)
        if (!story->keys[i].is_default && used < sizeof line)
            used += (size_t)snprintf(line + used, sizeof line - used, "%s%s=%s", used ? " " : "",
                                     story->keys[i].key, story->keys[i].value);
    hd_layout_paragraph(out, 0, "Workload: ", used ? line : "the default one");
    fputc('\n', out);
}

void hd_text_narrative(const struct hd_story *story, FILE *out)
{
    char lead[16];

    if (story->narrative_count == 0)
        return;
    fprintf(out, "What happened:\n");
    for (uint32_t i = 0; i < story->narrative_count; i++) {
        snprintf(lead, sizeof lead, "%2" PRIu32 ". ", i + 1);
        hd_layout_paragraph(out, 1, lead, story->narrative[i]);
    }
    fputc('\n', out);
}

/* Two places in the source, in the shape of a sanitizer's report. */
static void print_places(const struct hd_story *story, FILE *out)
{
    const struct hd_verdict *verdict = story->verdict;
    const struct hd_trace *trace = &story->report->execution->trace;
    char line[LINE_BYTES];

    if (verdict->where) {
        snprintf(line, sizeof line, "%s() (%s:%" PRIu32 ")%s%s: %s%s%s", verdict->where->function,
                 hd_site_file(verdict->where), verdict->where->line,
                 verdict->actor < story->actor_count ? ", by " : ", at the end",
                 verdict->actor < story->actor_count ? story->actors[verdict->actor].name : "",
                 verdict->where->what, story->object ? ", on " : "",
                 story->object ? story->object : "");
        hd_layout_paragraph(out, 0, "Where: ", line);
    }
    if (verdict->stack_depth > 0) {
        size_t used = 0;

        line[0] = '\0';
        for (uint32_t i = verdict->stack_depth; i-- > 0 && used < sizeof line;)
            used += (size_t)snprintf(line + used, sizeof line - used, "%s%s()", used ? " < " : "",
                                     verdict->stack[i]->what);
        hd_layout_paragraph(out, 0, "Called from: ", line);
    }
    if (verdict->other_step < trace->length) {
        const struct hd_step *step = &trace->steps[verdict->other_step];
        const struct hd_site *site = trace->wheres[verdict->other_step].site;

        snprintf(line, sizeof line, "step %" PRIu32 ", %s in %s() (%s:%" PRIu32 ") by %s",
                 verdict->other_step, hd_op_word(step->op), site ? site->function : "?",
                 site ? hd_site_file(site) : "?", site ? site->line : 0,
                 hd_story_actor_name(story, step->actor));
        hd_layout_paragraph(out, 0, "Against: ", line);
    }
}

static void print_verdict(const struct hd_story *story, FILE *out)
{
    const char *invariants = story->scenario->passport.invariants;

    if (!story->verdict->holds) {
        hd_layout_paragraph(out, 0, "Violated: ",
                            story->verdict->detail ? story->verdict->detail : story->verdict->kind);
        print_places(story, out);
    }
    if (invariants)
        hd_layout_paragraph(out, 0, story->verdict->holds ? "Invariant, kept: " : "Invariant: ",
                            invariants);
}

static void print_facts(FILE *out, const char *title, const struct hd_story_facts *facts)
{
    if (facts->count == 0)
        return;
    fprintf(out, "%s\n", title);
    for (uint32_t i = 0; i < facts->count; i++)
        hd_layout_paragraph(out, 1, "- ", facts->items[i].sentence);
}

/* Only what a guided replay could not do needs words. */
static void print_segments(const struct hd_story *story, FILE *out)
{
    uint32_t carried = 0;

    if (story->segments.count == 0)
        return;
    for (uint32_t i = 0; i < story->segments.count; i++)
        carried += story->report->segments[i].outcome == HD_CARRIED;
    fprintf(out, "Schedule: %" PRIu32 " of %" PRIu32 " segments carried out%s\n", carried,
            story->segments.count, carried < story->segments.count ? ":" : ".");
    for (uint32_t i = 0; i < story->segments.count; i++)
        if (story->report->segments[i].outcome != HD_CARRIED)
            hd_layout_paragraph(out, 1, "- ", story->segments.items[i].sentence);
}

/* A command is never broken: it is there to be pasted. */
static void print_command(FILE *out, const char *command)
{
    const char *lead = "Repeat with: ";

    if (strlen(lead) + strlen(command) <= HD_TEXT_COLUMNS)
        fprintf(out, "%s%s\n", lead, command);
    else
        fprintf(out, "Repeat with:\n  %s\n", command);
}

void hd_text_tail(const struct hd_story *story, FILE *out)
{
    const struct hd_execution *execution = story->report->execution;

    print_verdict(story, out);
    print_facts(out, "Held at the end:", &story->held);
    print_facts(out, "Could not go on:", &story->stuck);
    print_segments(story, out);
    print_facts(out, "Otherwise than in the case's own variant:", &story->differences);
    hd_layout_paragraph(out, 0, "The modelled facts: ", story->evidence);
    if (story->scenario->passport.source)
        hd_layout_paragraph(out, 0, "Modelled after: ", story->scenario->passport.source);
    fprintf(out, "Digest: %016" PRIx64 " (steps: %" PRIu32 ", preemptions: %" PRIu32 ")\n",
            execution->digest, execution->trace.length, execution->trace.preemptions);
    if (story->report->command)
        print_command(out, story->report->command);
}

void hd_text_row(const struct hd_story *story, const struct hd_story_row *row, struct hd_buf *text)
{
    if (row->kind == HD_ROW_CALL) {
        hd_buf_addf(text, "%s()", row->text);
    } else if (row->kind == HD_ROW_CHECK) {
        hd_buf_addf(text, "%s", row->text);
    } else {
        hd_buf_addf(text, "%s%s", row->kind == HD_ROW_STUCK ? "waits for ever: " : "",
                    hd_op_word(row->op));
        if (row->object)
            hd_buf_addf(text, " %s", row->object);
        if (row->value)
            hd_buf_addf(text, " %s %s", hd_op_writes(row->op) ? "<-" : "->", row->value);
        if (row->failed)
            hd_buf_addf(text, " fails");
    }
    if (row->holder < story->actor_count)
        hd_buf_addf(text, row->waited && row->kind == HD_ROW_STEP
                              ? " (waited for %s, who held it since step %" PRIu32 ")"
                              : " (held by %s since step %" PRIu32 ")",
                    hd_story_actor_name(story, row->holder), row->since);
    if (row->wrong)
        hd_buf_addf(text, " <-- %s", story->verdict->kind);
}

enum hd_error hd_format_table(const struct hd_story *story, FILE *out)
{
    hd_text_head(story, out);
    hd_table_print(story, out);
    fputc('\n', out);
    hd_text_narrative(story, out);
    hd_text_tail(story, out);
    return HD_OK;
}
