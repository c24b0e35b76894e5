/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What does not fit a page: more actors at once than columns, runs of one actor that go on and on,
 * and executions without an end.
 */
#include "printing.h"
#include "toy.h"

static void expect(const char *text, const char *variant, const char *format, const char *expected)
{
    struct printing p;
    char *report;

    printing_open(&p, &toys, text, variant);
    report = printed(&p.report, format);
    assert_string_equal(report, expected);
    free(report);
    printing_close(&p);
}

/* The table alone: from its heading to the next empty line. */
static void expect_table(const char *text, const char *variant, const char *expected)
{
    struct printing p;
    char *report, *begin, *end;

    printing_open(&p, &toys, text, variant);
    report = printed(&p.report, "table");
    begin = strstr(report, "  CPU 0");
    assert_non_null(begin);
    end = strstr(begin, "\n\n");
    assert_non_null(end);
    end[1] = '\0';
    assert_string_equal(begin, expected);
    free(report);
    printing_close(&p);
}

static void four_at_once_are_numbered_lines(void **state)
{
    static const char text[] =
        "heddle case 1\n"
        "scenario  toy-count\n"
        "variant   plain\n"
        "workload  writers=4\n"
        "run       t[0]      for 1\n"
        "run       t[1]      for 1\n"
        "run       t[2]      for 1\n"
        "run       t[3]   until end\n"
        "run       t[0]   until end\n";
    static const char expected[] =
        "BUG: heddle: lost-update in count_check\n"
        "\n"
        "toy-count/plain: no lock\n"
        "Workload: writers=4\n"
        "\n"
        "(More than three actors overlap: one line an event, with its step and its\n"
        "actor in front, instead of columns.)\n"
        "\n"
        "    0 t[0]  READ_ONCE(c->value) -> 0\n"
        "    1 t[1]  READ_ONCE(c->value) -> 0\n"
        "    2 t[2]  READ_ONCE(c->value) -> 0\n"
        "    3 t[3]  READ_ONCE(c->value) -> 0\n"
        "    4 t[3]  WRITE_ONCE(c->value, v + 1)\n"
        "    5 t[0]  WRITE_ONCE(c->value, v + 1)\n"
        "    6 t[1]  WRITE_ONCE(c->value, v + 1)\n"
        "    7 t[2]  WRITE_ONCE(c->value, v + 1)\n"
        "\n"
        "What happened:\n"
        "  1. t[0], step 0: reads count.value (0) in count_writer()\n"
        "  2. t[1], step 1: reads count.value (0) in count_writer()\n"
        "  3. t[2], step 2: reads count.value (0) in count_writer()\n"
        "  4. t[3], step 4: sets count.value to 1 in count_writer()\n"
        "  5. t[0], step 5: sets count.value to 1 in count_writer()\n"
        "  6. t[1], step 6: sets count.value to 1 in count_writer()\n"
        "  7. t[2], step 7: sets count.value to 1 in count_writer()\n"
        "\n"
        "Violated: an addition was lost\n"
        "Where: count_check() (toy.h:217), at the end: c->value == hd_param(0)\n"
        "The modelled facts: synthetic, a textbook example\n"
        "Digest: a443f1942952875f (steps: 8, preemptions: 3)\n"
        "Repeat with: heddle replay toy.sched\n";

    (void)state;
    expect(text, "plain", "table", expected);
}

/* Complete calls lose their insides first, then the middle goes; 16 stores: 3 and 6 lines stay. */
static void long_runs_are_folded(void **state)
{
    static const char text[] =
        "heddle case 1\n"
        "scenario  toy-long\n"
        "variant   calls\n"
        "run       walk   until end\n"
        "run       look   until end\n";
    static const char expected[] =
        "  CPU 0\n"
        "  -----\n"
        "  <walk>\n"
        "  walk()\n"
        "   inner()\n"
        "   inner()\n"
        "   [ 10 more ]\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "  <look>\n"
        "  look()\n";

    (void)state;
    expect_table(text, "calls", expected);
}

static void the_running_actor_of_a_livelock_is_shown(void **state)
{
    static const char text[] =
        "heddle case 1\n"
        "scenario  toy-long\n"
        "variant   spin\n"
        "run       walk   for 16\n"
        "run       look   until end\n";
    static const char expected[] =
        "  CPU 0\n"
        "  -----\n"
        "  <walk>\n"
        "  walk()\n"
        "  <look>\n"
        "  look()  <-- livelock\n";

    (void)state;
    expect_table(text, "spin", expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_at_once_are_numbered_lines),
        cmocka_unit_test(long_runs_are_folded),
        cmocka_unit_test(the_running_actor_of_a_livelock_is_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
