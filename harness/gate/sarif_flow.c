/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pieces of a SARIF log: places, and an execution as thread flows. */
#include "gate/sarif.h"

#include <string.h>

#include "base/buf.h"
#include "gate/run.h"
#include "report/story.h"

void hd_sarif_put(struct hd_sarif *sarif, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value))
        sarif->failed = true;
}

void hd_sarif_append(struct hd_sarif *sarif, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value))
        sarif->failed = true;
}

json_t *hd_sarif_text(const char *text)
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

/* RFC 3986: a path's bytes that are neither unreserved nor '/' are percent-encoded. */
static json_t *uri_of(const char *path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-._~/";
    struct hd_buf uri = { 0 };
    json_t *value = NULL;

    hd_buf_addf(&uri, "%s", *path == '/' ? "file://" : "");
    for (; *path; path++)
        if (strchr(plain, *path))
            hd_buf_add(&uri, path, 1);
        else
            hd_buf_addf(&uri, "%%%02X", (unsigned)(unsigned char)*path);
    if (!uri.failed)
        value = json_string(uri.text);
    hd_buf_free(&uri);
    return value;
}

json_t *hd_sarif_location(struct hd_sarif *sarif, const char *path, uint32_t line,
                          const char *message)
{
    json_t *physical = json_pack("{s:{s:o}}", "artifactLocation", "uri", uri_of(path));
    json_t *location = json_object();

    if (line)
        hd_sarif_put(sarif, physical, "region", json_pack("{s:i}", "startLine", (int)line));
    hd_sarif_put(sarif, location, "physicalLocation", physical);
    if (message)
        hd_sarif_put(sarif, location, "message",
                     json_pack("{s:o}", "text", hd_sarif_text(message)));
    return location;
}

/* "lock folio[0].lock", "reclaim()" */
static json_t *row_text(const struct hd_story_row *row)
{
    struct hd_buf text = { 0 };
    json_t *value = NULL;

    if (row->kind == HD_ROW_CALL || row->kind == HD_ROW_CHECK)
        hd_buf_addf(&text, "%s%s", row->text, row->kind == HD_ROW_CALL ? "()" : "");
    else
        hd_buf_addf(&text, "%s%s%s%s%s", row->kind == HD_ROW_STUCK ? "waits for ever: " : "",
                    hd_op_word(row->op), row->object ? " " : "", row->object ? row->object : "",
                    row->failed ? " fails" : "");
    if (!text.failed)
        value = hd_sarif_text(text.text);
    hd_buf_free(&text);
    return value;
}

static const char *importance(const struct hd_story_row *row)
{
    if (row->wrong || row->counterpart || row->decisive)
        return "essential";
    return row->kind == HD_ROW_CALL || hd_story_matters(row) ? "important" : "unimportant";
}

static json_t *row_json(struct hd_sarif *sarif, const struct hd_story_row *row, uint32_t order)
{
    json_t *location =
        row->site ? hd_sarif_location(sarif, hd_site_file(row->site), row->site->line, NULL)
                  : json_object();
    json_t *object;

    hd_sarif_put(sarif, location, "message", json_pack("{s:o}", "text", row_text(row)));
    if (row->site)
        hd_sarif_put(sarif, location, "logicalLocations",
                     json_pack("[{s:s, s:s}]", "name", row->site->function, "kind", "function"));
    object = json_pack("{s:o, s:i, s:i, s:s}", "location", location, "executionOrder", (int)order,
                       "nestingLevel", (int)row->depth, "importance", importance(row));
    if (row->kind == HD_ROW_STEP && row->object && row->value)
        hd_sarif_put(sarif, object, "state",
                     json_pack("{s:{s:o}}", row->object, "text", hd_sarif_text(row->value)));
    return object;
}

/* NULL: the actor took no part. */
static json_t *thread_flow(struct hd_sarif *sarif, const struct hd_story *story, hd_actor_id actor)
{
    json_t *locations = json_array();

    for (uint32_t i = 0; i < story->row_count; i++)
        if (story->rows[i].actor == actor)
            hd_sarif_append(sarif, locations, row_json(sarif, &story->rows[i], i + 1));
    if (json_array_size(locations) > 0)
        return json_pack("{s:s, s:o}", "id", hd_story_actor_name(story, actor), "locations",
                         locations);
    json_decref(locations);
    return NULL;
}

static void put_flows(struct hd_sarif *sarif, json_t *object, const struct hd_story *story)
{
    json_t *flows = json_array();

    for (unsigned i = 0; i < story->actor_count; i++) {
        json_t *flow = thread_flow(sarif, story, (hd_actor_id)i);

        if (flow)
            hd_sarif_append(sarif, flows, flow);
    }
    if (json_array_size(flows) == 0)
        json_decref(flows);
    else
        hd_sarif_put(sarif, object, "codeFlows",
                     json_pack("[{s:{s:o}, s:o}]", "message", "text", hd_sarif_text(story->title),
                               "threadFlows", flows));
}

enum hd_error hd_sarif_flows(struct hd_sarif *sarif, json_t *object,
                             const struct hd_gate_check *check)
{
    const struct hd_run_options options = { .backend = HD_BACKEND_FIBER };
    struct hd_run run = { 0 };
    struct hd_report report;
    struct hd_story story;
    enum hd_error error;

    if (!check->evidence)
        return HD_OK;
    error = hd_run_case(check->evidence, check->variant, &options, &run, NULL);
    if (error)
        return error;
    hd_run_describe(&run, check->evidence, NULL, NULL, &report);
    error = hd_story_build(&report, &story);
    if (!error)
        put_flows(sarif, object, &story);
    hd_story_free(&story);
    hd_run_free(&run);
    return error;
}
