/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What every scenario owes: a whole passport, workloads that can be set, expectations that name
 * what exists and come true.  It walks the list, so a new scenario is held to it the day it is
 * added.
 */
#include <dirent.h>

#include "models/replay.h"

/* Enough for each expected violation of the catalogue, by its own name, from this seed. */
#define RUNS_TO_FIND 70000
#define RUNS_TO_HOLD 2000

static void filled_in(const char *scenario, const char *name, const char *text)
{
    if (!text || !*text)
        fail_msg("%s: no %s", scenario, name);
}

static void every_passport_is_whole(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < hd_models.count; i++) {
        const struct hd_scenario *scenario = hd_models.scenarios[i];

        filled_in(scenario->name, "summary", scenario->summary);
        filled_in(scenario->name, "source", scenario->passport.source);
        filled_in(scenario->name, "functions", scenario->passport.functions);
        filled_in(scenario->name, "kept", scenario->passport.kept);
        filled_in(scenario->name, "left_out", scenario->passport.left_out);
        filled_in(scenario->name, "invariants", scenario->passport.invariants);
        filled_in(scenario->name, "reference", scenario->passport.reference);
        assert_true(scenario->state_bytes <= HD_OBJECT_BYTES_MAX);
        assert_ptr_equal(hd_scenario_find(&hd_models, scenario->name), scenario);
    }
}

/* The function that stands at a landmark is known in every variant. */
static void every_landmark_stands_somewhere(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < hd_models.count; i++) {
        const struct hd_scenario *scenario = hd_models.scenarios[i];
        const struct hd_landmark_info *landmark = scenario->landmarks;

        for (; landmark && landmark->name; landmark++) {
            const char *name = NULL; /* a variant need not have the place; some must */

            for (unsigned v = 0; scenario->variants[v].name; v++)
                name = landmark->names[v] ? landmark->names[v] : name;
            filled_in(scenario->name, landmark->name, name);
        }
    }
}

static bool has_kind(const struct hd_scenario *scenario, const char *kind)
{
    static const char *const of_the_oracles[] = { "use-after-free", "null-dereference", "data-race",
                                                  "deadlock" };

    for (size_t i = 0; i < sizeof of_the_oracles / sizeof *of_the_oracles; i++)
        if (!strcmp(of_the_oracles[i], kind))
            return true;
    for (const char *const *own = scenario->kinds; own && *own; own++)
        if (!strcmp(*own, kind))
            return true;
    return false;
}

/* A workload's expectation of a variant comes true; one that holds does so in a few searches. */
static void meets(const struct hd_scenario *scenario, const struct hd_workload_info *workload,
                  const struct hd_expect_info *expect)
{
    bool holds = !strcmp(expect->kind, "holds");
    char subject[128];
    struct search search = { .subject = subject, .workload = workload->keys, .strategy = "pct",
                             .seed = 1, .runs = holds ? RUNS_TO_HOLD : RUNS_TO_FIND,
                             .kind = expect->kind, .site = expect->site, .until_found = true };
    /* No strategy is good at everything: what pct doesn't find at depth 3, these may. */
    static const char *const others[] = { "pos", "random" };
    struct outcome outcome;

    (void)snprintf(subject, sizeof subject, "%s/%s", scenario->name, expect->variant);
    if (!holds && !has_kind(scenario, expect->kind))
        fail_msg("%s, %s: no kind '%s'", subject, workload->name, expect->kind);
    if (!holds && !strncmp(workload->name, "hard-", 5))
        return; /* for guided searches: an unguided one is not asked to find it */
    outcome = run_search(&search);
    for (size_t i = 0; !holds && !outcome.found && i < sizeof others / sizeof *others; i++) {
        search.strategy = others[i];
        outcome = run_search(&search);
    }
    if (holds && outcome.violations)
        fail_msg("%s, %s: %s", subject, workload->name, outcome.other);
    if (!holds && !outcome.found)
        fail_msg("%s, %s: no %s at %s", subject, workload->name, expect->kind, expect->site);
}

static void every_expectation_comes_true(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < hd_models.count; i++) {
        const struct hd_scenario *scenario = hd_models.scenarios[i];

        for (const struct hd_workload_info *w = scenario->workloads; w && w->name; w++)
            for (unsigned e = 0; e < HD_EXPECTS_MAX && w->expects[e].variant; e++)
                meets(scenario, w, &w->expects[e]);
    }
}

/* What no order of the kernel's repairs: a workload that says so in its name. */
static bool is_exception(const struct hd_workload_info *workload)
{
    return !strncmp(workload->name, "exception-", 10);
}

/* broken: a workload breaks it.  fixed and positive: no workload is said to, but an exception. */
static void standings_agree_with_expectations(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < hd_models.count; i++) {
        const struct hd_scenario *scenario = hd_models.scenarios[i];

        for (unsigned v = 0; scenario->variants[v].name; v++) {
            const struct hd_variant_info *variant = &scenario->variants[v];
            bool said_to_break = false;

            for (const struct hd_workload_info *w = scenario->workloads; w->name; w++)
                for (unsigned e = 0; e < HD_EXPECTS_MAX && w->expects[e].variant; e++)
                    if (!strcmp(w->expects[e].variant, variant->name) && !is_exception(w) &&
                        strcmp(w->expects[e].kind, "holds") != 0)
                        said_to_break = true;
            if (said_to_break !=
                (variant->standing == HD_BROKEN || variant->standing == HD_MUTANT))
                fail_msg("%s/%s", scenario->name, variant->name);
        }
    }
}

struct verdict_text {
    bool met;
    char text[2 * HD_NAME_BYTES];
    const struct hd_expect *expect;
};

static void judge(void *context, const struct hd_engine *engine, const struct hd_strategy *guided,
                  const struct hd_execution *execution)
{
    struct verdict_text *verdict = context;

    (void)engine;
    (void)guided;
    verdict->met = hd_verdict_meets(&execution->verdict, verdict->expect);
    (void)hd_verdict_format(&execution->verdict, verdict->text, sizeof verdict->text);
}

static void replay_all_variants(const char *path)
{
    struct hd_case *the_case = load_case(path);

    assert_true(the_case->expect_count > 0);
    for (uint32_t i = 0; i < the_case->expect_count; i++) {
        struct verdict_text verdict = { .expect = &the_case->expects[i] };

        replay_case(the_case, the_case->expects[i].variant, judge, &verdict);
        if (!verdict.met)
            fail_msg("%s, variant %u: %s", path, the_case->expects[i].variant, verdict.text);
    }
    hd_case_free(the_case);
}

/* Every case that is shipped for a scenario does in each variant what it says. */
static void every_shipped_case_replays(void **unused)
{
    unsigned replayed = 0;

    (void)unused;
    for (size_t i = 0; i < hd_models.count; i++) {
        char path[1024];
        struct dirent *entry;
        DIR *folder;

        (void)snprintf(path, sizeof path, "%s/corpus/%s", HEDDLE_SOURCE_DIR,
                       hd_models.scenarios[i]->name);
        folder = opendir(path);
        while (folder && (entry = readdir(folder))) {
            if (!strstr(entry->d_name, ".sched"))
                continue;
            (void)snprintf(path, sizeof path, "%s/corpus/%s/%s", HEDDLE_SOURCE_DIR,
                           hd_models.scenarios[i]->name, entry->d_name);
            replay_all_variants(path);
            replayed++;
        }
        if (folder)
            (void)closedir(folder);
    }
    assert_true(replayed >= 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_passport_is_whole),
        cmocka_unit_test(every_landmark_stands_somewhere),
        cmocka_unit_test(every_expectation_comes_true),
        cmocka_unit_test(standings_agree_with_expectations),
        cmocka_unit_test(every_shipped_case_replays),
    };

    return cmocka_run_group_tests_name("catalogue", tests, NULL, NULL);
}
