/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The story as one JSON object: the source for every other program.  docs/report-json.md documents
 * each member; a change there that breaks a reader raises SCHEMA_VERSION.
 */
#include "report/formats.h"

#include <inttypes.h>
#include <jansson.h>

#include "base/buf.h"

#define SCHEMA_VERSION 1

/* jansson refuses text that is no UTF-8, such as a command with somebody's old file name in it. */
static json_t *text_or_ascii(const char *text)
{
    json_t *value = json_string(text);
    struct hd_buf ascii = { 0 };

    if (value)
        return value;
    for (; *text; text++)
        hd_buf_add(&ascii, (unsigned char)*text < 0x80 ? text : "?", 1);
    if (ascii.text && !ascii.failed)
        value = json_string(ascii.text);
    hd_buf_free(&ascii);
    return value;
}

/*
 * Each puts a member; what doesn't apply is left out, so a reader asks whether it is there.  A
 * failure is remembered in *ok, and asked for once.
 */
static void put(json_t *object, const char *key, json_t *value, bool *ok)
{
    if (json_object_set_new(object, key, value))
        *ok = false;
}

static void put_text(json_t *object, const char *key, const char *text, bool *ok)
{
    if (text)
        put(object, key, text_or_ascii(text), ok);
}

static void put_number(json_t *object, const char *key, uint32_t number, bool *ok)
{
    if (number != UINT32_MAX)
        put(object, key, json_integer((json_int_t)number), ok);
}

/* Only what is true is said. */
static void put_flag(json_t *object, const char *key, bool flag, bool *ok)
{
    if (flag)
        put(object, key, json_true(), ok);
}

static void put_site(json_t *object, const struct hd_site *site, bool *ok)
{
    if (!site)
        return;
    put_text(object, "function", site->function, ok);
    put_text(object, "file", site->file, ok);
    put_number(object, "line", site->line, ok);
}

static json_t *facts_json(const struct hd_story_facts *facts, const char *number, bool *ok)
{
    json_t *array = json_array();

    for (uint32_t i = 0; i < facts->count; i++) {
        const struct hd_story_fact *fact = &facts->items[i];
        json_t *object = json_object();

        put_number(object, number, fact->number, ok);
        put_text(object, "actor", fact->actor, ok);
        put_text(object, "op", fact->op, ok);
        put_text(object, "object", fact->object, ok);
        put_text(object, "function", fact->function, ok);
        put_text(object, "outcome", fact->outcome, ok);
        put_text(object, "holder", fact->holder, ok);
        put_number(object, "since", fact->since, ok);
        put_text(object, "sentence", fact->sentence, ok);
        if (json_array_append_new(array, object))
            *ok = false;
    }
    return array;
}

static json_t *workload_json(const struct hd_story *story, bool *ok)
{
    json_t *array = json_array();

    for (uint32_t i = 0; i < story->key_count; i++) {
        json_t *object = json_object();

        put_text(object, "key", story->keys[i].key, ok);
        put_text(object, "value", story->keys[i].value, ok);
        put(object, "default", json_boolean(story->keys[i].is_default), ok);
        if (json_array_append_new(array, object))
            *ok = false;
    }
    return array;
}

static json_t *evidence_json(const struct hd_story *story, bool *ok)
{
    const struct hd_passport *passport = &story->scenario->passport;
    json_t *object = json_object();

    put_text(object, "grade", story->evidence_word, ok);
    put_text(object, "sentence", story->evidence, ok);
    put_text(object, "source", passport->source, ok);
    put_text(object, "invariants", passport->invariants, ok);
    put_text(object, "reference", passport->reference, ok);
    return object;
}

static json_t *verdict_json(const struct hd_story *story, bool *ok)
{
    const struct hd_verdict *verdict = story->verdict;
    json_t *object = json_object(), *stack;

    put(object, "holds", json_boolean(verdict->holds), ok);
    if (verdict->holds)
        return object;
    put_text(object, "kind", verdict->kind, ok);
    put_text(object, "detail", verdict->detail, ok);
    put_text(object, "site", verdict->site, ok);
    put_site(object, verdict->where, ok);
    put_text(object, "code", verdict->where ? verdict->where->what : NULL, ok);
    put_number(object, "step", verdict->step, ok);
    if (verdict->actor < story->actor_count)
        put_number(object, "actor", verdict->actor, ok);
    put_text(object, "object", story->object, ok);
    if (verdict->other_step < story->report->execution->trace.length)
        put_number(object, "other_step", verdict->other_step, ok);
    stack = json_array();
    for (uint32_t i = 0; i < verdict->stack_depth; i++) {
        json_t *frame = json_object();

        put_text(frame, "call", verdict->stack[i]->what, ok);
        put_site(frame, verdict->stack[i], ok);
        if (json_array_append_new(stack, frame))
            *ok = false;
    }
    put(object, "stack", stack, ok);
    return object;
}

static json_t *actors_json(const struct hd_story *story, bool *ok)
{
    json_t *array = json_array();

    for (unsigned i = 0; i < story->actor_count; i++) {
        const struct hd_story_actor *actor = &story->actors[i];
        json_t *object = json_object();

        put_number(object, "id", i, ok);
        put_text(object, "name", actor->name, ok);
        put_text(object, "kind", actor->service ? "service" : "task", ok);
        put_text(object, "summary", actor->summary, ok);
        put_text(object, "heading", actor->heading, ok);
        put_number(object, "steps", actor->steps, ok);
        if (actor->column != HD_COLUMN_NONE)
            put_number(object, "column", actor->column, ok);
        if (json_array_append_new(array, object))
            *ok = false;
    }
    return array;
}

static json_t *row_json(const struct hd_story *story, const struct hd_story_row *row, bool *ok)
{
    static const char *const kinds[] = {
        [HD_ROW_CALL] = "call", [HD_ROW_STEP] = "step", [HD_ROW_CHECK] = "check",
        [HD_ROW_STUCK] = "stuck",
    };
    json_t *object = json_object();

    put_text(object, "kind", kinds[row->kind], ok);
    put_number(object, "actor", row->actor, ok);
    put_number(object, "step", row->step, ok);
    put_number(object, "depth", row->depth, ok);
    put_text(object, "text", row->text, ok);
    if (row->kind == HD_ROW_STEP || row->kind == HD_ROW_STUCK)
        put_text(object, "op", hd_op_word(row->op), ok);
    put_text(object, "object", row->object, ok);
    put_text(object, "value", row->value, ok);
    put_site(object, row->site, ok);
    put_number(object, "sees", row->sees, ok);
    put_flag(object, "seen", row->seen, ok);
    put_flag(object, "preempts", row->preempts, ok);
    put_flag(object, "failed", row->failed, ok);
    put_flag(object, "waited", row->waited, ok);
    put_flag(object, "wrong", row->wrong, ok);
    put_flag(object, "counterpart", row->counterpart, ok);
    put_flag(object, "decisive", row->decisive, ok);
    if (row->holder < story->actor_count) {
        put_text(object, "holder", hd_story_actor_name(story, row->holder), ok);
        put_number(object, "since", row->since, ok);
    }
    return object;
}

static json_t *rows_json(const struct hd_story *story, bool *ok)
{
    json_t *array = json_array();

    for (uint32_t i = 0; i < story->row_count; i++)
        if (json_array_append_new(array, row_json(story, &story->rows[i], ok)))
            *ok = false;
    return array;
}

static json_t *table_json(const struct hd_story *story, bool *ok)
{
    static const char *const kinds[] = {
        [HD_LINE_ACTOR] = "actor", [HD_LINE_EVENT] = "event", [HD_LINE_REMARK] = "remark",
        [HD_LINE_ELISION] = "elision",
    };
    json_t *table = json_object(), *lines = json_array();

    put_number(table, "columns", story->column_count, ok);
    put(table, "numbered", json_boolean(story->column_count > HD_COLUMNS_MAX), ok);
    for (uint32_t i = 0; i < story->line_count; i++) {
        const struct hd_story_line *line = &story->lines[i];
        json_t *object = json_object();

        put_text(object, "kind", kinds[line->kind], ok);
        if (line->actor != HD_ACTOR_NONE) {
            put_number(object, "actor", line->actor, ok);
            put_number(object, "column", story->actors[line->actor].column, ok);
        }
        put_number(object, "step", line->step, ok);
        put_number(object, "indent", line->indent, ok);
        put_text(object, "text", line->text, ok);
        if (json_array_append_new(lines, object))
            *ok = false;
    }
    put(table, "lines", lines, ok);
    return table;
}

static json_t *cells_json(const struct hd_story *story, bool *ok)
{
    json_t *array = json_array();

    for (uint32_t i = 0; i < story->scenes.cell_count; i++) {
        json_t *object = json_object();

        put_text(object, "name", story->scenes.cells[i].name, ok);
        put_text(object, "first", story->scenes.cells[i].first, ok);
        if (json_array_append_new(array, object))
            *ok = false;
    }
    return array;
}

static json_t *changes_json(const struct hd_story *story, bool *ok)
{
    json_t *array = json_array();

    for (uint32_t i = 0; i < story->scenes.change_count; i++) {
        const struct hd_change *change = &story->scenes.changes[i];
        json_t *object = json_object();

        put_number(object, "step", change->step, ok);
        put_number(object, "cell", change->cell, ok);
        put_text(object, "before", change->before, ok);
        put_text(object, "after", change->after, ok);
        if (json_array_append_new(array, object))
            *ok = false;
    }
    return array;
}

static json_t *stances_json(const struct hd_story *story, bool *ok)
{
    json_t *array = json_array();

    for (uint32_t i = 0; i < story->scenes.stance_count; i++) {
        const struct hd_stance *stance = &story->scenes.stances[i];
        json_t *object = json_object();

        put_number(object, "moment", stance->moment, ok);
        put_number(object, "actor", stance->actor, ok);
        put_text(object, "kind", hd_stance_word(stance->kind), ok);
        put_text(object, "text", *stance->text ? stance->text : NULL, ok);
        if (json_array_append_new(array, object))
            *ok = false;
    }
    return array;
}

static json_t *narrative_json(const struct hd_story *story, bool *ok)
{
    json_t *array = json_array();

    for (uint32_t i = 0; i < story->narrative_count; i++)
        if (json_array_append_new(array, text_or_ascii(story->narrative[i])))
            *ok = false;
    return array;
}

static json_t *story_json(const struct hd_story *story, bool *ok)
{
    const struct hd_execution *execution = story->report->execution;
    json_t *root = json_object();
    char digest[17];

    snprintf(digest, sizeof digest, "%016" PRIx64, execution->digest);
    put_number(root, "schema", SCHEMA_VERSION, ok);
    put_text(root, "tool", "heddle " HD_VERSION, ok);
    put_text(root, "title", story->title, ok);
    put_text(root, "scenario", story->scenario->name, ok);
    put_text(root, "variant", story->variant->name, ok);
    put_text(root, "summary", story->variant->summary, ok);
    put(root, "workload", workload_json(story, ok), ok);
    put(root, "evidence", evidence_json(story, ok), ok);
    put(root, "verdict", verdict_json(story, ok), ok);
    put_text(root, "digest", digest, ok);
    put_number(root, "steps", execution->trace.length, ok);
    put_number(root, "choices", execution->trace.choices, ok);
    put_number(root, "preemptions", execution->trace.preemptions, ok);
    put(root, "actors", actors_json(story, ok), ok);
    put(root, "rows", rows_json(story, ok), ok);
    put(root, "table", table_json(story, ok), ok);
    put(root, "cells", cells_json(story, ok), ok);
    put(root, "changes", changes_json(story, ok), ok);
    put(root, "stances", stances_json(story, ok), ok);
    put(root, "narrative", narrative_json(story, ok), ok);
    put(root, "held", facts_json(&story->held, "step", ok), ok);
    put(root, "stuck", facts_json(&story->stuck, "step", ok), ok);
    put(root, "segments", facts_json(&story->segments, "segment", ok), ok);
    put(root, "differences", facts_json(&story->differences, "step", ok), ok);
    put_text(root, "command", story->report->command, ok);
    return root;
}

enum hd_error hd_format_json(const struct hd_story *story, FILE *out)
{
    bool ok = true;
    json_t *root = story_json(story, &ok);
    enum hd_error error = ok ? HD_OK : HD_E_NOMEM;

    if (ok && json_dumpf(root, out, JSON_INDENT(2)))
        error = ferror(out) ? HD_E_IO : HD_E_NOMEM;
    if (ok)
        fputc('\n', out);
    json_decref(root);
    return error;
}
