/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a report says of a schedule followed in another variant than its own: what could not be
 * carried out and who was in the way, and which attempts went otherwise.
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

static void the_fixed_order_says_why_the_schedule_cannot_be_carried_out(void **state)
{
    static const char expected[] =
        "heddle: no violation: toy-write/merged holds under this schedule\n"
        "\n"
        "toy-write/merged: the buffers are added under the folio's lock\n"
        "Workload: the default one\n"
        "\n"
        "  CPU 0                               CPU 1\n"
        "  -----                               -----\n"
        "  <writer>\n"
        "  write_iter()\n"
        "   folio_lock(folio[0])\n"
        "   folio_set_dirty(folio[0])\n"
        "                                      <reclaimer>\n"
        "                                      shrink_list()\n"
        "                                       folio_trylock(folio[0]) -> fails\n"
        "   put_folio()\n"
        "    folio_unlock(folio[0])\n"
        "  <flusher>\n"
        "  write_pages()\n"
        "   folio_lock(folio[0])\n"
        "   folio_test_dirty(folio[0]) -> 1\n"
        "   push(&toy->bios)\n"
        "   folio_unlock(folio[0])\n"
        "  <irq> completion\n"
        "  end_write()\n"
        "   folio_set_dirty(folio[0])\n"
        "\n"
        "What happened:\n"
        "  1. writer, steps 0 to 1: locks folio[0].lock in folio_lock(); sets\n"
        "     folio[0].dirty to 1 in folio_set_dirty()\n"
        "  2. reclaimer, step 2: fails to lock folio[0].lock in folio_trylock(),\n"
        "     held by writer since step 0\n"
        "  3. writer, step 5: unlocks folio[0].lock in folio_unlock()\n"
        "  4. flusher, steps 6 to 8: locks folio[0].lock in folio_lock(); reads\n"
        "     folio[0].dirty (1) in folio_test_dirty(); puts an item on bios\n"
        "     (&folio[0]) in toy_flusher()\n"
        "  5. completion, step 11: sets folio[0].dirty to 0 in folio_set_dirty()\n"
        "\n"
        "Invariant, kept: a folio being written has its buffers\n"
        "Schedule: 3 of 5 segments carried out:\n"
        " - segment 2 (run flusher until end): not carried out: flusher waits for\n"
        "   folio[0].lock (folio_lock), held by writer since step 0\n"
        " - segment 3 (run completion until end): nothing to do for completion\n"
        "Otherwise than in the case's own variant:\n"
        " - reclaimer: folio_trylock failed at step 2, folio[0].lock held by writer\n"
        "   since step 0; in `old` it succeeded\n"
        "The modelled facts: synthetic, a textbook example\n"
        "Modelled after: none\n"
        "Digest: ed089f7bd3fba916 (steps: 12, preemptions: 1)\n"
        "Repeat with: heddle replay toy.sched\n";

    (void)state;
    expect_report(&toys, i1, "merged", "table", expected);
}

/* Outside calls too, since both roles use it; without its argument where that is too long. */
static void a_helper_is_told_by_its_name_and_its_failure(void **state)
{
    static const char text[] =
        "heddle case 1\n"
        "scenario  toy-locks\n"
        "variant   short\n"
        "run       one  for 1\n"
        "run       two  for 2\n"
        "run       one  for 1\n"
        "run       two  for 4\n"
        "run       one  until blocked\n"
        "run       two  until end\n";
    static const char expected[] =
        "  CPU 0                               CPU 1\n"
        "  -----                               -----\n"
        "  <one>\n"
        "  take_what_both_of_them_want_to_have()\n"
        "                                      <two>\n"
        "                                      two_by_helpers()\n"
        "                                       peek_and_try(a) -> fails\n"
        "  drop(a)\n"
        "                                       peek_and_try(b)\n"
        "                                       drop(a)\n"
        "  take_what_both_of_them_want_to_have()\n"
        "  drop(b)\n"
        "                                      take_what_both_of_them_want_to_have()\n"
        "                                      take_what_both_of_them_want_to_have()\n"
        "                                       drop(b)\n"
        "                                       drop(a)\n";

    (void)state;
    expect_table(&toys, text, "short", expected);
}

/* The first attempt failed in both, the second only here. */
static void waits_and_later_attempts_differ_from_the_reference(void **state)
{
    static const char text[] =
        "heddle case 1\n"
        "scenario  toy-locks\n"
        "variant   short\n"
        "run       one  for 1\n"
        "run       two  for 2\n"
        "run       one  for 1\n"
        "run       two  for 4\n"
        "run       one  until blocked\n"
        "run       two  until end\n";
    static const char expected[] =
        "heddle: no violation: toy-locks/long holds under this schedule\n"
        "\n"
        "toy-locks/long: by helpers, and one of them holds its lock longer\n"
        "Workload: the default one\n"
        "\n"
        "  CPU 0                               CPU 1\n"
        "  -----                               -----\n"
        "  <one>\n"
        "  take_what_both_of_them_want_to_have()\n"
        "                                      <two>\n"
        "                                      two_by_helpers()\n"
        "                                       peek_and_try(a) -> fails\n"
        "                                       peek_and_try(a) -> fails\n"
        "                                      take_what_both_of_them_want_to_have()\n"
        "  drop(a)\n"
        "                                      take_what_both_of_them_want_to_have()\n"
        "                                        <waited for one>\n"
        "                                       drop(b)\n"
        "                                       drop(a)\n"
        "  take_what_both_of_them_want_to_have()\n"
        "   <waited for two>\n"
        "  drop(b)\n"
        "\n"
        "What happened:\n"
        "  1. one, step 0: locks a in take_what_both_of_them_want_to_have()\n"
        "  2. two, steps 2 to 7: fails to lock a in peek_and_try(), held by one\n"
        "     since step 0; fails to lock a in peek_and_try(), held by one since\n"
        "     step 0; locks b in take_what_both_of_them_want_to_have()\n"
        "  3. one, step 8: unlocks a in drop()\n"
        "  4. two, steps 9 to 10: locks a in take_what_both_of_them_want_to_have()\n"
        "     after a wait, as it was held by one since step 0; unlocks b in drop()\n"
        "  5. one, step 12: locks b in take_what_both_of_them_want_to_have() after a\n"
        "     wait, as it was held by two since step 7\n"
        "\n"
        "Schedule: 6 of 6 segments carried out.\n"
        "Otherwise than in the case's own variant:\n"
        " - two: peek_and_try failed at step 5, a held by one since step 0; in\n"
        "   `short` it succeeded\n"
        " - two: take_what_both_of_them_want_to_have waited at step 9, a held by one\n"
        "   since step 0; in `short` it succeeded\n"
        " - one: take_what_both_of_them_want_to_have waited at step 12, b held by\n"
        "   two since step 7; in `short` it succeeded\n"
        "The modelled facts: synthetic, a textbook example\n"
        "Digest: 471a1bc69ecae8ba (steps: 14, preemptions: 3)\n"
        "Repeat with: heddle replay toy.sched\n";

    (void)state;
    expect_report(&toys, text, "long", "table", expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fixed_order_says_why_the_schedule_cannot_be_carried_out),
        cmocka_unit_test(a_helper_is_told_by_its_name_and_its_failure),
        cmocka_unit_test(waits_and_later_attempts_differ_from_the_reference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
