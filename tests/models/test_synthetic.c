/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The small scenarios, over all their executions: the counts that their sources derive by hand. */
#include "models/search.h"

struct all {
    const char *subject, *workload;
    uint64_t executions, violations;
    const char *kind, *site; /* of every violation; NULL: there is none */
};

static const struct all table[] = {
    { "counter/plain", NULL, 6, 6, "data-race", "increment_plain" },
    { "counter/marked", NULL, 6, 4, "lost-update", "no_update_is_lost" },
    { "counter/locked", NULL, 2, 0, NULL, NULL },
    { "counter/locked", "actors=4", 24, 0, NULL, NULL },
    { "two-locks/crossed", NULL, 6, 2, "deadlock", NULL },
    { "two-locks/ordered", NULL, 2, 0, NULL, NULL },
    { "steps/plain", "steps=3", 20, 0, NULL, NULL },
    { "steps/plain", "actors=3 steps=3", 1680, 0, NULL, NULL },
    { "uaf/no-grace-period", NULL, 35, 3, "use-after-free", "reader" },
    { "uaf/grace", NULL, 49, 0, NULL, NULL },
    { "uaf/callback", NULL, 49, 0, NULL, NULL },
    { "lost-wakeup/check-then-sleep", NULL, 5, 1, "deadlock", NULL },
    { "lost-wakeup/wait-event", NULL, 6, 0, NULL, NULL },
    { "power/unordered", NULL, 2, 1, "torn-update", NULL },
    { "power/write-ahead", NULL, 1, 0, NULL, NULL },
    { "p1/relock", NULL, 73, 1, "null-dereference", "journal_add" },
    { "p1/new", NULL, 44, 0, NULL, NULL },
};

static void every_execution_is_counted(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const struct all *all = &table[i];
        struct search search = { .subject = all->subject, .workload = all->workload,
                                 .strategy = "dfs", .preemptions = HD_NO_BOUND,
                                 .kind = all->kind, .site = all->site };
        struct outcome outcome = run_search(&search);

        if (outcome.executions != all->executions || outcome.violations != all->violations)
            fail_msg("%s: %d executions, %d violations, expected %d and %d", all->subject,
                     (int)outcome.executions, (int)outcome.violations, (int)all->executions,
                     (int)all->violations);
        assert_int_equal(outcome.found, all->violations);
    }
}

/* p1 is compared with other tools on the same program: its operations are those of its source. */
static void p1_takes_the_steps_of_the_pthread_program(void **unused)
{
    struct hd_setting setting = setting_of("p1/new", NULL);
    struct hd_engine *engine = engine_for(&setting, false);
    struct hd_strategy_options options = { .preemptions = 0 };
    struct hd_strategy *dfs = NULL;
    struct hd_execution execution;

    (void)unused;
    assert_int_equal(hd_strategy_find("dfs")->create(&options, &dfs), HD_OK);
    assert_int_equal(hd_execute(engine, dfs, &execution), HD_OK);
    /* writer: lock, load, malloc, store, load, store (jadded), twice load and store, load, lock,
     * store, load, store, two unlocks: 17.  reclaimer, after it: trylock, load, load, load (dirty),
     * unlock: 5.  writeback: lock, load, load, store, unlock: 5. */
    assert_int_equal(execution.trace.length, 17 + 5 + 5);
    assert_true(execution.verdict.holds);
    hd_strategy_free(dfs);
    hd_engine_free(engine);
}

static void p1_finds_its_bug_at_every_size(void **unused)
{
    static const char *const sizes[] = { "workload=1.1.1", "workload=2.1.1", "workload=2.2.1" };

    (void)unused;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct search search = { .subject = "p1/old", .workload = sizes[i], .strategy = "pct",
                                 .seed = 1, .runs = 20000, .kind = "null-dereference",
                                 .site = "journal_add", .until_found = true };

        assert_int_equal(run_search(&search).found, 1);
        search.subject = "p1/relock";
        assert_int_equal(run_search(&search).found, 1);
        search.subject = "p1/new";
        search.runs = 5000;
        search.kind = NULL;
        assert_int_equal(run_search(&search).violations, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_execution_is_counted),
        cmocka_unit_test(p1_takes_the_steps_of_the_pthread_program),
        cmocka_unit_test(p1_finds_its_bug_at_every_size),
    };

    return cmocka_run_group_tests_name("synthetic", tests, NULL, NULL);
}
