/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sequence diagram, word for word; tests/cli/long_pictures.sh asks Mermaid itself. */
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

static void draws_the_race(void **state)
{
    static const char expected[] =
        "sequenceDiagram\n"
        "    title: BUG: heddle: buffers-missing in page_buffers\n"
        "    participant a0 as writer\n"
        "    participant a1 as flusher\n"
        "    participant a2 as completion\n"
        "    participant a3 as reclaimer\n"
        "    Note over a0: write_iter()<br/>folio_lock(folio[0])<br/>folio_set_dirty(folio[0])<br/>"
        "folio_unlock(folio[0])\n"
        "    a0-)a1: preempted by\n"
        "    Note over a1: write_pages()<br/>folio_lock(folio[0])<br/>"
        "folio_test_dirty(folio[0]) -> 1<br/>"
        "push(&toy->bios)<br/>folio_unlock(folio[0])\n"
        "    a1-->>a2: then\n"
        "    Note over a2: end_write()<br/>folio_set_dirty(folio[0])\n"
        "    a2-->>a3: then\n"
        "    Note over a3: shrink_list()<br/>folio_trylock(folio[0])<br/>"
        "folio_test_dirty(folio[0]) -> 0<br/>"
        "free_buffers(folio[0])<br/>folio_unlock(folio[0])\n"
        "    a3-->>a0: then\n"
        "    Note over a0: page_done()<br/>add_buffers()<br/>page_buffers(folio[0])\n"
        "    a0-xa0: buffers-missing\n";

    (void)state;
    expect_report(&toys, i1, "old", "mermaid", expected);
}

static void draws_a_deadlock(void **state)
{
    static const char both_orders[] =
        "heddle case 1\n"
        "scenario  toy-locks\n"
        "variant   abba\n"
        "run       one  for 1\n"
        "run       two  until blocked\n";
    static const char expected[] =
        "sequenceDiagram\n"
        "    title: BUG: heddle: deadlock in locks_one\n"
        "    participant a0 as one\n"
        "    participant a1 as two\n"
        "    Note over a0: mutex_lock(&l->a)\n"
        "    a0-)a1: preempted by\n"
        "    Note over a1: mutex_lock(&l->b)\n"
        "    Note over a0: mutex_lock(&l->b)\n"
        "    a0-xa0: waits for two\n"
        "    Note over a1: mutex_lock(&l->a)\n"
        "    a1-xa1: waits for one\n";

    (void)state;
    expect_report(&toys, both_orders, "abba", "mermaid", expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_the_race),
        cmocka_unit_test(draws_a_deadlock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
