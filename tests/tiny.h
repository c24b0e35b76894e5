/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Scenarios of a few lines, run on the real engine: by a given schedule, or by every schedule.
 *
 *     struct cell { uint32_t x; };
 *     static void one(void *state, unsigned instance) { ... }
 *     TINY(cells, struct cell, ROLES(TASK(one), TASK(two)), .check = end);
 *
 *     struct tiny tiny;
 *     tiny_open(&tiny, &cells, TINY_BACKEND(state), NULL);
 *     assert_string_equal(tiny_run(&tiny, "0110"), "holds");
 *     tiny_every(&tiny, 6, 2, "lost-update");    6 schedules, 2 of them lose an update
 *     tiny_close(&tiny);
 *
 * A schedule says, step by step, which actor takes it: one digit a step, an actor each; after the
 * last digit the running actor goes on, or the lowest that can.
 */
#ifndef HD_TESTS_TINY_H
#define HD_TESTS_TINY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "heddle/heddle.h"

/* ---- Scenarios ------------------------------------------------------------------------------- */

static const struct hd_variant_info tiny_variants[] = { { "only", "the only one", HD_POSITIVE },
                                                        { NULL } };

#define TASK(function)                                                                             \
    {                                                                                              \
        .name = #function, .summary = "", .kind = HD_TASK, .run = (function)                       \
    }
#define SERVICE(function, type, queue)                                                             \
    {                                                                                              \
        .name = #function, .summary = "", .kind = HD_SERVICE, .serve = (function),                 \
        .queue_offset = offsetof(type, queue)                                                      \
    }
#define ROLES(...) .roles = (const struct hd_role_info[]){ __VA_ARGS__, { NULL } }
/* A scenario called id; further members of struct hd_scenario follow the type of its state. */
#define TINY(id, type, ...)                                                                        \
    static const struct hd_scenario id = { .name = #id,                                            \
                                           .summary = "",                                          \
                                           .variants = tiny_variants,                              \
                                           .state_bytes = sizeof(type),                            \
                                           __VA_ARGS__ }

/* Called in an actor's name, for the engine, which TSan does not see either. */
#define HIDDEN __attribute__((no_sanitize("thread")))

/* ---- The schedule as a strategy -------------------------------------------------------------- */

struct tiny_plan {
    struct hd_strategy base; /* first */
    const char *schedule;
    uint32_t length;
    uint32_t refused; /* the first step whose actor was not enabled; UINT32_MAX: none */
};

static inline bool tiny_plan_begin(struct hd_strategy *strategy)
{
    ((struct tiny_plan *)strategy)->refused = UINT32_MAX;
    return true;
}

HIDDEN static inline hd_actor_id tiny_plan_pick(struct hd_strategy *strategy,
                                                const struct hd_choice *choice)
{
    struct tiny_plan *plan = (struct tiny_plan *)strategy;
    uint32_t step = choice->trace->length;
    hd_actor_id wanted = choice->running;

    if (step < plan->length) {
        wanted = (hd_actor_id)(plan->schedule[step] - '0');
        if (!hd_set_has(choice->enabled, wanted) && plan->refused == UINT32_MAX)
            plan->refused = step;
    }
    return hd_set_has(choice->enabled, wanted) ? wanted : hd_set_nth(choice->enabled, 0);
}

static inline void tiny_plan_end(struct hd_strategy *strategy, const struct hd_trace *trace)
{
    (void)strategy;
    (void)trace;
}

static inline void tiny_plan_free(struct hd_strategy *strategy)
{
    (void)strategy; /* it lives on somebody's stack */
}

static const struct hd_strategy_ops tiny_plan_ops = {
    .name = "plan",
    .sees_forced = true,
    .begin = tiny_plan_begin,
    .pick = tiny_plan_pick,
    .end = tiny_plan_end,
    .free = tiny_plan_free,
};

static inline struct tiny_plan tiny_plan(const char *schedule)
{
    return (struct tiny_plan){ .base = { &tiny_plan_ops },
                               .schedule = schedule,
                               .length = (uint32_t)strlen(schedule),
                               .refused = UINT32_MAX };
}

/* ---- Engines --------------------------------------------------------------------------------- */

/* A test that takes its backend from its initial state, run on each. */
#define ON(test, backend)                                                                          \
    {                                                                                              \
        #test " on " #backend, test, NULL, NULL, (void *)(uintptr_t)HD_BACKEND_##backend           \
    }
#define EACH(test) ON(test, FIBER), ON(test, THREAD), ON(test, LIGHT)
#define TINY_BACKEND(state) ((enum hd_backend)(uintptr_t)*(state))

struct tiny {
    struct hd_engine *engine;
    struct hd_setting setting;
    struct hd_execution execution; /* the latest */
    uint32_t refused;              /* of the latest tiny_run(): see struct tiny_plan */
    char verdict[160];
};

/* What the setting says from now on. */
static inline void tiny_prepare(struct tiny *tiny)
{
    struct hd_diag diag = { "" };

    if (hd_engine_prepare(tiny->engine, &tiny->setting, &diag))
        fail_msg("%s", diag.text);
}

static inline void tiny_use(struct tiny *tiny, const struct hd_scenario *scenario)
{
    tiny->setting = (struct hd_setting){ .scenario = scenario };
    hd_workload_default(scenario, &tiny->setting.workload);
    tiny_prepare(tiny);
}

static inline void tiny_open_with(struct tiny *tiny, const struct hd_scenario *scenario,
                                  const struct hd_engine_options *options)
{
    struct hd_diag diag = { "" };

    memset(tiny, 0, sizeof *tiny);
    if (hd_engine_create(options, &tiny->engine, &diag))
        fail_msg("%s", diag.text);
    tiny_use(tiny, scenario);
}

static inline void tiny_open(struct tiny *tiny, const struct hd_scenario *scenario,
                             enum hd_backend backend)
{
    struct hd_engine_options options = { .backend = backend };

    tiny_open_with(tiny, scenario, &options);
}

static inline void tiny_close(struct tiny *tiny)
{
    hd_engine_free(tiny->engine);
    tiny->engine = NULL;
}

/* Changes workload keys: "fault=choice b=off". */
static inline void tiny_keys(struct tiny *tiny, const char *keys)
{
    struct hd_diag diag = { "" };

    if (hd_workload_set_all(tiny->setting.scenario, &tiny->setting.workload, keys, &diag))
        fail_msg("%s", diag.text);
    tiny_prepare(tiny);
}

static inline void tiny_oracles(struct tiny *tiny, uint32_t oracles)
{
    tiny->setting.oracles = oracles;
    tiny_prepare(tiny);
}

static inline const char *tiny_say(struct tiny *tiny)
{
    if (tiny->execution.cut)
        return "cut";
    hd_verdict_format(&tiny->execution.verdict, tiny->verdict, sizeof tiny->verdict);
    return tiny->verdict;
}

/* One execution by a schedule that may not be possible; "holds", "KIND at SITE" or "cut". */
static inline const char *tiny_try(struct tiny *tiny, const char *schedule)
{
    struct tiny_plan plan = tiny_plan(schedule);

    assert_int_equal(hd_execute(tiny->engine, &plan.base, &tiny->execution), HD_OK);
    tiny->refused = plan.refused;
    return tiny_say(tiny);
}

/* The same where each step of the schedule must be possible. */
static inline const char *tiny_run(struct tiny *tiny, const char *schedule)
{
    const char *said = tiny_try(tiny, schedule);

    if (tiny->refused != UINT32_MAX)
        fail_msg("%s by %s: step %u cannot be taken", tiny->setting.scenario->name, schedule,
                 tiny->refused);
    return said;
}

/* A strategy from the registry. */
static inline struct hd_strategy *tiny_strategy(const char *name, uint64_t seed)
{
    struct hd_strategy_options options = { .seed = seed, .preemptions = HD_NO_BOUND };
    struct hd_strategy *strategy = NULL;

    assert_int_equal(hd_strategy_find(name)->create(&options, &strategy), HD_OK);
    return strategy;
}

#define TINY_KINDS_MAX 4

/* What every schedule gave. */
struct tiny_tally {
    uint64_t executions, violations;
    const char *kind[TINY_KINDS_MAX]; /* met, NULL behind the last */
    uint64_t count[TINY_KINDS_MAX];
    uint32_t longest; /* steps */
};

static inline uint64_t tiny_of(const struct tiny_tally *tally, const char *kind)
{
    for (unsigned i = 0; i < TINY_KINDS_MAX && tally->kind[i]; i++)
        if (!strcmp(tally->kind[i], kind))
            return tally->count[i];
    return 0;
}

static inline void tiny_note(struct tiny_tally *tally, const struct hd_execution *execution)
{
    unsigned i = 0;

    tally->executions++;
    if (tally->longest < execution->trace.length)
        tally->longest = execution->trace.length;
    if (execution->verdict.holds)
        return;
    tally->violations++;
    while (tally->kind[i] && strcmp(tally->kind[i], execution->verdict.kind) != 0)
        assert_true(++i < TINY_KINDS_MAX);
    tally->kind[i] = execution->verdict.kind;
    tally->count[i]++;
}

/* Every schedule once. */
static inline struct tiny_tally tiny_all(struct tiny *tiny)
{
    struct hd_strategy *dfs = tiny_strategy("dfs", 0);
    struct tiny_tally tally = { 0 };

    while (hd_execute(tiny->engine, dfs, &tiny->execution) == HD_OK) {
        assert_true(tally.executions < 1000000);
        assert_false(tiny->execution.cut);
        tiny_note(&tally, &tiny->execution);
    }
    assert_true(hd_strategy_complete(dfs));
    hd_strategy_free(dfs);
    return tally;
}

/* Every schedule: so many there are, and so many of them show this kind, the others nothing. */
static inline void tiny_every(struct tiny *tiny, uint64_t executions, uint64_t violations,
                              const char *kind)
{
    struct tiny_tally tally = tiny_all(tiny);

    assert_int_equal(tally.executions, executions);
    assert_int_equal(tally.violations, violations);
    if (violations)
        assert_int_equal(tiny_of(&tally, kind), violations);
}

/* All of one scenario, from nothing to nothing. */
static inline void tiny_check_every(const struct hd_scenario *scenario, enum hd_backend backend,
                                    uint64_t executions, uint64_t violations, const char *kind)
{
    struct tiny tiny;

    tiny_open(&tiny, scenario, backend);
    tiny_every(&tiny, executions, violations, kind);
    tiny_close(&tiny);
}

/* One schedule of one scenario. */
static inline void tiny_check(const struct hd_scenario *scenario, enum hd_backend backend,
                              const char *schedule, const char *said)
{
    struct tiny tiny;

    tiny_open(&tiny, scenario, backend);
    assert_string_equal(tiny_run(&tiny, schedule), said);
    tiny_close(&tiny);
}

/* The value that step i of the latest execution read, wrote or handed over. */
static inline uint64_t tiny_value(const struct tiny *tiny, uint32_t i)
{
    assert_true(i < tiny->execution.trace.length);
    return tiny->execution.trace.steps[i].value;
}

#endif
