/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Planted regressions: the gate is open over the tree as it is; with one thing broken, in a model
 * or in a primitive of the engine, it closes and says so.  (What is broken in a case: test_gate.c.)
 *
 * This program is linked with --wrap=hd_trylock_, so that the primitive can be broken for it.
 */
#include "gate/cases.h"
#include "models.h"

bool __real_hd_trylock_(const struct hd_site *site, uint32_t *held);
bool __wrap_hd_trylock_(const struct hd_site *site, uint32_t *held);

/* The plant: a trylock that says yes whatever holds the lock. */
static bool trylock_is_broken;

bool __wrap_hd_trylock_(const struct hd_site *site, uint32_t *held)
{
    return __real_hd_trylock_(site, held) || trylock_is_broken;
}

static void gate_over(const char *directory, const char *out, const struct hd_catalogue *catalogue,
                      struct hd_gate_result *ret_result)
{
    char path[512];
    const char *paths[] = { path };
    const struct hd_gate_options options = {
        .catalogue = catalogue, .paths = paths, .path_count = 1, .runs = 500, .jobs = 2, .out = out
    };
    struct hd_diag diag = { { 0 } };

    snprintf(path, sizeof path, "%s/corpus/%s", HEDDLE_SOURCE_DIR, directory);
    if (hd_gate(&options, ret_result, &diag))
        fail_msg("the gate: %s", diag.text);
}

/* ---- A model ----------------------------------------------------------------------------------
 */

#define VARIANTS 8

/* The scenario with what two variants do exchanged: each has the other's name and standing. */
struct exchanged {
    struct hd_scenario scenario;
    struct hd_variant_info variants[VARIANTS + 1];
    const struct hd_scenario *list[1];
    struct hd_catalogue catalogue;
};

static void exchange(struct exchanged *exchanged, const struct hd_scenario *scenario,
                     const char *one, const char *other)
{
    int a = hd_variant_find(scenario, one), b = hd_variant_find(scenario, other);
    unsigned count = 0;

    assert_true(a >= 0 && b >= 0);
    for (; scenario->variants[count].name; count++) {
        assert_true(count < VARIANTS);
        exchanged->variants[count] = scenario->variants[count];
    }
    memset(&exchanged->variants[count], 0, sizeof exchanged->variants[count]);
    exchanged->variants[a] = scenario->variants[b];
    exchanged->variants[b] = scenario->variants[a];
    exchanged->scenario = *scenario;
    exchanged->scenario.variants = exchanged->variants;
    exchanged->list[0] = &exchanged->scenario;
    exchanged->catalogue = (struct hd_catalogue){ exchanged->list, 1 };
}

static const struct hd_scenario *scenario_of(const char *name)
{
    const struct hd_scenario *scenario = hd_scenario_find(&hd_models, name);

    assert_non_null(scenario);
    return scenario;
}

/* merged becomes a mutant of itself: its own case shows it, and the finding is a case that fails.
 */
static void a_model_that_loses_a_test_closes_the_gate(void **state)
{
    struct exchanged exchanged;
    struct hd_gate_result result;
    const struct hd_gate_check *check;
    struct hd_case *finding;
    struct cases cases;

    (void)state;
    cases_open(&cases);
    exchange(&exchanged, scenario_of("gfs2-jdata-write"), "merged", "mutant-no-refcount-gate");
    gate_over("gfs2-jdata-write", cases.directory, &exchanged.catalogue, &result);
    assert_int_equal(result.outcome, HD_GATE_FAILED);
    check = cases_check(&result, "i1.sched", "replay merged");
    assert_failed(check, "buffers-missing",
                  "expected holds, got buffers-missing at "
                  "gfs2_page_add_databufs",
                  "` tells the story: mend");
    assert_has(check->advice, "`heddle replay --variant merged ");
    assert_non_null(check->where);
    assert_string_equal(check->where->function, "gfs2_page_add_databufs");
    check = cases_check(&result, NULL, "proof gfs2-jdata-write/merged");
    assert_int_equal(check->outcome, HD_GATE_FAILED);
    assert_has(check->text, "found by a proof");
    assert_has(check->advice, "keep the case beside the others");
    assert_int_equal(hd_case_load(&exchanged.catalogue, check->path, &finding, NULL), HD_OK);
    assert_string_equal(hd_case_expect(finding, finding->setting.variant)->kind, check->rule);
    hd_case_free(finding);
    hd_gate_free(&result);
    cases_close(&cases);
}

/* Under the schedule of the case the broken order is right by luck; beside it, it is not. */
static void what_holds_by_luck_fails_beside_it(void **state)
{
    struct exchanged exchanged;
    struct hd_gate_result result;
    const struct hd_gate_check *check;
    struct cases cases;

    (void)state;
    cases_open(&cases);
    cases_add(&cases, "luck.sched",
              "heddle case 1@scenario counter@variant plain@"
              "run actor[0] until end@run actor[1] until end@expect locked holds@");
    exchange(&exchanged, scenario_of("counter"), "locked", "marked");
    cases_gate(&cases, &exchanged.catalogue, 1, &result);
    assert_int_equal(cases_check(&result, "luck.sched", "replay locked")->outcome, HD_GATE_PASSED);
    check = cases_check(&result, "luck.sched", "neighbours locked");
    assert_failed(check, "lost-update", "lost-update at no_update_is_lost, found with one switch",
                  "counter-locked-lost-update-");
    assert_failed(cases_check(&result, NULL, "proof counter/locked"), "lost-update",
                  "found by a proof", "` tells the story: mend the variant");
    hd_gate_free(&result);
    cases_close(&cases);
}

/* ---- A primitive ------------------------------------------------------------------------------
 */

static void count_failed(const char *directory, uint32_t *ret_failed, uint32_t *ret_scenarios)
{
    struct hd_gate_result result;

    gate_over(directory, NULL, &hd_models, &result);
    *ret_failed = result.counts[HD_GATE_FAILED];
    *ret_scenarios = result.scenarios_failed;
    hd_gate_free(&result);
}

/* What many scenarios share fails in many scenarios: the report says where to look first. */
static void a_broken_primitive_closes_the_gate(void **state)
{
    struct hd_gate_result result;
    uint32_t failed, scenarios;
    char *text = NULL;
    size_t length;
    FILE *out;

    (void)state;
    count_failed("gfs2-jdata-write", &failed, &scenarios);
    assert_int_equal(failed, 0);
    trylock_is_broken = true;
    gate_over("", NULL, &hd_models, &result);
    trylock_is_broken = false;
    assert_int_equal(result.outcome, HD_GATE_FAILED);
    assert_true(result.scenarios_failed > 1);
    out = open_memstream(&text, &length);
    assert_non_null(out);
    assert_int_equal(hd_gate_formats[0].print(&result, out), HD_OK);
    fclose(out);
    printf("%u of %u scenarios fail\n", result.scenarios_failed, result.scenarios);
    assert_has(text, "the gate is closed");
    assert_has(text, "look at what they share");
    free(text);
    hd_gate_free(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_that_loses_a_test_closes_the_gate),
        cmocka_unit_test(what_holds_by_luck_fails_beside_it),
        cmocka_unit_test(a_broken_primitive_closes_the_gate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
