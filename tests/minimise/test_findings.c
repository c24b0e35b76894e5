/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Raw findings of the models, from several strategies and seeds: each comes down to the same few
 * segments, and a depth-first search agrees that fewer preemptions would not do.
 */
#include "lost.h"

/* Minimises what each of a few searches finds first. */
static void assert_minimises_to(const char *scenario, const char *workload, const char *what,
                                const char *expected, uint32_t preemptions)
{
    static const struct {
        const char *strategy;
        uint64_t seed;
    } searches[] = { { "pct", 1 }, { "pct", 2 }, { "pos", 3 }, { "random", 4 } };
    struct hd_setting setting;

    assert_int_equal(hd_setting_parse(&hd_models, scenario, &setting, NULL), HD_OK);
    assert_int_equal(hd_workload_set_all(setting.scenario, &setting.workload, workload, NULL),
                     HD_OK);
    for (unsigned i = 0; i < sizeof searches / sizeof searches[0]; i++) {
        struct hd_case *raw = find(&setting, searches[i].strategy, searches[i].seed, what);
        struct hd_minimise_result result = minimise(raw, CONFIRM);

        assert_lines(result.the_case, "run", expected);
        assert_int_equal(result.preemptions, preemptions);
        assert_true(result.fewest);
        assert_true(result.segments <= result.segments_before);
        assert_true(result.preemptions <= result.preemptions_before);
        assert_minimal(result.the_case);
        assert_true(count_failures(result.the_case, preemptions) > 0);
        if (preemptions > 0)
            assert_int_equal(count_failures(result.the_case, preemptions - 1), 0);
        hd_case_free(result.the_case);
        hd_case_free(raw);
    }
}

static void p1_is_three_lines(void **state)
{
    (void)state;
    assert_minimises_to("p1/old", "", "null-dereference at journal_add",
                        "run       writer     after folio[0].lock.unlock\n"
                        "run       writeback  until end\n"
                        "run       reclaimer  until end\n",
                        1);
    assert_minimises_to("p1/relock", "", "null-dereference at journal_add",
                        "run       writer     after folio[0].lock.unlock\n"
                        "run       writeback  until end\n"
                        "run       reclaimer  until end\n",
                        1);
}

static void a_use_after_free_is_two_lines(void **state)
{
    (void)state;
    assert_minimises_to("uaf/no-grace-period", "", NULL,
                        "run       reader           after pointer.acquire\n"
                        "run       updater          until end\n",
                        1);
}

static void a_lost_wakeup_is_two_lines(void **state)
{
    (void)state;
    assert_minimises_to("lost-wakeup/check-then-sleep", "", NULL,
                        "run       sleeper           after flag.read\n"
                        "run       waker             until end\n",
                        1);
}

/* I-1: the hand-written case, less its last line, which is what goes without saying. */
static void the_gfs2_race_is_four_lines(void **state)
{
    (void)state;
    assert_minimises_to("gfs2-jdata-write/old", "", "buffers-missing at gfs2_page_add_databufs",
                        "run       writer      until hook\n"
                        "run       flusher     until end\n"
                        "run       completion  until end\n"
                        "run       reclaimer   until end\n",
                        1);
}

static const char by_hand[] = "heddle case 1\n"
                              "scenario  gfs2-jdata-write\n"
                              "variant   old\n"
                              "run       writer      until hook\n"
                              "run       flusher     until end\n"
                              "run       completion  until end\n"
                              "run       reclaimer   until end\n"
                              "run       writer      until end\n"
                              "expect    old         buffers-missing at gfs2_page_add_databufs\n"
                              "expect    merged      holds\n";

/* What a person wrote comes out as it was, with what it expects. */
static void the_hand_written_case_is_minimal_but_for_its_last_line(void **state)
{
    struct hd_case *the_case = NULL;
    struct hd_minimise_result result;

    (void)state;
    assert_int_equal(
        hd_case_parse(&hd_models, "i1", by_hand, strlen(by_hand), &the_case, NULL), HD_OK);
    result = minimise(the_case, CONFIRM);
    assert_lines(result.the_case, "run",
                 "run       writer      until hook\n"
                 "run       flusher     until end\n"
                 "run       completion  until end\n"
                 "run       reclaimer   until end\n");
    assert_true(hd_case_expect(result.the_case, 1)->holds); /* merged */
    assert_null(hd_case_expect(result.the_case, 4));        /* a mutant nobody asked for */
    assert_int_equal(result.preemptions_before, 1);
    assert_minimal(result.the_case);
    hd_case_free(result.the_case);
    hd_case_free(the_case);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p1_is_three_lines),
        cmocka_unit_test(a_use_after_free_is_two_lines),
        cmocka_unit_test(a_lost_wakeup_is_two_lines),
        cmocka_unit_test(the_gfs2_race_is_four_lines),
        cmocka_unit_test(the_hand_written_case_is_minimal_but_for_its_last_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
