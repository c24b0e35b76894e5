/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The JSON report, read back: it is valid, has what its document promises, and says no more. */
#include "printing.h"
#include "toy.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

static const char i1[] =
    "heddle case 1\n"
    "scenario  toy-write\n"
    "variant   old\n"
    "run       writer      until hook\n"
    "run       flusher     until end\n"
    "run       completion  until end\n"
    "run       reclaimer   until end\n"
    "run       writer      until end\n";

static json_t *read_back(const struct hd_report *report)
{
    char *text = printed(report, "json");
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);

    if (!root)
        fail_msg("line %d: %s", error.line, error.text);
    assert_int_equal(text[strlen(text) - 1], '\n');
    free(text);
    return root;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    if (!text)
        fail_msg("no text \"%s\"", key);
    return text;
}

static json_int_t number_of(const json_t *object, const char *key)
{
    assert_true(json_is_integer(json_object_get(object, key)));
    return json_integer_value(json_object_get(object, key));
}

static const json_t *element(const json_t *root, const char *key, size_t index)
{
    const json_t *found = json_array_get(json_object_get(root, key), index);

    assert_non_null(found);
    return found;
}

/* Those that the document marks "always", with their types, in its order; `command` is the last. */
static void has_the_documented_members_in_order(void **state)
{
    static const struct {
        const char *key;
        json_type type;
    } members[] = {
        { "schema", JSON_INTEGER },    { "tool", JSON_STRING },      { "title", JSON_STRING },
        { "scenario", JSON_STRING },   { "variant", JSON_STRING },   { "summary", JSON_STRING },
        { "workload", JSON_ARRAY },    { "evidence", JSON_OBJECT },  { "verdict", JSON_OBJECT },
        { "digest", JSON_STRING },     { "steps", JSON_INTEGER },    { "choices", JSON_INTEGER },
        { "preemptions", JSON_INTEGER }, { "actors", JSON_ARRAY },   { "rows", JSON_ARRAY },
        { "table", JSON_OBJECT },      { "cells", JSON_ARRAY },      { "changes", JSON_ARRAY },
        { "stances", JSON_ARRAY },     { "narrative", JSON_ARRAY },  { "held", JSON_ARRAY },
        { "stuck", JSON_ARRAY },       { "segments", JSON_ARRAY },   { "differences", JSON_ARRAY },
        { "command", JSON_STRING },
    };
    struct printing p;
    json_t *root;
    const char *key;
    json_t *value;
    size_t i = 0;

    (void)state;
    printing_open(&p, &toys, i1, "old");
    root = read_back(&p.report);
    json_object_foreach(root, key, value) {
        assert_true(i < sizeof members / sizeof members[0]);
        assert_string_equal(key, members[i].key);
        assert_int_equal(json_typeof(value), members[i].type);
        i++;
    }
    assert_int_equal(i, sizeof members / sizeof members[0]);
    json_decref(root);
    printing_close(&p);
}

static void tells_the_violation(void **state)
{
    struct printing p;
    const json_t *verdict;
    json_t *root;
    char digest[17];

    (void)state;
    printing_open(&p, &toys, i1, "old");
    root = read_back(&p.report);
    snprintf(digest, sizeof digest, "%016" PRIx64, p.execution.digest);
    assert_int_equal(number_of(root, "schema"), 1);
    assert_string_equal(text_of(root, "digest"), digest);
    assert_string_equal(text_of(root, "scenario"), "toy-write");
    assert_string_equal(text_of(root, "variant"), "old");
    assert_string_equal(text_of(root, "command"), "heddle replay toy.sched");
    assert_int_equal(number_of(root, "preemptions"), 1);
    verdict = json_object_get(root, "verdict");
    assert_true(json_is_false(json_object_get(verdict, "holds")));
    assert_string_equal(text_of(verdict, "kind"), "buffers-missing");
    assert_string_equal(text_of(verdict, "site"), "page_buffers");
    assert_string_equal(text_of(verdict, "code"), "buffer != NULL");
    assert_int_equal(number_of(verdict, "step"), 15);
    assert_int_equal(number_of(verdict, "actor"), 0);
    assert_null(json_object_get(verdict, "other_step"));
    assert_int_equal(json_array_size(json_object_get(verdict, "stack")), 4);
    assert_string_equal(text_of(element(verdict, "stack", 0), "call"), "write_iter");
    assert_string_equal(text_of(json_object_get(root, "evidence"), "grade"), "synthetic");
    json_decref(root);
    printing_close(&p);
}

/* Four actors, two columns, the second shared by the three whose runs don't overlap. */
static void tells_actors_rows_and_columns(void **state)
{
    static const json_int_t columns[] = { 0, 1, 1, 1 };
    struct printing p;
    const json_t *rows, *last, *table;
    json_t *root;
    size_t steps = 0;

    (void)state;
    printing_open(&p, &toys, i1, "old");
    root = read_back(&p.report);
    for (size_t i = 0; i < 4; i++) {
        const json_t *actor = element(root, "actors", i);

        assert_int_equal(number_of(actor, "id"), i);
        assert_int_equal(number_of(actor, "column"), columns[i]);
        assert_string_equal(text_of(actor, "kind"), i == 2 ? "service" : "task");
    }
    assert_string_equal(text_of(element(root, "actors", 2), "heading"), "<irq> completion");
    table = json_object_get(root, "table");
    assert_int_equal(number_of(table, "columns"), 2);
    assert_true(json_is_false(json_object_get(table, "numbered")));

    rows = json_object_get(root, "rows");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);

        if (strcmp(text_of(row, "kind"), "step") == 0)
            assert_int_equal(number_of(row, "step"), steps++);
        assert_in_range(number_of(row, "actor"), 0, 3);
        (void)text_of(row, "text");
        assert_true(number_of(row, "depth") >= 0);
    }
    assert_int_equal(steps, number_of(root, "steps"));
    last = json_array_get(rows, json_array_size(rows) - 1);
    assert_string_equal(text_of(last, "kind"), "check");
    assert_true(json_is_true(json_object_get(last, "wrong")));
    json_decref(root);
    printing_close(&p);
}

/* What a guided replay could not do, and what went otherwise, with its parts. */
static void tells_segments_and_differences(void **state)
{
    struct printing p;
    const json_t *segment, *difference;
    json_t *root;

    (void)state;
    printing_open(&p, &toys, i1, "merged");
    root = read_back(&p.report);
    assert_true(json_is_true(json_object_get(json_object_get(root, "verdict"), "holds")));
    assert_int_equal(json_object_size(json_object_get(root, "verdict")), 1);
    assert_int_equal(json_array_size(json_object_get(root, "segments")), 5);
    assert_string_equal(text_of(element(root, "segments", 0), "outcome"), "carried out");
    segment = element(root, "segments", 1);
    assert_int_equal(number_of(segment, "segment"), 2);
    assert_string_equal(text_of(segment, "outcome"), "blocked");
    assert_string_equal(text_of(segment, "actor"), "flusher");
    assert_string_equal(text_of(segment, "object"), "folio[0].lock");
    assert_string_equal(text_of(segment, "function"), "folio_lock");
    assert_string_equal(text_of(segment, "holder"), "writer");
    assert_int_equal(number_of(segment, "since"), 0);
    assert_string_equal(text_of(element(root, "segments", 2), "outcome"), "nothing to do");
    assert_int_equal(json_array_size(json_object_get(root, "differences")), 1);
    difference = element(root, "differences", 0);
    assert_string_equal(text_of(difference, "outcome"), "failed");
    assert_string_equal(text_of(difference, "actor"), "reclaimer");
    assert_string_equal(text_of(difference, "holder"), "writer");
    json_decref(root);
    printing_close(&p);
}

static void tells_who_is_stuck(void **state)
{
    static const char both_orders[] =
        "heddle case 1\n"
        "scenario  toy-locks\n"
        "variant   abba\n"
        "run       one  for 1\n"
        "run       two  until blocked\n";
    struct printing p;
    json_t *root;

    (void)state;
    printing_open(&p, &toys, both_orders, "abba");
    root = read_back(&p.report);
    assert_int_equal(json_array_size(json_object_get(root, "stuck")), 2);
    assert_int_equal(json_array_size(json_object_get(root, "held")), 2);
    assert_string_equal(text_of(element(root, "stuck", 0), "actor"), "one");
    assert_string_equal(text_of(element(root, "stuck", 0), "object"), "b");
    assert_string_equal(text_of(element(root, "stuck", 0), "holder"), "two");
    assert_int_equal(number_of(element(root, "stuck", 0), "since"), 1);
    assert_string_equal(text_of(element(root, "held", 0), "object"), "a");
    json_decref(root);
    printing_close(&p);
}

/* A file name in an old encoding must not cost the report. */
static void a_command_in_another_encoding_is_kept_readable(void **state)
{
    struct printing p;
    json_t *root;

    (void)state;
    printing_open(&p, &toys, i1, "old");
    p.report.command = "heddle replay caf\xe9.sched";
    root = read_back(&p.report);
    assert_string_equal(text_of(root, "command"), "heddle replay caf?.sched");
    json_decref(root);
    p.report.command = "heddle replay caf\xc3\xa9.sched";
    root = read_back(&p.report);
    assert_string_equal(text_of(root, "command"), "heddle replay caf\xc3\xa9.sched");
    json_decref(root);
    printing_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_documented_members_in_order),
        cmocka_unit_test(tells_the_violation),
        cmocka_unit_test(tells_actors_rows_and_columns),
        cmocka_unit_test(tells_segments_and_differences),
        cmocka_unit_test(tells_who_is_stuck),
        cmocka_unit_test(a_command_in_another_encoding_is_kept_readable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
