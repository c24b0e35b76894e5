/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One candidate: executed, compared, kept or forgotten.  Nothing becomes the best without having
 * been executed as it is.
 */
#include <stdatomic.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "minimise/shrink.h"

static void copy_name(char *into, const char *name)
{
    size_t length = name ? strlen(name) : 0;

    if (length >= HD_NAME_BYTES)
        length = HD_NAME_BYTES - 1;
    memcpy(into, name ? name : "", length);
    into[length] = '\0';
}

void hd_failure_of(const struct hd_verdict *verdict, struct hd_failure *ret_failure)
{
    HD_ASSERT(!verdict->holds);
    ret_failure->oracle = verdict->oracle;
    copy_name(ret_failure->kind, verdict->kind);
    copy_name(ret_failure->site, verdict->site);
}

bool hd_failure_is(const struct hd_failure *failure, const struct hd_execution *execution)
{
    struct hd_failure other;

    if (execution->cut || execution->verdict.holds)
        return false;
    hd_failure_of(&execution->verdict, &other);
    return other.oracle == failure->oracle && !strcmp(other.kind, failure->kind) &&
           !strcmp(other.site, failure->site);
}

static_assert(sizeof(struct hd_workload) ==
                  HD_PARAMS_MAX * sizeof(uint64_t) + 2 * HD_ROLES_MAX + HD_FAULTS_MAX,
              "workloads without holes compare byte by byte");

static bool is_prepared(const struct hd_engine *engine, const struct hd_setting *setting)
{
    const struct hd_setting *now = hd_engine_setting(engine);

    return now->scenario == setting->scenario && now->variant == setting->variant &&
           now->oracles == setting->oracles && now->step_limit == setting->step_limit &&
           !memcmp(&now->workload, &setting->workload, sizeof now->workload);
}

enum hd_error hd_attempt_execute(struct hd_engine *engine, const struct hd_case *the_case,
                                 struct hd_attempt *ret_attempt, struct hd_diag *diag)
{
    struct hd_attempt attempt = { .guided = NULL };
    enum hd_error error = HD_OK;

    if (!is_prepared(engine, &the_case->setting))
        error = hd_engine_prepare(engine, &the_case->setting, diag);
    if (error)
        return error;
    error = hd_strategy_guided(the_case, engine, &attempt.guided);
    if (!error)
        error = hd_execute(engine, attempt.guided, &attempt.execution);
    if (error) {
        hd_strategy_free(attempt.guided);
        return hd_fail(diag, error, "an execution: %s", hd_error_text(error));
    }
    *ret_attempt = attempt;
    return HD_OK;
}

static enum hd_error fail_memory(struct hd_shrink *shrink)
{
    shrink->error = hd_fail(shrink->diag, HD_E_NOMEM, "out of memory for a candidate");
    return shrink->error;
}

struct hd_case *hd_shrink_copy(struct hd_shrink *shrink)
{
    const struct hd_case *best = shrink->best;
    struct hd_case *copy = hd_alloc_array(1, sizeof *copy);
    size_t room = best->segment_count ? best->segment_count : 1;

    if (copy) {
        copy->setting = best->setting;
        copy->segment_count = best->segment_count;
        copy->segments = hd_alloc_array(room, sizeof *copy->segments);
    }
    if (!copy || !copy->segments) {
        hd_case_free(copy);
        fail_memory(shrink);
        return NULL;
    }
    if (best->segment_count)
        memcpy(copy->segments, best->segments, best->segment_count * sizeof *copy->segments);
    return copy;
}

bool hd_shrink_is_over(const struct hd_shrink *shrink)
{
    const struct hd_minimise_options *options = shrink->options;
    uint64_t attempts = 0;

    for (unsigned i = 0; i < HD_PASS_COUNT; i++)
        attempts += shrink->result->attempts[i];
    return shrink->error || (options->attempts && attempts >= options->attempts) ||
           (options->stop && atomic_load_explicit(options->stop, memory_order_relaxed));
}

/* Of the canonical text: what a file would say.  Two texts that share a hash cost a candidate, no
 * more. */
static enum hd_error hash_of(struct hd_shrink *shrink, const struct hd_case *the_case,
                             uint64_t *ret_hash)
{
    char *text = hd_case_print(the_case);

    if (!text)
        return fail_memory(shrink);
    *ret_hash = XXH3_64bits(text, strlen(text));
    hd_dealloc(text);
    return HD_OK;
}

static void set_best(struct hd_shrink *shrink, struct hd_case *the_case, uint32_t *steps,
                     const struct hd_execution *execution)
{
    hd_case_free(shrink->best);
    hd_dealloc(shrink->best_steps);
    shrink->best = the_case;
    shrink->best_steps = steps;
    shrink->best_digest = execution->digest;
    shrink->best_preemptions = execution->trace.preemptions;
    shrink->best_length = execution->trace.length;
}

/* The best said more plainly: equal, so it is kept only if its digest is the same.  True if it
 * was. */
static bool tidy_best(struct hd_shrink *shrink, const struct hd_attempt *attempt)
{
    struct hd_case *tidy = hd_shrink_copy(shrink);
    uint32_t *steps = hd_alloc_array((size_t)shrink->best->segment_count + 1, sizeof *steps);
    struct hd_attempt again = { .guided = NULL };
    bool better = false;

    if (!steps)
        fail_memory(shrink);
    if (!tidy || !steps)
        goto out;
    memcpy(steps, shrink->best_steps, shrink->best->segment_count * sizeof *steps);
    if (!hd_tidy(shrink->engine, tidy, attempt, steps))
        goto out;
    shrink->error = hd_attempt_execute(shrink->engine, tidy, &again, shrink->diag);
    if (shrink->error)
        goto out;
    if (again.execution.digest == shrink->best_digest) {
        hd_segment_steps(tidy, &again, steps);
        set_best(shrink, tidy, steps, &again.execution);
        tidy = NULL;
        steps = NULL;
        better = true;
    }
    hd_strategy_free(again.guided);
out:
    hd_case_free(tidy);
    hd_dealloc(steps);
    return better;
}

enum hd_error hd_shrink_adopt(struct hd_shrink *shrink, struct hd_case *the_case,
                              const struct hd_attempt *attempt)
{
    uint32_t *steps = hd_alloc_array((size_t)the_case->segment_count + 1, sizeof *steps);

    if (!steps) {
        hd_case_free(the_case);
        return fail_memory(shrink);
    }
    hd_segment_steps(the_case, attempt, steps);
    set_best(shrink, the_case, steps, &attempt->execution);
    tidy_best(shrink, attempt);
    return shrink->error;
}

/* Segments that are said in another way must be carried out as they are said now: what is abandoned
 * would only be called back to what it was. */
static bool is_carried_out(const struct hd_shrink *shrink, const struct hd_case *candidate,
                           const struct hd_attempt *attempt)
{
    uint32_t count;
    const struct hd_segment_report *reports = hd_guided_reports(attempt->guided, &count);

    HD_ASSERT_IS(candidate->segment_count, ==, shrink->best->segment_count);
    for (uint32_t i = 0; i < count; i++)
        if (memcmp(&candidate->segments[i], &shrink->best->segments[i],
                   sizeof candidate->segments[i]) &&
            reports[i].outcome != HD_CARRIED)
            return false;
    return true;
}

enum answer { KEEP, FORGET, NEVER_AGAIN };

/* What is to become of the candidate?  One to keep has been executed last. */
static enum answer judge(struct hd_shrink *shrink, const struct hd_case *candidate,
                         struct hd_attempt *attempt)
{
    bool same_workload = !memcmp(&candidate->setting.workload, &shrink->best->setting.workload,
                                 sizeof candidate->setting.workload);
    struct hd_guard guard;

    shrink->error = hd_attempt_execute(shrink->engine, candidate, attempt, shrink->diag);
    if (shrink->error)
        return FORGET;
    shrink->result->attempts[shrink->pass]++;
    if (!hd_failure_is(&shrink->failure, &attempt->execution) ||
        attempt->execution.trace.preemptions > shrink->best_preemptions)
        return NEVER_AGAIN;
    if (same_workload) /* another pass may come to the same schedule, and may want it */
        return shrink->pass != HD_PASS_WORDS || is_carried_out(shrink, candidate, attempt)
                   ? KEEP
                   : FORGET;
    hd_strategy_free(attempt->guided);
    attempt->guided = NULL;
    shrink->error = hd_guard_look(shrink, &candidate->setting, &guard);
    if (shrink->error || !hd_guard_kept(&shrink->guard, &guard))
        return shrink->error ? FORGET : NEVER_AGAIN;
    shrink->error = hd_attempt_execute(shrink->engine, candidate, attempt, shrink->diag);
    return shrink->error ? FORGET : KEEP;
}

bool hd_shrink_try(struct hd_shrink *shrink, struct hd_case *candidate)
{
    struct hd_attempt attempt = { .guided = NULL };
    enum answer answer;
    bool kept = false;
    uint64_t hash = 0;

    if (!candidate || hd_shrink_is_over(shrink) || hash_of(shrink, candidate, &hash))
        goto out;
    if (hd_seen_has(&shrink->seen, hash)) {
        shrink->result->repeated++;
        goto out;
    }
    answer = judge(shrink, candidate, &attempt);
    if (answer == KEEP) {
        shrink->result->kept[shrink->pass]++;
        kept = !hd_shrink_adopt(shrink, candidate, &attempt);
        candidate = NULL;
    } else if (answer == NEVER_AGAIN && hd_seen_add(&shrink->seen, hash)) {
        fail_memory(shrink);
    }
    hd_strategy_free(attempt.guided);
out:
    hd_case_free(candidate);
    return kept;
}
