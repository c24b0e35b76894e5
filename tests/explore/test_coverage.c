/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Interleaving coverage.  Without a lock each of the two writers reads and writes: four places, and
 * three pairs that conflict, read with write twice and write with write.
 */
#include "base/alloc.h"
#include "explore/counter.h"

static struct hd_coverage *coverage_of(struct hd_explore_options *options)
{
    struct hd_coverage *coverage = NULL;
    struct hd_explore_result result;

    assert_int_equal(hd_coverage_create(&coverage), HD_OK);
    options->coverage = coverage;
    options->keep_going = true;
    result = explore(options);
    hd_explore_result_free(&result);
    return coverage;
}

static void assert_counts(const struct hd_coverage *coverage, uint64_t executions, uint32_t places,
                          uint32_t both, uint32_t one, uint32_t never)
{
    struct hd_coverage_counts counts;

    hd_coverage_count(coverage, &counts);
    assert_int_equal(counts.executions, executions);
    assert_int_equal(counts.places, places);
    assert_int_equal(counts.both, both);
    assert_int_equal(counts.one, one);
    assert_int_equal(counts.never, never);
}

static void one_execution_sees_one_order(void **unused)
{
    struct hd_explore_options options = options_for(EARLY, "dfs", 1);
    struct hd_coverage *coverage = coverage_of(&options);
    char *text = hd_coverage_text(coverage);

    (void)unused;
    assert_counts(coverage, 1, 4, 0, 3, 0);
    assert_non_null(strstr(text, "counter/early, 1 executions: 4 places, 3 conflicting pairs\n"));
    assert_non_null(strstr(text, "  first: &counter->value, in add() ("));
    assert_non_null(strstr(text, "    before second: &counter->value = value + 1, in add() ("));
    assert_null(strstr(text, "Never in one execution"));
    hd_dealloc(text);
    hd_coverage_free(coverage);
}

static void two_serial_executions_see_both(void **unused)
{
    struct hd_explore_options options = options_for(EARLY, "dfs", 0);
    struct hd_coverage *coverage = coverage_of(&options);
    char *text = hd_coverage_text(coverage);

    (void)unused;
    assert_counts(coverage, 2, 4, 3, 0, 0);
    assert_null(strstr(text, "Seen in one order only"));
    hd_dealloc(text);
    hd_coverage_free(coverage);
}

/* And four more for the lock: lock with lock, unlock with unlock, each with the other's other. */
static void locks_are_places_too(void **unused)
{
    struct hd_explore_options options = options_for(LOCKED, "dfs", 0);
    struct hd_coverage *coverage = coverage_of(&options);

    (void)unused;
    assert_counts(coverage, 2, 8, 7, 0, 0);
    hd_coverage_free(coverage);
}

/* The two actors are never there together. */
static void what_never_met_is_told(void **unused)
{
    struct hd_explore_options options = options_for(EARLY, "dfs", 0);
    struct hd_coverage *first, *second;
    char *text;

    (void)unused;
    options.setting.workload.off[1] = 1;
    first = coverage_of(&options);
    options.setting.workload.off[1] = 0;
    options.setting.workload.off[0] = 1;
    second = coverage_of(&options);
    assert_counts(second, 1, 2, 0, 0, 0);
    hd_coverage_merge(first, second);
    assert_counts(first, 2, 4, 0, 0, 3);
    text = hd_coverage_text(first);
    assert_non_null(strstr(text, "    and second: &counter->value, in add() ("));
    hd_dealloc(text);
    hd_coverage_free(first);
    hd_coverage_free(second);
}

static void any_number_of_workers_sees_the_same(void **unused)
{
    struct hd_explore_options options = options_for(RARE, "random", 2000);
    struct hd_coverage *one, *three;
    char *text, *other;

    (void)unused;
    one = coverage_of(&options);
    options.jobs = 3;
    three = coverage_of(&options);
    text = hd_coverage_text(one);
    other = hd_coverage_text(three);
    assert_string_equal(text, other);
    hd_dealloc(text);
    hd_dealloc(other);
    text = hd_coverage_svg(one);
    other = hd_coverage_svg(three);
    assert_string_equal(text, other);
    hd_dealloc(text);
    hd_dealloc(other);
    hd_coverage_free(one);
    hd_coverage_free(three);
}

static unsigned occurrences(const char *text, const char *what)
{
    unsigned count = 0;

    for (; (text = strstr(text, what)) != NULL; text++)
        count++;
    return count;
}

/* Six cells: each of the three pairs has two. */
static void the_picture_has_a_cell_for_each_order(void **unused)
{
    struct hd_explore_options options = options_for(EARLY, "dfs", 1);
    struct hd_coverage *coverage = coverage_of(&options);
    char *svg = hd_coverage_svg(coverage);

    (void)unused;
    assert_int_equal(occurrences(svg, "fill=\"#2b5d8a\""), 3);
    assert_int_equal(occurrences(svg, "fill=\"#d23b2f\""), 3);
    assert_int_equal(occurrences(svg, "never came before"), 3);
    assert_int_equal(occurrences(svg, "&amp;counter-&gt;value"), occurrences(svg, "counter-"));
    assert_int_equal(occurrences(svg, "<text"), occurrences(svg, "</text>"));
    hd_dealloc(svg);
    hd_coverage_free(coverage);
}

static void nothing_was_seen_of_nothing(void **unused)
{
    struct hd_coverage *empty = NULL, *other = NULL;
    char *text, *svg;

    (void)unused;
    assert_int_equal(hd_coverage_create(&empty), HD_OK);
    assert_int_equal(hd_coverage_create(&other), HD_OK);
    hd_coverage_merge(empty, other);
    assert_counts(empty, 0, 0, 0, 0, 0);
    text = hd_coverage_text(empty);
    svg = hd_coverage_svg(empty);
    assert_non_null(strstr(text, "0 executions"));
    assert_non_null(strstr(svg, "</svg>"));
    hd_dealloc(text);
    hd_dealloc(svg);
    hd_coverage_free(empty);
    hd_coverage_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_execution_sees_one_order),
        cmocka_unit_test(two_serial_executions_see_both),
        cmocka_unit_test(locks_are_places_too),
        cmocka_unit_test(what_never_met_is_told),
        cmocka_unit_test(any_number_of_workers_sees_the_same),
        cmocka_unit_test(the_picture_has_a_cell_for_each_order),
        cmocka_unit_test(nothing_was_seen_of_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
