/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One chunk of a search.  It starts a strategy afresh from a seed derived from the chunk's number,
 * so what it does depends on nothing but the options and that number.
 */
#include "explore/chunk.h"

#include <string.h>

#include "base/assert.h"
#include "base/prng.h"
#include "explore/swarm.h"
#include "explore/tally.h"

/* The engine may still have the workload that the chunk before it drew. */
static enum hd_error prepare(struct hd_chunk *chunk, const struct hd_explore_options *options,
                             struct hd_engine *engine)
{
    struct hd_setting setting = options->setting;

    hd_swarm_draw(&options->setting, options->swarm, options->strategy_options.seed,
                  chunk->number, &setting.workload);
    if (memcmp(&setting.workload, &hd_engine_setting(engine)->workload,
               sizeof setting.workload) == 0)
        return HD_OK;
    return hd_engine_prepare(engine, &setting, &chunk->diag);
}

static enum hd_error create_strategy(const struct hd_explore_options *options, uint64_t number,
                                     struct hd_strategy **ret_strategy)
{
    struct hd_strategy_options own = options->strategy_options;
    struct hd_strategy *strategy = NULL;
    enum hd_error error;

    own.seed = hd_seed_derive(own.seed, number);
    error = options->strategy->create(&own, &strategy);
    if (!error && options->twice) {
        struct hd_strategy *inner = strategy;

        error = hd_strategy_twice(inner, &strategy);
        if (error)
            hd_strategy_free(inner);
    }
    if (!error)
        *ret_strategy = strategy;
    return error;
}

/* The second of two equal executions; the strategy compares the steps, the digests the verdict. */
static enum hd_error execute_again(struct hd_chunk *chunk, struct hd_engine *engine,
                                   struct hd_strategy *strategy, const struct hd_execution *first,
                                   uint64_t number)
{
    uint64_t digest = first->digest;
    struct hd_execution second;
    enum hd_error error = hd_execute(engine, strategy, &second);
    uint32_t step = hd_twice_difference(strategy);

    if (error)
        return hd_fail(&chunk->diag, error, "execution %llu, run again: %s",
                       (unsigned long long)number, hd_error_text(error));
    if (step != UINT32_MAX)
        return hd_fail(&chunk->diag, HD_E_NONDETERMINISTIC,
                       "execution %llu differs when run twice, first at step %u",
                       (unsigned long long)number, step);
    if (second.digest != digest && !hd_strategy_complete(strategy))
        return hd_fail(&chunk->diag, HD_E_NOMEM, "execution %llu could not be repeated: %s",
                       (unsigned long long)number, hd_error_text(HD_E_NOMEM));
    if (second.digest != digest)
        return hd_fail(&chunk->diag, HD_E_NONDETERMINISTIC,
                       "execution %llu differs when run twice, only in its verdict",
                       (unsigned long long)number);
    return HD_OK;
}

/* Is it the violation that was asked for: "KIND", "FUNCTION" or "KIND at FUNCTION"? */
static bool is_wanted(const struct hd_explore_options *options,
                      const struct hd_execution *execution)
{
    const struct hd_verdict *verdict = &execution->verdict;
    const char *find = options->find;
    const char *at = find ? strstr(find, " at ") : NULL;
    size_t kind_length = at ? (size_t)(at - find) : 0;

    if (execution->cut || verdict->holds)
        return false;
    if (at)
        return strncmp(verdict->kind, find, kind_length) == 0 && !verdict->kind[kind_length]
               && hd_verdict_in(verdict, at + strlen(" at "));
    return !find || hd_verdict_in(verdict, find);
}

/* One execution, counted.  HD_E_STOPPED: the strategy has nothing left. */
static enum hd_error execute_one(struct hd_chunk *chunk, const struct hd_explore_options *options,
                                 struct hd_engine *engine, struct hd_strategy *strategy)
{
    uint64_t number = chunk->first + chunk->tally.executions;
    struct hd_execution execution;
    enum hd_error error = hd_execute(engine, strategy, &execution);
    bool wanted;

    if (error == HD_E_STOPPED)
        return error;
    if (error)
        return hd_fail(&chunk->diag, error, "execution %llu: %s", (unsigned long long)number,
                       hd_error_text(error));
    if (chunk->coverage && !execution.cut)
        hd_coverage_add(chunk->coverage, engine, &execution);
    wanted = is_wanted(options, &execution);
    error = hd_tally_add(&chunk->tally, engine, &execution, number, wanted);
    if (error)
        return hd_fail(&chunk->diag, error, "a finding: %s", hd_error_text(error));
    chunk->ends_search = wanted && !options->keep_going;
    /* Last, because it makes the engine forget the first one's trace. */
    return options->twice ? execute_again(chunk, engine, strategy, &execution, number) : HD_OK;
}

void hd_chunk_execute(struct hd_chunk *chunk, const struct hd_explore_options *options,
                      struct hd_engine *engine, bool (*abandon)(void *context, uint64_t number),
                      void *context, atomic_uint_fast64_t *executions)
{
    struct hd_strategy *strategy = NULL;
    enum hd_error error = prepare(chunk, options, engine);
    uint64_t told = 0;

    if (!error && options->coverage && hd_coverage_create(&chunk->coverage))
        error = hd_fail(&chunk->diag, HD_E_NOMEM, "out of memory for coverage");
    if (!error) {
        error = create_strategy(options, chunk->number, &strategy);
        if (error)
            hd_fail(&chunk->diag, error, "strategy %s: %s", options->strategy->name,
                    hd_error_text(error));
    }
    while (!error && !chunk->ends_search && !abandon(context, chunk->number)
           && (chunk->count == 0 || chunk->tally.executions < chunk->count)) {
        error = execute_one(chunk, options, engine, strategy);
        if (chunk->tally.executions - told >= HD_CHUNK / 4) {
            atomic_fetch_add_explicit(executions, chunk->tally.executions - told,
                                      memory_order_relaxed);
            told = chunk->tally.executions;
        }
    }
    atomic_fetch_add_explicit(executions, chunk->tally.executions - told, memory_order_relaxed);
    if (error == HD_E_STOPPED) {
        HD_ASSERT(options->strategy->exhausts);
        chunk->complete = hd_strategy_complete(strategy);
        error = HD_OK;
    }
    chunk->error = error;
    if (error)
        chunk->ends_search = true;
    hd_strategy_free(strategy);
}
