/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One file that a mail can carry: the verdict, the schedule at a glance, the table, the lanes with
 * the state beside them, and the case itself.  Nothing is loaded from anywhere, and its own policy
 * forbids it; without scripts only stepping and searching are missing.  page.css and page.js are
 * put in as they are.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "report/formats.h"
#include "report/lanes.h"
#include "report/markup.h"
#include "report/page.css.h"
#include "report/page.js.h"
#include "report/table.h"

/* ---- The head ------------------------------------------------------------------------------ */

static void put_head(const struct hd_story *story, FILE *out)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"
          " style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
          "<meta name=\"generator\" content=\"heddle " HD_VERSION "\">\n<title>", out);
    hd_markup_put(out, story->title);
    fputs("</title>\n<style>\n", out);
    fwrite(page_css, 1, sizeof page_css, out);
    fputs("</style>\n</head>\n<body>\n", out);
}

static void put_fact(FILE *out, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    fprintf(out, "<dt>%s</dt><dd>", name);
    hd_markup_put(out, text);
    fputs("</dd>\n", out);
}

static void put_where(const struct hd_story *story, FILE *out)
{
    const struct hd_site *where = story->verdict->where;

    if (!where)
        return;
    fputs("<dt>Where</dt><dd><code>", out);
    hd_markup_put(out, where->function);
    fputs("()</code> (", out);
    hd_markup_put(out, where->file);
    fprintf(out, ":%" PRIu32 ")", where->line);
    if (story->verdict->actor < story->actor_count) {
        fputs(", by ", out);
        hd_markup_put(out, story->actors[story->verdict->actor].name);
    }
    fputs(": <code>", out);
    hd_markup_put(out, where->what);
    fputs("</code></dd>\n", out);
}

static void put_workload(const struct hd_story *story, FILE *out)
{
    bool any = false;

    fputs("<dt>Workload</dt><dd>", out);
    for (uint32_t i = 0; i < story->key_count; i++) {
        if (story->keys[i].is_default)
            continue;
        fputs(any ? " <code>" : "<code>", out);
        hd_markup_put(out, story->keys[i].key);
        fputc('=', out);
        hd_markup_put(out, story->keys[i].value);
        fputs("</code>", out);
        any = true;
    }
    fputs(any ? "</dd>\n" : "the default one</dd>\n", out);
}

static void put_summary(const struct hd_story *story, FILE *out)
{
    const struct hd_execution *execution = story->report->execution;
    bool holds = story->verdict->holds;

    fputs("<header>\n<h1>", out);
    hd_markup_put(out, story->title);
    fputs("</h1>\n<p class=\"about\"><code>", out);
    hd_markup_put(out, story->scenario->name);
    fputc('/', out);
    hd_markup_put(out, story->variant->name);
    fputs("</code>: ", out);
    hd_markup_put(out, story->variant->summary ? story->variant->summary : "");
    fprintf(out, "</p>\n<dl class=\"facts\">\n<dt>Verdict</dt><dd><span class=\"verdict %s\">",
            holds ? "holds" : "violated");
    hd_markup_put(out, holds ? "holds" : story->verdict->kind);
    fputs("</span></dd>\n", out);
    if (!holds) {
        put_fact(out, "Violated", story->verdict->detail);
        put_where(story, out);
    }
    put_workload(story, out);
    fprintf(out, "<dt>Execution</dt><dd>%" PRIu32 " steps, %" PRIu32 " preemption%s, digest "
            "<code>%016" PRIx64 "</code></dd>\n", execution->trace.length,
            execution->trace.preemptions, execution->trace.preemptions == 1 ? "" : "s",
            execution->digest);
    if (story->report->command) {
        fputs("<dt>Repeat with</dt><dd><code>", out);
        hd_markup_put(out, story->report->command);
        fputs("</code></dd>\n", out);
    }
    fputs("</dl>\n</header>\n", out);
}

/* ---- The table and the narrative ----------------------------------------------------------- */

static void put_line(FILE *out, char *line)
{
    char *remark = strstr(line, "<-- ");

    if (!remark) {
        hd_markup_put(out, line);
        return;
    }
    *remark = '\0';
    hd_markup_put(out, line);
    *remark = '<';
    fputs("<mark>", out);
    hd_markup_put(out, remark);
    fputs("</mark>", out);
}

static bool put_table(const struct hd_story *story, FILE *out)
{
    size_t bytes = 0;
    char *text = NULL, *line;
    FILE *memory = open_memstream(&text, &bytes);
    bool printed;

    if (!memory)
        return false;
    hd_table_print(story, memory);
    printed = !fclose(memory);
    fputs("<pre class=\"table\">", out);
    for (line = text; printed && *line;) {
        char *end = strchr(line, '\n');

        if (end)
            *end = '\0';
        put_line(out, line);
        fputc('\n', out);
        line = end ? end + 1 : line + strlen(line);
    }
    fputs("</pre>\n", out);
    free(text);
    return printed;
}

static bool put_telling(const struct hd_story *story, FILE *out)
{
    bool printed;

    fputs("<h2>What happened</h2>\n<div class=\"two\">\n<div>", out);
    printed = put_table(story, out);
    fputs("</div>\n<ol>\n", out);
    for (uint32_t i = 0; i < story->narrative_count; i++) {
        fputs("<li>", out);
        hd_markup_put(out, story->narrative[i]);
        fputs("</li>\n", out);
    }
    fputs("</ol>\n</div>\n", out);
    return printed;
}

/* ---- The lanes, and what stands still ------------------------------------------------------- */

/* As it is at the end; the script puts another moment in its place. */
static void put_side(const struct hd_story *story, FILE *out)
{
    const struct hd_scenes *scenes = &story->scenes;

    fputs("<div class=\"side\">\n<div class=\"card\"><h3>Actors, <span class=\"moment\">at the end"
          "</span></h3>\n<table id=\"actors\" class=\"stance\">\n", out);
    for (unsigned i = 0; i < story->actor_count; i++) {
        const struct hd_stance *stance = hd_stance_at(scenes, (hd_actor_id)i, UINT32_MAX);
        bool waits = stance && stance->kind == HD_STANCE_WAITS;

        fprintf(out, "<tr><td class=\"c%u\">", i % HD_LANES_COLOURS);
        hd_markup_put(out, story->actors[i].name);
        fprintf(out, "</td><td class=\"%s\">%s ", waits ? "waits" : "",
                stance ? hd_stance_word(stance->kind) : "");
        hd_markup_put(out, stance ? stance->text : "");
        fputs("</td></tr>\n", out);
    }
    fputs("</table></div>\n<div class=\"card\"><h3>State, <span class=\"moment\">at the end</span>"
          "</h3>\n<table id=\"state\" class=\"state\">\n", out);
    for (uint32_t i = 0; i < scenes->cell_count; i++) {
        const char *value = "?";

        for (uint32_t j = 0; j < scenes->change_count; j++)
            if (scenes->changes[j].cell == i)
                value = scenes->changes[j].after;
        fputs("<tr><td>", out);
        hd_markup_put(out, scenes->cells[i].name ? scenes->cells[i].name : "?");
        fputs("</td><td>", out);
        hd_markup_put(out, value);
        fputs("</td></tr>\n", out);
    }
    fputs("</table></div>\n</div>\n", out);
}

static bool put_stage(const struct hd_story *story, FILE *out)
{
    bool printed;

    fputs("<h2>Step by step</h2>\n<div class=\"tools\"><input id=\"search\" type=\"search\""
          " placeholder=\"Search\" aria-label=\"Search the steps\">"
          "<span class=\"found-count\"></span>"
          "<button data-key=\"k\">Back <kbd>k</kbd></button>"
          "<button data-key=\"j\">Step <kbd>j</kbd></button>"
          "<button data-key=\"s\">Switch <kbd>s</kbd></button>"
          "<button data-key=\"p\">Preemption <kbd>p</kbd></button>"
          "<button data-key=\"w\">Wrong step <kbd>w</kbd></button>"
          "<span><kbd>/</kbd> <kbd>n</kbd> <kbd>N</kbd> search, capitals go back</span></div>\n"
          "<div class=\"stage\">\n<div class=\"scroll card\" tabindex=\"0\">\n", out);
    printed = hd_lanes_print(story, out);
    fputs("</div>\n", out);
    put_side(story, out);
    fputs("</div>\n", out);
    return printed;
}

/* ---- What follows --------------------------------------------------------------------------- */

static void put_facts(FILE *out, const char *title, const struct hd_story_facts *facts)
{
    if (facts->count == 0)
        return;
    fprintf(out, "<h2>%s</h2>\n<ul>\n", title);
    for (uint32_t i = 0; i < facts->count; i++) {
        fputs("<li>", out);
        hd_markup_put(out, facts->items[i].sentence);
        fputs("</li>\n", out);
    }
    fputs("</ul>\n", out);
}

static void put_rest(const struct hd_story *story, FILE *out)
{
    const struct hd_passport *passport = &story->scenario->passport;
    const struct hd_case *the_case = story->report->the_case;

    put_facts(out, "Could not go on", &story->stuck);
    put_facts(out, "Schedule", &story->segments);
    put_facts(out, "Otherwise than in the case&#39;s own variant", &story->differences);
    put_facts(out, "Held at the end", &story->held);
    fputs("<h2>The model</h2>\n<dl class=\"facts\">\n", out);
    put_fact(out, "Invariant", passport->invariants);
    put_fact(out, "Its facts", story->evidence);
    put_fact(out, "Modelled after", passport->source);
    fputs("</dl>\n", out);
    if (the_case && the_case->text) {
        fputs("<h2>The case</h2>\n<pre class=\"case\">", out);
        hd_markup_put(out, the_case->text);
        fputs("</pre>\n", out);
    }
    fputs("<footer>Made by heddle " HD_VERSION ".  A violation is a fact about the model.</footer>"
          "\n", out);
}

/* ---- The data of the script ----------------------------------------------------------------- */

static json_t *data_of(const struct hd_story *story)
{
    const struct hd_scenes *scenes = &story->scenes;
    json_t *cells = json_array(), *changes = json_array(), *stances = json_array();
    json_t *actors = json_array();

    for (uint32_t i = 0; i < scenes->cell_count; i++)
        json_array_append_new(cells, json_pack("[s?s?]", scenes->cells[i].name,
                                               scenes->cells[i].first));
    for (uint32_t i = 0; i < scenes->change_count; i++)
        json_array_append_new(changes, json_pack("[iis]", (int)scenes->changes[i].step,
                                                 (int)scenes->changes[i].cell,
                                                 scenes->changes[i].after));
    for (uint32_t i = 0; i < scenes->stance_count; i++)
        json_array_append_new(stances, json_pack("[iiss]", (int)scenes->stances[i].moment,
                                                 (int)scenes->stances[i].actor,
                                                 hd_stance_word(scenes->stances[i].kind),
                                                 scenes->stances[i].text));
    for (unsigned i = 0; i < story->actor_count; i++)
        json_array_append_new(actors, json_string(story->actors[i].name));
    return json_pack("{s:o,s:o,s:o,s:o,s:i}", "cells", cells, "changes", changes, "stances",
                     stances, "actors", actors, "colours", (int)HD_LANES_COLOURS);
}

static bool put_script(const struct hd_story *story, FILE *out)
{
    json_t *data = data_of(story);
    char *text = data ? json_dumps(data, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;

    json_decref(data);
    if (!text)
        return false;
    fputs("<script type=\"application/json\" id=\"data\">", out);
    hd_markup_put_script(out, text);
    fputs("</script>\n<script>\n", out);
    fwrite(page_js, 1, sizeof page_js, out);
    fputs("</script>\n</body>\n</html>\n", out);
    free(text);
    return true;
}

enum hd_error hd_format_html(const struct hd_story *story, FILE *out)
{
    bool printed;

    put_head(story, out);
    put_summary(story, out);
    hd_ribbon_print(story, out);
    printed = put_telling(story, out);
    printed &= put_stage(story, out);
    put_rest(story, out);
    printed &= put_script(story, out);
    return printed ? HD_OK : HD_E_NOMEM;
}
