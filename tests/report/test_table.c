/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table and the words below it, held word for word on scenarios small enough to check by eye:
 * a report is read by people, so its tests are.
 */
#include "printing.h"
#include "toy.h"

static const char i1[] =
    "heddle case 1\n"
    "scenario  toy-write\n"
    "variant   old\n"
    "run       writer      until hook\n"
    "run       flusher     until end\n"
    "run       completion  until end\n"
    "run       reclaimer   until end\n"
    "run       writer      until end\n";

/* The three that come between share a CPU: their runs don't overlap. */
static void the_race_reads_like_a_commit_message(void **state)
{
    static const char expected[] =
        "BUG: heddle: buffers-missing in page_buffers\n"
        "\n"
        "toy-write/old: the folio is unlocked before its buffers are added\n"
        "Workload: the default one\n"
        "\n"
        "  CPU 0                               CPU 1\n"
        "  -----                               -----\n"
        "  <writer>\n"
        "  write_iter()\n"
        "   folio_lock(folio[0])\n"
        "   folio_set_dirty(folio[0])\n"
        "   folio_unlock(folio[0])\n"
        "                                      <flusher>\n"
        "                                      write_pages()\n"
        "                                       folio_lock(folio[0])\n"
        "                                       folio_test_dirty(folio[0]) -> 1\n"
        "                                       push(&toy->bios)\n"
        "                                       folio_unlock(folio[0])\n"
        "                                      <irq> completion\n"
        "                                      end_write()\n"
        "                                       folio_set_dirty(folio[0])\n"
        "                                      <reclaimer>\n"
        "                                      shrink_list()\n"
        "                                       folio_trylock(folio[0])\n"
        "                                       folio_test_dirty(folio[0]) -> 0\n"
        "                                       free_buffers(folio[0])\n"
        "                                       folio_unlock(folio[0])\n"
        "   page_done()\n"
        "    add_buffers()\n"
        "     page_buffers(folio[0])\n"
        "      <-- buffers-missing\n"
        "\n"
        "What happened:\n"
        "  1. writer, steps 0 to 2: locks folio[0].lock in folio_lock(); sets\n"
        "     folio[0].dirty to 1 in folio_set_dirty(); unlocks folio[0].lock in\n"
        "     folio_unlock()\n"
        "  2. flusher, steps 3 to 6: locks folio[0].lock in folio_lock(); reads\n"
        "     folio[0].dirty (1) in folio_test_dirty(); puts an item on bios\n"
        "     (&folio[0]) in toy_flusher(); unlocks folio[0].lock in folio_unlock()\n"
        "  3. completion, step 8: sets folio[0].dirty to 0 in folio_set_dirty()\n"
        "  4. reclaimer, steps 9 to 11: locks folio[0].lock in folio_trylock();\n"
        "     reads folio[0].dirty (0) in folio_test_dirty(); updates\n"
        "     folio[0].private to 0 in free_buffers()\n"
        "  5. writer, step 14: reads folio[0].private (0) in page_buffers(); comes\n"
        "     to \"fails: buffer != NULL\" in page_buffers()\n"
        "\n"
        "Violated: the folio has lost its buffers\n"
        "Where: page_buffers() (tests/report/toy_write.h:56), by writer: buffer !=\n"
        "  NULL\n"
        "Called from: page_buffers() < add_buffers() < page_done() < write_iter()\n"
        "Invariant: a folio being written has its buffers\n"
        "The modelled facts: synthetic, a textbook example\n"
        "Modelled after: none\n"
        "Digest: 987e01bcd84bbdc6 (steps: 15, preemptions: 1)\n"
        "Repeat with: heddle replay toy.sched\n";

    (void)state;
    expect_report(&toys, i1, "old", "table", expected);
}

/* Functions stand by themselves; the star is at the wrong place. */
static void every_step_has_its_value_and_place(void **state)
{
    static const char expected[] =
        "BUG: heddle: buffers-missing in page_buffers\n"
        "\n"
        "toy-write/old: the folio is unlocked before its buffers are added\n"
        "Workload: the default one\n"
        "\n"
        "       writer      write_iter()\n"
        "     0 writer       lock folio[0].lock\n"
        "                      folio_lock() tests/report/toy_write.h:28\n"
        "     1 writer       write folio[0].dirty <- 1\n"
        "                      folio_set_dirty() tests/report/toy_write.h:48\n"
        "     2 writer       unlock folio[0].lock\n"
        "                      folio_unlock() tests/report/toy_write.h:38\n"
        "       flusher     write_pages()\n"
        "     3 flusher      lock folio[0].lock\n"
        "                      folio_lock() tests/report/toy_write.h:28\n"
        "     4 flusher      read folio[0].dirty -> 1\n"
        "                      folio_test_dirty() tests/report/toy_write.h:43\n"
        "     5 flusher      push bios <- &folio[0]\n"
        "                      toy_flusher() tests/report/toy_write.h:103\n"
        "     6 flusher      unlock folio[0].lock\n"
        "                      folio_unlock() tests/report/toy_write.h:38\n"
        "     7 completion  serve bios -> &folio[0]\n"
        "                     serve() harness/engine/actor.c:26\n"
        "       completion  end_write()\n"
        "     8 completion   write folio[0].dirty <- 0\n"
        "                      folio_set_dirty() tests/report/toy_write.h:48\n"
        "       reclaimer   shrink_list()\n"
        "     9 reclaimer    trylock folio[0].lock\n"
        "                      folio_trylock() tests/report/toy_write.h:33\n"
        "    10 reclaimer    read folio[0].dirty -> 0\n"
        "                      folio_test_dirty() tests/report/toy_write.h:43\n"
        "       reclaimer    free_buffers()\n"
        "    11 reclaimer     rmw folio[0].private <- 0\n"
        "                       free_buffers() tests/report/toy_write.h:117\n"
        "    12 reclaimer     free bh[0]\n"
        "                       free_buffers() tests/report/toy_write.h:120\n"
        "    13 reclaimer    unlock folio[0].lock\n"
        "                      folio_unlock() tests/report/toy_write.h:38\n"
        "       writer       page_done()\n"
        "       writer        add_buffers()\n"
        "       writer         page_buffers()\n"
        "    14 writer          read folio[0].private -> 0\n"
        "                         page_buffers() tests/report/toy_write.h:54\n"
        "*      writer          fails: buffer != NULL <-- buffers-missing\n"
        "                         page_buffers() tests/report/toy_write.h:56\n"
        "\n"
        "Violated: the folio has lost its buffers\n"
        "Where: page_buffers() (tests/report/toy_write.h:56), by writer: buffer !=\n"
        "  NULL\n"
        "Called from: page_buffers() < add_buffers() < page_done() < write_iter()\n"
        "Invariant: a folio being written has its buffers\n"
        "The modelled facts: synthetic, a textbook example\n"
        "Modelled after: none\n"
        "Digest: 987e01bcd84bbdc6 (steps: 15, preemptions: 1)\n"
        "Repeat with: heddle replay toy.sched\n";

    (void)state;
    expect_report(&toys, i1, "old", "steps", expected);
}

/* What only the check at the end sees is told below the table. */
static void a_wrong_end_has_no_row(void **state)
{
    static const char text[] =
        "heddle case 1\n"
        "scenario  toy-count\n"
        "variant   plain\n"
        "workload  writers=2\n"
        "run       t[0]      for 1\n"
        "run       t[1]   until end\n"
        "run       t[0]   until end\n";
    static const char expected[] =
        "BUG: heddle: lost-update in count_check\n"
        "\n"
        "toy-count/plain: no lock\n"
        "Workload: the default one\n"
        "\n"
        "  CPU 0                               CPU 1\n"
        "  -----                               -----\n"
        "  <t[0]>\n"
        "  READ_ONCE(c->value) -> 0\n"
        "                                      <t[1]>\n"
        "                                      READ_ONCE(c->value) -> 0\n"
        "                                      WRITE_ONCE(c->value, v + 1)\n"
        "  WRITE_ONCE(c->value, v + 1)\n"
        "\n"
        "What happened:\n"
        "  1. t[0], step 0: reads count.value (0) in count_writer()\n"
        "  2. t[1], step 2: sets count.value to 1 in count_writer()\n"
        "  3. t[0], step 3: sets count.value to 1 in count_writer()\n"
        "\n"
        "Violated: an addition was lost\n"
        "Where: count_check() (tests/report/toy.h:43), at the end: c->value ==\n"
        "  hd_param(0)\n"
        "The modelled facts: synthetic, a textbook example\n"
        "Digest: 120e1507d74b91e9 (steps: 4, preemptions: 1)\n"
        "Repeat with: heddle replay toy.sched\n";

    (void)state;
    expect_report(&toys, text, "plain", "table", expected);
}

/* A lock nobody else touches twice is shown because it is waited for. */
static void a_deadlock_shows_what_each_holds_and_wants(void **state)
{
    static const char text[] =
        "heddle case 1\n"
        "scenario  toy-locks\n"
        "variant   abba\n"
        "run       one      for 1\n"
        "run       two   until blocked\n"
        "run       one   until end\n";
    static const char expected[] =
        "BUG: heddle: deadlock in locks_one\n"
        "\n"
        "toy-locks/abba: both orders\n"
        "Workload: the default one\n"
        "\n"
        "  CPU 0                               CPU 1\n"
        "  -----                               -----\n"
        "  <one>\n"
        "  mutex_lock(&l->a)\n"
        "                                      <two>\n"
        "                                      mutex_lock(&l->b)\n"
        "  mutex_lock(&l->b)  <-- waits for two\n"
        "                                      mutex_lock(&l->a)  <-- waits for one\n"
        "\n"
        "What happened:\n"
        "  1. one, step 0: locks a in locks_one()\n"
        "  2. two, step 1: locks b in locks_two()\n"
        "  3. one: stands before lock b in locks_one(), held by two since step 1\n"
        "  4. two: stands before lock a in locks_two(), held by one since step 0\n"
        "\n"
        "Violated: no task can ever go on\n"
        "Where: locks_one() (tests/report/toy.h:130), by one: mutex_lock(&l->b), on\n"
        "  b\n"
        "Held at the end:\n"
        " - one held a since step 0\n"
        " - two held b since step 1\n"
        "Could not go on:\n"
        " - one waits for b (locks_one), held by two since step 1\n"
        " - two waits for a (locks_two), held by one since step 0\n"
        "The modelled facts: synthetic, a textbook example\n"
        "Digest: d54cc00131e7e618 (steps: 2, preemptions: 1)\n"
        "Repeat with: heddle replay toy.sched\n";

    (void)state;
    expect_report(&toys, text, "abba", "table", expected);
}

/* At most 75 columns and never broken: a command that is too long has a line to itself. */
static void a_command_is_never_broken(void **state)
{
    static const char fits[] =
        "heddle replay 3456789.123456789.123456789.123456789.123456789.";
    static const char longer[] =
        "heddle replay 3456789.123456789.123456789.123456789.123456789.1";
    struct printing p;
    char *report;

    (void)state;
    printing_open(&p, &toys, i1, "old");
    assert_int_equal(strlen("Repeat with: ") + strlen(fits), 75);
    p.report.command = fits;
    report = printed(&p.report, "table");
    assert_non_null(strstr(report, "\nRepeat with: heddle replay 3456789"));
    free(report);
    p.report.command = longer;
    report = printed(&p.report, "table");
    assert_non_null(strstr(report, "\nRepeat with:\n  heddle replay 3456789"));
    free(report);
    p.report.command = NULL;
    report = printed(&p.report, "table");
    assert_null(strstr(report, "Repeat"));
    free(report);
    printing_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_race_reads_like_a_commit_message),
        cmocka_unit_test(every_step_has_its_value_and_place),
        cmocka_unit_test(a_wrong_end_has_no_row),
        cmocka_unit_test(a_deadlock_shows_what_each_holds_and_wants),
        cmocka_unit_test(a_command_is_never_broken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
