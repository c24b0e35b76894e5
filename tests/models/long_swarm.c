/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a scenario lets vary is harmless: no fixed or positive variant goes wrong, whichever of
 * those actors and faults a swarm switches, in 200 thousand executions each. */
#include "models/search.h"

#define RUNS 200000

static void holds(const struct hd_scenario *scenario, unsigned variant)
{
    struct hd_explore_options options = { .setting = { .scenario = scenario, .variant = variant },
                                          .engine = { .backend = HD_BACKEND_LIGHT },
                                          .swarm = HD_SWARM_HARMLESS,
                                          .strategy = hd_strategy_find("portfolio"),
                                          .strategy_options = { .seed = 1 },
                                          .runs = RUNS };
    struct hd_explore_result result;
    struct hd_diag diag = { "" };

    hd_workload_default(scenario, &options.setting.workload);
    if (hd_explore(&options, &result, &diag))
        fail_msg("%s/%s: %s", scenario->name, scenario->variants[variant].name, diag.text);
    if (result.finding_count)
        fail_msg("%s/%s: %s", scenario->name, scenario->variants[variant].name,
                 result.findings[0].verdict);
    assert_int_equal(result.executions, RUNS);
    hd_explore_result_free(&result);
}

static void what_may_vary_is_harmless(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < hd_models.count; i++) {
        const struct hd_scenario *scenario = hd_models.scenarios[i];

        for (unsigned v = 0; scenario->variants[v].name; v++)
            if (scenario->variants[v].standing == HD_FIXED
                || scenario->variants[v].standing == HD_POSITIVE)
                holds(scenario, v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_may_vary_is_harmless) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
