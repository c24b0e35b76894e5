/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How soon is it found?  For every broken variant of the catalogue and every strategy: the
 * execution that first violates, over so many seeds.
 *
 *   bench_find [SEEDS [CAP [SCENARIO...]]]      default: 20 seeds, 10000 executions at most
 *
 * CSV: scenario,variant,strategy,seeds,found,within_1000,q1,median,q3,max,cpu_ns_median.  A search
 * that found nothing counts as CAP + 1.
 */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#define SEEDS_MAX 1000

struct plan {
    uint64_t seeds, cap;
    char **scenarios; /* NULL at the end; none: all */
};

/* The first workload of which something is expected to go wrong in this variant; NULL for none. */
static const struct hd_workload_info *failing_workload(const struct hd_scenario *scenario,
                                                       unsigned variant)
{
    const char *name = scenario->variants[variant].name;

    for (const struct hd_workload_info *w = scenario->workloads; w && w->name; w++)
        for (unsigned i = 0; i < HD_EXPECTS_MAX && w->expects[i].variant; i++)
            if (!strcmp(w->expects[i].variant, name) && strcmp(w->expects[i].kind, "holds") != 0)
                return w;
    return NULL;
}

static int compare(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

/* The number of the first execution that violates, or cap + 1. */
static uint64_t find_first(const struct hd_setting *setting, const struct hd_strategy_info *info,
                           uint64_t seed, uint64_t cap)
{
    struct hd_explore_options options = { .setting = *setting,
                                          .strategy = info,
                                          .strategy_options = { .seed = seed },
                                          .runs = cap };
    struct hd_explore_result result;
    struct hd_diag diag = { { 0 } };
    enum hd_error error = hd_explore(&options, &result, &diag);
    uint64_t first;

    if (error)
        bench_die("hd_explore", error, &diag);
    first = result.finding_count ? result.findings[0].execution : cap + 1;
    hd_explore_result_free(&result);
    return first;
}

static void measure(const struct plan *plan, const struct hd_setting *setting,
                    const struct hd_strategy_info *info)
{
    uint64_t first[SEEDS_MAX], cpu[SEEDS_MAX], found = 0, soon = 0, n = plan->seeds;

    for (uint64_t seed = 0; seed < n; seed++) {
        uint64_t start = bench_cpu_ns();

        first[seed] = find_first(setting, info, seed + 1, plan->cap);
        cpu[seed] = bench_cpu_ns() - start;
        found += first[seed] <= plan->cap;
        soon += first[seed] <= 1000;
    }
    qsort(first, n, sizeof first[0], compare);
    qsort(cpu, n, sizeof cpu[0], compare);
    printf("%s,%s,%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
           ",%" PRIu64 ",%" PRIu64 "\n",
           setting->scenario->name, setting->scenario->variants[setting->variant].name, info->name,
           n, found, soon, first[n / 4], first[n / 2], first[3 * n / 4], first[n - 1], cpu[n / 2]);
    fflush(stdout);
}

static bool is_asked_for(const struct plan *plan, const char *name)
{
    for (char **asked = plan->scenarios; *asked; asked++)
        if (!strcmp(*asked, name))
            return true;
    return !plan->scenarios[0];
}

static void measure_variant(const struct plan *plan, const struct hd_scenario *scenario,
                            unsigned variant)
{
    const struct hd_workload_info *workload = failing_workload(scenario, variant);
    struct hd_setting setting = { .scenario = scenario, .variant = variant };
    struct hd_diag diag = { { 0 } };

    if (!workload)
        return;
    hd_workload_default(scenario, &setting.workload);
    if (hd_workload_set(scenario, &setting.workload, "workload", workload->name, &diag))
        bench_die(scenario->name, HD_E_UNKNOWN, &diag);
    for (size_t i = 0; i < hd_strategy_count; i++)
        measure(plan, &setting, &hd_strategies[i]);
}

static uint64_t number(const char *text, uint64_t max)
{
    char *end;
    unsigned long long value = strtoull(text, &end, 10);

    if (*end || value == 0 || value > max) {
        fprintf(stderr, "bench_find: not a number from 1 to %" PRIu64 ": %s\n", max, text);
        exit(2);
    }
    return value;
}

int main(int argc, char **argv)
{
    struct plan plan = { .seeds = 20, .cap = 10000, .scenarios = argv + argc };

    if (argc > 1)
        plan.seeds = number(argv[1], SEEDS_MAX);
    if (argc > 2)
        plan.cap = number(argv[2], UINT32_MAX);
    if (argc > 3)
        plan.scenarios = argv + 3;
    printf("scenario,variant,strategy,seeds,found,within_1000,q1,median,q3,max,cpu_ns_median\n");
    for (size_t s = 0; s < hd_models.count; s++) {
        const struct hd_scenario *scenario = hd_models.scenarios[s];

        for (unsigned v = 0; scenario->variants[v].name; v++)
            if (scenario->variants[v].standing == HD_BROKEN && is_asked_for(&plan, scenario->name))
                measure_variant(&plan, scenario, v);
    }
    return ferror(stdout) ? 2 : 0;
}
