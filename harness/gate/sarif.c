/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"): a result for each failure,
 * with one thread flow an actor; executionOrder is the interleaving.  Viewers that don't follow it
 * find the table in the message.  What could not be done is a notification of the invocation.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "gate/formats.h"
#include "gate/sarif.h"
#include "report/story.h"

static const char *const descriptions[][2] = {
    { "stale", "The steps of a case have changed, its verdict has not." },
    { "diverged", "A case does not do any more what it expects." },
    { "vacuous", "A case holds, but its schedule never came to the place it is about." },
    { "no-digest", "A case has no digest that holds its steps." },
    { "no-expectation", "A case does not say what to expect of its own variant." },
};

static const char *describe(const char *rule)
{
    for (size_t i = 0; i < sizeof descriptions / sizeof descriptions[0]; i++)
        if (!strcmp(descriptions[i][0], rule))
            return descriptions[i][1];
    return "A schedule of a variant that is said to be right goes wrong.";
}

static unsigned rule_index(struct hd_sarif *sarif, const char *rule)
{
    unsigned i = 0;

    while (i < sarif->rule_count && strcmp(sarif->rules[i], rule) != 0)
        i++;
    if (i == sarif->rule_count)
        sarif->rules[sarif->rule_count++] = rule;
    return i;
}

/* Those that the results have asked for. */
static json_t *rules_json(struct hd_sarif *sarif)
{
    json_t *rules = json_array();

    for (unsigned i = 0; i < sarif->rule_count; i++)
        hd_sarif_append(sarif, rules,
                        json_pack("{s:s, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s, s:s, s:[s]}}",
                                  "id", sarif->rules[i], "shortDescription", "text",
                                  describe(sarif->rules[i]), "fullDescription", "text",
                                  describe(sarif->rules[i]), "help", "text",
                                  "docs/gate.md says what to do.", "defaultConfiguration", "level",
                                  "error", "properties", "precision", "very-high",
                                  "problem.severity", "error", "tags", "concurrency"));
    return rules;
}

/* The message: what, what to do, and the table, in plain text and in Markdown. */
static enum hd_error put_message(struct hd_sarif *sarif, json_t *object,
                                 const struct hd_gate_check *check)
{
    struct hd_buf plain = { 0 }, markdown = { 0 };
    char *story = NULL;
    enum hd_error error = hd_gate_story(check, "table", &story);

    if (error)
        return error;
    hd_buf_addf(&plain, "%s: %s\n%s", check->name, check->text, check->advice);
    hd_buf_addf(&markdown, "%s: %s\n\n%s", check->name, check->text, check->advice);
    if (story) {
        hd_buf_addf(&plain, "\n\n%s", story);
        hd_buf_addf(&markdown, "\n\n``````text\n%s``````\n", story);
    }
    free(story);
    if (plain.failed || markdown.failed)
        sarif->failed = true;
    else
        hd_sarif_put(sarif, object, "message",
                     json_pack("{s:o, s:o}", "text", hd_sarif_text(plain.text), "markdown",
                               hd_sarif_text(markdown.text)));
    hd_buf_free(&plain);
    hd_buf_free(&markdown);
    return HD_OK;
}

/* The place in the model if there is one, else the case. */
static void put_locations(struct hd_sarif *sarif, json_t *object, const struct hd_gate_check *check)
{
    json_t *location = NULL;

    if (check->where)
        location = hd_sarif_location(sarif, hd_site_file(check->where), check->where->line, NULL);
    else if (check->file)
        location = hd_sarif_location(sarif, check->file, check->line, NULL);
    if (location)
        hd_sarif_put(sarif, object, "locations", json_pack("[o]", location));
    if (check->where && check->file)
        hd_sarif_put(sarif, object, "relatedLocations",
                     json_pack("[o]", hd_sarif_location(sarif, check->file, check->line,
                                                        "the case that was replayed")));
}

static enum hd_error append_result(struct hd_sarif *sarif, json_t *results,
                                   const struct hd_gate_check *check)
{
    json_t *object = json_object();
    char fingerprint[24];
    enum hd_error error;

    snprintf(fingerprint, sizeof fingerprint, "%016" PRIx64, check->fingerprint);
    hd_sarif_put(sarif, object, "ruleId", json_string(check->rule));
    hd_sarif_put(sarif, object, "ruleIndex", json_integer(rule_index(sarif, check->rule)));
    hd_sarif_put(sarif, object, "level", json_string("error"));
    put_locations(sarif, object, check);
    hd_sarif_put(sarif, object, "partialFingerprints",
                 json_pack("{s:s}", "heddle/v1", fingerprint));
    error = put_message(sarif, object, check);
    if (!error)
        error = hd_sarif_flows(sarif, object, check);
    hd_sarif_append(sarif, results, object);
    return error;
}

static json_t *invocation_json(struct hd_sarif *sarif, const struct hd_gate_result *result)
{
    json_t *notes = json_array();

    for (uint32_t i = 0; i < result->check_count; i++) {
        const struct hd_gate_check *check = &result->checks[i];
        json_t *note;

        if (check->outcome != HD_GATE_ERROR && check->outcome != HD_GATE_STOPPED)
            continue;
        note = json_pack("{s:s, s:{s:o}}", "level",
                         check->outcome == HD_GATE_ERROR ? "error" : "warning", "message", "text",
                         hd_sarif_text(check->text));
        if (check->file)
            hd_sarif_put(
                sarif, note, "locations",
                json_pack("[o]", hd_sarif_location(sarif, check->file, check->line, NULL)));
        hd_sarif_append(sarif, notes, note);
    }
    return json_pack("{s:b, s:o}", "executionSuccessful",
                     !result->counts[HD_GATE_ERROR] && !result->counts[HD_GATE_STOPPED],
                     "toolExecutionNotifications", notes);
}

static json_t *log_json(struct hd_sarif *sarif, const struct hd_gate_result *result,
                        json_t *results)
{
    return json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:o}}, s:[o], s:o}]}", "$schema",
                     "https://json.schemastore.org/sarif-2.1.0.json", "version", "2.1.0", "runs",
                     "tool", "driver", "name", "heddle", "semanticVersion", HD_VERSION, "rules",
                     rules_json(sarif), "invocations", invocation_json(sarif, result), "results",
                     results);
}

enum hd_error hd_gate_sarif(const struct hd_gate_result *result, FILE *out)
{
    struct hd_sarif sarif = { .rules = hd_alloc_array((size_t)result->check_count + 1,
                                                      sizeof *sarif.rules) };
    json_t *results = json_array(), *log = NULL;
    enum hd_error error = sarif.rules && results ? HD_OK : HD_E_NOMEM;

    for (uint32_t i = 0; i < result->check_count && !error; i++)
        if (result->checks[i].outcome == HD_GATE_FAILED)
            error = append_result(&sarif, results, &result->checks[i]);
    if (error)
        json_decref(results);
    else
        log = log_json(&sarif, result, results);
    if (!error && (!log || sarif.failed))
        error = HD_E_NOMEM;
    if (!error && json_dumpf(log, out, JSON_INDENT(2)))
        error = ferror(out) ? HD_E_IO : HD_E_NOMEM;
    if (!error)
        fputc('\n', out);
    json_decref(log);
    hd_dealloc(sarif.rules);
    return error;
}
