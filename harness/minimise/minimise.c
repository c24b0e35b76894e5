/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Minimising: ordered passes over one predicate, "fails in the same way".
 *
 * Each pass proposes smaller candidates; the first that still fails becomes the best, and the first
 * pass begins again.  When no pass can go on, nothing can be cut.  It ends, because every success
 * makes the case less in this order: workload, then segments, then wording.
 *
 * Source     passes that know only a predicate, largest cut first, no candidate twice: syzkaller's
 *            prog/minimization.go and theft's shrinking.  The passes name their own.
 * Guarantee  1-minimal: see switches.c.  The least number of preemptions: see fewest.c.
 * Cost       one execution a candidate.
 */
#include "base/alloc.h"
#include "minimise/shrink.h"

static bool (*const passes[HD_PASS_COUNT])(struct hd_shrink *shrink) = {
    [HD_PASS_ACTORS] = hd_pass_actors, [HD_PASS_TAIL] = hd_pass_tail,
    [HD_PASS_SWITCHES] = hd_pass_switches, [HD_PASS_WORDS] = hd_pass_words,
    [HD_PASS_VALUES] = hd_pass_values,
};

static const struct {
    const char *word, *summary;
} pass_words[HD_PASS_COUNT] = {
#define PASS_WORD(name, word_, summary_) [HD_PASS_##name] = { word_, summary_ },
    HD_PASSES(PASS_WORD)
#undef PASS_WORD
};

const char *hd_pass_word(enum hd_pass pass)
{
    return pass_words[pass].word;
}

const char *hd_pass_summary(enum hd_pass pass)
{
    return pass_words[pass].summary;
}

/* ---- Before: does it fail, and as it should? ---------------------------------------------------
 */

static enum hd_error check_given(const struct hd_case *given, const struct hd_attempt *attempt,
                                 struct hd_diag *diag)
{
    const struct hd_verdict *verdict = &attempt->execution.verdict;
    unsigned variant = given->setting.variant;
    const struct hd_expect *expect = hd_case_expect(given, variant);
    char got[2 * HD_NAME_BYTES + 8];

    hd_verdict_format(verdict, got, sizeof got);
    if (expect && !hd_verdict_meets(verdict, expect))
        return hd_fail(diag, HD_E_DIVERGED, "diverged: expected %s%s%s, got %s",
                       expect->holds ? "holds" : expect->kind, expect->site[0] ? " at " : "",
                       expect->site, got);
    if (verdict->holds)
        return hd_fail(diag, HD_E_MALFORMED, "does not fail: nothing to minimise");
    if (given->has_digest[variant] && given->digest[variant] != attempt->execution.digest)
        return hd_fail(diag, HD_E_DIVERGED,
                       "stale: it fails as expected, but its digest is %016llx instead of %016llx",
                       (unsigned long long)attempt->execution.digest,
                       (unsigned long long)given->digest[variant]);
    return HD_OK;
}

/* Executes a case again: the same digest, or it is no use. */
static enum hd_error execute_again(struct hd_shrink *shrink, const struct hd_case *the_case,
                                   uint64_t digest, struct hd_attempt *ret_attempt)
{
    enum hd_error error =
        hd_attempt_execute(shrink->engine, the_case, ret_attempt, shrink->diag);

    if (error || ret_attempt->execution.digest == digest)
        return error;
    hd_strategy_free(ret_attempt->guided);
    return hd_fail(shrink->diag, HD_E_NONDETERMINISTIC, "it differs when executed twice");
}

/* Makes a case that fails the best to begin with; takes it over. */
static enum hd_error start_from(struct hd_shrink *shrink, struct hd_case *the_case, uint64_t digest)
{
    struct hd_attempt attempt;
    enum hd_error error = execute_again(shrink, the_case, digest, &attempt);

    if (error) {
        hd_case_free(the_case);
        return error;
    }
    error = hd_shrink_adopt(shrink, the_case, &attempt);
    hd_strategy_free(attempt.guided);
    return error;
}

enum hd_error hd_shrink_begin(struct hd_shrink *shrink, const struct hd_case *given)
{
    struct hd_case *start = NULL, borrowed = *given;
    struct hd_attempt attempt;
    enum hd_error error =
        hd_attempt_execute(shrink->engine, given, &attempt, shrink->diag);

    if (error)
        return error;
    error = check_given(given, &attempt, shrink->diag);
    if (!error) {
        hd_failure_of(&attempt.execution.verdict, &shrink->failure);
        shrink->result->segments_before = given->segment_count;
        shrink->result->preemptions_before = attempt.execution.trace.preemptions;
        shrink->result->steps_before = attempt.execution.trace.length;
        if (hd_case_is_raw(given)) {
            error = hd_case_from_execution(shrink->engine, &attempt.execution, &start);
        } else {
            shrink->best = &borrowed; /* to be copied, and no longer */
            start = hd_shrink_copy(shrink);
            shrink->best = NULL;
            error = shrink->error;
        }
    }
    if (!error)
        error = hd_guard_look(shrink, &start->setting, &shrink->guard);
    if (error)
        hd_case_free(start);
    else
        error = start_from(shrink, start, attempt.execution.digest);
    hd_strategy_free(attempt.guided);
    return error;
}

/* ---- The descent -------------------------------------------------------------------------------
 */

static void descend(struct hd_shrink *shrink)
{
    for (unsigned pass = 0; pass < HD_PASS_COUNT && !hd_shrink_is_over(shrink);) {
        shrink->pass = (enum hd_pass)pass;
        pass = passes[pass](shrink) ? 0 : pass + 1;
    }
}

/* From a case with fewer preemptions down again; takes it over.  False: that led back to as many,
 * or to an error, and the best is what it was. */
static bool descend_from(struct hd_shrink *shrink, struct hd_case *the_case)
{
    struct hd_shrink before = *shrink;
    bool better = false;

    shrink->best = NULL;
    shrink->best_steps = NULL;
    shrink->error = start_from(shrink, the_case, the_case->digest[the_case->setting.variant]);
    if (!shrink->error) {
        descend(shrink);
        better = !shrink->error && shrink->best_preemptions < before.best_preemptions;
    }
    if (better) {
        hd_case_free(before.best);
        hd_dealloc(before.best_steps);
        return true;
    }
    hd_case_free(shrink->best);
    hd_dealloc(shrink->best_steps);
    shrink->best = before.best;
    shrink->best_steps = before.best_steps;
    shrink->best_digest = before.best_digest;
    shrink->best_preemptions = before.best_preemptions;
    shrink->best_length = before.best_length;
    return false;
}

static enum hd_error confirm(struct hd_shrink *shrink)
{
    bool exhausted = shrink->best_preemptions == 0;

    while (shrink->options->confirm && !exhausted && !hd_shrink_is_over(shrink)) {
        struct hd_case *fewer = NULL;

        shrink->error = hd_shrink_fewer(shrink, &fewer, &exhausted);
        if (!fewer || !descend_from(shrink, fewer))
            break;
        exhausted = shrink->best_preemptions == 0;
    }
    shrink->result->fewest = exhausted;
    return shrink->error;
}

static enum hd_error descend_and_finish(struct hd_shrink *shrink, const struct hd_case *given)
{
    enum hd_error error = hd_shrink_begin(shrink, given);

    if (error)
        return error;
    descend(shrink);
    error = shrink->error ? shrink->error : confirm(shrink);
    if (error)
        return error;
    shrink->result->stopped = hd_shrink_is_over(shrink);
    return hd_shrink_finish(shrink, given);
}

enum hd_error hd_minimise(const struct hd_case *the_case, const struct hd_minimise_options *options,
                          struct hd_minimise_result *ret_result, struct hd_diag *diag)
{
    struct hd_minimise_result result = { .the_case = NULL };
    struct hd_shrink shrink = { .options = options, .result = &result, .diag = diag };
    struct hd_engine_options engine = options->engine;
    enum hd_error error;

    engine.describe = true; /* landmarks and names are what the result speaks in */
    error = hd_engine_create(&engine, &shrink.engine, diag);
    if (!error)
        error = descend_and_finish(&shrink, the_case);
    if (error) {
        hd_case_free(shrink.best);
    } else {
        result.the_case = shrink.best;
        result.segments = shrink.best->segment_count;
        result.preemptions = shrink.best_preemptions;
        result.steps = shrink.best_length;
        *ret_result = result;
    }
    hd_dealloc(shrink.best_steps);
    hd_seen_free(&shrink.seen);
    hd_engine_free(shrink.engine);
    return error;
}
