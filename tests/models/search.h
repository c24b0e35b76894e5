/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Searching a scenario from a test: what is searched, how, and what came of it. */
#ifndef TESTS_MODELS_SEARCH_H
#define TESTS_MODELS_SEARCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "heddle/heddle.h"
#include "models.h"

struct search {
    const char *subject;  /* "SCENARIO/VARIANT" */
    const char *workload; /* its keys; NULL: the default */
    const char *strategy;
    uint64_t seed;
    uint32_t preemptions; /* dfs */
    uint64_t runs;        /* at most; 0: until the strategy has no more */
    const char *kind;     /* count violations of this kind ... */
    const char *site;     /* ... in this function */
    bool until_found;     /* stop at the first of those */
};

struct outcome {
    uint64_t executions, violations;
    uint64_t found; /* of the kind, in the function */
    uint64_t first; /* execution, from 1, of the first of those; 0: none */
    uint32_t preemptions; /* fewest, of those */
    char other[2 * HD_NAME_BYTES]; /* the first verdict that was no "holds" */
};

static inline struct hd_setting setting_of(const char *subject, const char *workload)
{
    struct hd_setting setting;
    struct hd_diag diag = { "" };

    if (hd_setting_parse(&hd_models, subject, &setting, &diag))
        fail_msg("%s", diag.text);
    if (workload && hd_workload_set_all(setting.scenario, &setting.workload, workload, &diag))
        fail_msg("%s", diag.text);
    return setting;
}

static inline struct hd_engine *engine_for(const struct hd_setting *setting, bool describe)
{
    struct hd_engine_options options = { .describe = describe };
    struct hd_engine *engine = NULL;
    struct hd_diag diag = { "" };

    if (hd_engine_create(&options, &engine, &diag))
        fail_msg("%s", diag.text);
    if (hd_engine_prepare(engine, setting, &diag))
        fail_msg("%s", diag.text);
    return engine;
}

static inline void count(struct outcome *outcome, const struct search *search,
                         const struct hd_execution *execution)
{
    const struct hd_verdict *verdict = &execution->verdict;

    outcome->executions++;
    if (verdict->holds)
        return;
    if (!outcome->violations++)
        (void)hd_verdict_format(verdict, outcome->other, sizeof outcome->other);
    if (!search->kind || strcmp(verdict->kind, search->kind) != 0)
        return;
    if (search->site && !hd_verdict_in(verdict, search->site))
        return;
    if (!outcome->found++)
        outcome->first = outcome->executions;
    if (outcome->found == 1 || execution->trace.preemptions < outcome->preemptions)
        outcome->preemptions = execution->trace.preemptions;
}

static inline struct outcome run_search(const struct search *search)
{
    struct hd_setting setting = setting_of(search->subject, search->workload);
    struct hd_strategy_options options = { .seed = search->seed,
                                           .preemptions = search->preemptions };
    const struct hd_strategy_info *info = hd_strategy_find(search->strategy);
    struct hd_engine *engine = engine_for(&setting, false);
    struct hd_strategy *strategy = NULL;
    struct outcome outcome = { 0 };
    struct hd_execution execution;

    assert_non_null(info);
    assert_int_equal(info->create(&options, &strategy), HD_OK);
    for (uint64_t n = 0; !search->runs || n < search->runs; n++) {
        if (hd_execute(engine, strategy, &execution) != HD_OK)
            break;
        if (!execution.cut)
            count(&outcome, search, &execution);
        if (search->until_found && outcome.found)
            break;
    }
    hd_strategy_free(strategy);
    hd_engine_free(engine);
    return outcome;
}

#endif
