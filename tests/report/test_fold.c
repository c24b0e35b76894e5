/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What does not fit a page: more actors at once than columns, runs of one actor that go on and on,
 * and executions without an end.
 */
#include "printing.h"
#include "toy.h"

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
        "Where: count_check() (tests/report/toy.h:43), at the end: c->value ==\n"
        "  hd_param(0)\n"
        "The modelled facts: synthetic, a textbook example\n"
        "Digest: a443f1942952875f (steps: 8, preemptions: 3)\n"
        "Repeat with: heddle replay toy.sched\n";

    (void)state;
    expect_report(&toys, text, "plain", "table", expected);
}

/* Complete calls lose their insides first, then the middle goes: 3 and 6 lines stay. */
static void long_runs_are_folded(void **state)
{
    static const char text[] =
        "heddle case 1\n"
        "scenario  toy-long\n"
        "variant   calls\n"
        "run       walk   until end\n"
        "run       look   until end\n";
    static const char expected[] =
        "heddle: no violation: toy-long/calls holds under this schedule\n"
        "\n"
        "toy-long/calls: with inner calls\n"
        "Workload: the default one\n"
        "\n"
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
        "  look()\n"
        "\n"
        "What happened:\n"
        "  1. walk, steps 10 to 25: sets setup#0+0 to 0 in long_walk(); sets\n"
        "     setup#0+4 to 1 in long_walk(); sets setup#0+8 to 2 in long_walk();\n"
        "     sets setup#0+12 to 3 in long_walk(); sets setup#0+60 to 15 in\n"
        "     long_walk()\n"
        "  2. look, steps 27 to 42: reads setup#0+0 (0) in long_look(); reads\n"
        "     setup#0+4 (1) in long_look(); reads setup#0+8 (2) in long_look();\n"
        "     reads setup#0+12 (3) in long_look(); reads setup#0+60 (15) in\n"
        "     long_look()\n"
        "\n"
        "The modelled facts: synthetic, a textbook example\n"
        "Digest: 6044336d09af961b (steps: 43, preemptions: 0)\n"
        "Repeat with: heddle replay toy.sched\n";

    (void)state;
    expect_report(&toys, text, "calls", "table", expected);
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
    expect_table(&toys, text, "spin", expected);
}

/* What inner() writes is written again before anybody looks. */
static void a_table_too_long_for_everything_shows_only_the_edges(void **state)
{
    static const char text[] =
        "heddle case 1\n"
        "scenario  toy-long\n"
        "variant many\n"
        "run       walk   until end\n"
        "run       look   until end\n";
    static const char expected[] =
        "  CPU 0\n"
        "  -----\n"
        "  <walk>\n"
        "  walk()\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "   [ 32 more ]\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "  <look>\n"
        "  look()\n";

    (void)state;
    expect_table(&toys, text, "many", expected);
}

/* set_flag() stays, though it is deep in a call; and the sentence says what was read. */
static void what_decided_is_never_folded_away(void **state)
{
    static const char text[] =
        "heddle case 1\n"
        "scenario  toy-long\n"
        "variant   spoilt\n"
        "run       walk   until end\n"
        "run       look   until end\n";
    static const char expected[] =
        "BUG: heddle: spoilt in long_look\n"
        "\n"
        "toy-long/spoilt: what is wrong at the end was done deep in a call\n"
        "Workload: the default one\n"
        "\n"
        "  CPU 0\n"
        "  -----\n"
        "  <walk>\n"
        "  walk()\n"
        "   spoil()\n"
        "    set_flag()\n"
        "   [ 10 more ]\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "   WRITE_ONCE(l->shared[i], i)\n"
        "  <look>\n"
        "  look()  <-- spoilt\n"
        "\n"
        "What happened:\n"
        "  1. walk, steps 5 to 26: sets setup#0+160 to 1 in set_flag(); sets\n"
        "     setup#0+0 to 0 in long_walk(); sets setup#0+4 to 1 in long_walk();\n"
        "     sets setup#0+8 to 2 in long_walk(); sets setup#0+60 to 15 in\n"
        "     long_walk()\n"
        "  2. look, steps 27 to 43: reads setup#0+0 (0) in long_look(); reads\n"
        "     setup#0+4 (1) in long_look(); reads setup#0+8 (2) in long_look();\n"
        "     reads setup#0+160 (1) in long_look(); comes to \"fails: flag == 0\" in\n"
        "     long_look()\n"
        "\n"
        "Violated: the flag was set\n"
        "Where: long_look() (tests/report/toy.h:237), by look: flag == 0\n"
        "Called from: look()\n"
        "The modelled facts: synthetic, a textbook example\n"
        "Digest: 4b93aa5afb179b5d (steps: 44, preemptions: 0)\n"
        "Repeat with: heddle replay toy.sched\n";

    (void)state;
    expect_report(&toys, text, "spoilt", "table", expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_at_once_are_numbered_lines),
        cmocka_unit_test(long_runs_are_folded),
        cmocka_unit_test(the_running_actor_of_a_livelock_is_shown),
        cmocka_unit_test(a_table_too_long_for_everything_shows_only_the_edges),
        cmocka_unit_test(what_decided_is_never_folded_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
