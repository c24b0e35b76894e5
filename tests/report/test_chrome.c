/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The trace for Perfetto, read back: what its importer relies on, and what it shows of a race. */
#include "printing.h"
#include "toy.h"

#include <jansson.h>

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
    char *text = printed(report, "chrome");
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

    assert_non_null(root);
    free(text);
    return root;
}

static const char *text_of(const json_t *event, const char *key)
{
    const char *text = json_string_value(json_object_get(event, key));

    return text ? text : "";
}

static double number_of(const json_t *event, const char *key)
{
    assert_true(json_is_number(json_object_get(event, key)));
    return json_number_value(json_object_get(event, key));
}

/* How many events have this phase and, unless it is NULL, this name. */
static unsigned count(const json_t *root, const char *phase, const char *name)
{
    unsigned found = 0;
    const json_t *event;
    size_t i;

    json_array_foreach(json_object_get(root, "traceEvents"), i, event)
        found += strcmp(text_of(event, "ph"), phase) == 0 &&
                 (!name || strcmp(text_of(event, "name"), name) == 0);
    return found;
}

/* Slices of a track lie in each other or apart, and a parent comes first. */
static void check_nesting(const json_t *events)
{
    const json_t *a, *b;
    size_t i, j;

    json_array_foreach(events, i, a) {
        if (strcmp(text_of(a, "ph"), "X") != 0)
            continue;
        json_array_foreach(events, j, b) {
            double from = number_of(a, "ts"), to = 0, inner, end;

            if (j <= i || strcmp(text_of(b, "ph"), "X") != 0 ||
                number_of(a, "tid") != number_of(b, "tid"))
                continue;
            to = from + number_of(a, "dur");
            inner = number_of(b, "ts");
            end = inner + number_of(b, "dur");
            assert_true(end <= from || inner >= to || (inner >= from && end <= to) ||
                        (inner <= from && end >= to));
            assert_false(inner == from && end > to);
        }
    }
}

/* Both ends of an arrow are there, in order, each in a slice of its track. */
static void check_flows(const json_t *events)
{
    const json_t *a, *b;
    size_t i, j;

    json_array_foreach(events, i, a) {
        unsigned ends = 0, slices = 0;

        if (strcmp(text_of(a, "ph"), "s") != 0 && strcmp(text_of(a, "ph"), "f") != 0)
            continue;
        json_array_foreach(events, j, b) {
            if (strcmp(text_of(b, "ph"), "X") == 0 && number_of(a, "tid") == number_of(b, "tid") &&
                number_of(a, "ts") > number_of(b, "ts") &&
                number_of(a, "ts") < number_of(b, "ts") + number_of(b, "dur"))
                slices++;
            if (!json_equal(json_object_get(a, "id"), json_object_get(b, "id")))
                continue;
            ends++;
            if (strcmp(text_of(a, "ph"), "s") == 0 && strcmp(text_of(b, "ph"), "f") == 0)
                assert_true(number_of(a, "ts") < number_of(b, "ts"));
        }
        assert_int_equal(ends, 2);
        assert_true(slices > 0);
    }
}

static void is_as_importers_want_it(void **state)
{
    struct printing p;
    json_t *root;

    (void)state;
    printing_open(&p, &toys, i1, "old");
    root = read_back(&p.report);
    check_nesting(json_object_get(root, "traceEvents"));
    check_flows(json_object_get(root, "traceEvents"));
    json_decref(root);
    printing_close(&p);
}

static void shows_actors_runs_and_arrows(void **state)
{
    struct printing p;
    json_t *root;

    (void)state;
    printing_open(&p, &toys, i1, "old");
    root = read_back(&p.report);
    assert_int_equal(count(root, "M", "thread_name"), 5); /* four actors, and who runs */
    assert_int_equal(count(root, "X", "writer"), 2);
    assert_int_equal(count(root, "X", "flusher"), 1);
    assert_int_equal(count(root, "X", "lock folio[0].lock"), 2);
    assert_int_equal(count(root, "X", "trylock folio[0].lock"), 1);
    assert_int_equal(count(root, "s", "preemption"), 1);
    assert_int_equal(count(root, "s", "hand-over"), 3);
    assert_int_equal(count(root, "s", "wake"), 1); /* the flusher's push, the completion's serve */
    assert_int_equal(count(root, "s", NULL), count(root, "f", NULL));
    assert_int_equal(count(root, "i", "buffers-missing"), 1);
    json_decref(root);
    printing_close(&p);
}

static void one_that_holds_has_no_mark(void **state)
{
    struct printing p;
    json_t *root;

    (void)state;
    printing_open(&p, &toys, i1, "merged");
    assert_true(p.execution.verdict.holds);
    root = read_back(&p.report);
    check_nesting(json_object_get(root, "traceEvents"));
    check_flows(json_object_get(root, "traceEvents"));
    assert_int_equal(count(root, "i", NULL), 0);
    json_decref(root);
    printing_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_as_importers_want_it),
        cmocka_unit_test(shows_actors_runs_and_arrows),
        cmocka_unit_test(one_that_holds_has_no_mark),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
