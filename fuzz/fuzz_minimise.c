/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Claims that minimising keeps its word: the result fails in the same way, has no more segments or
 * preemptions than what came in, and does not shrink again.
 */
#include "subject.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
/* libFuzzer's own; the plain driver has none. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* libFuzzer gives a target no place to keep things between inputs. */
static struct fuzz_options options;
static struct fuzz_subject subject;
static struct fuzz_mutator mutator;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    options = fuzz_options_read(*argc, *argv);
    fuzz_subject_open(&subject, &options);
    fuzz_mutator_open(&mutator, &subject.setting, LLVMFuzzerMutate);
    return 0;
}

static _Noreturn void complain(const char *what)
{
    fprintf(stderr, "fuzz_minimise: %s\n", what);
    abort();
}

static void minimise(const struct hd_case *the_case, struct hd_minimise_result *ret_result)
{
    static const struct hd_minimise_options defaults;
    struct hd_diag diag = { { 0 } };

    if (hd_minimise(the_case, &defaults, ret_result, &diag)) {
        fprintf(stderr, "%s\n", diag.text);
        complain("a failing case is refused");
    }
}

/* An execution that the case expects, or none: exact replay decides. */
static void check_repeats(const struct hd_case *the_case)
{
    static const struct hd_engine_options describing = { .describe = true };
    struct hd_engine *engine = NULL;
    struct hd_strategy *guided = NULL;
    struct hd_execution execution;
    unsigned variant = the_case->setting.variant;

    if (hd_engine_create(&describing, &engine, NULL)
        || hd_engine_prepare(engine, &the_case->setting, NULL)
        || hd_strategy_guided(the_case, engine, &guided)
        || hd_execute(engine, guided, &execution))
        complain("the result cannot be executed");
    if (!hd_case_expect(the_case, variant)
        || !hd_verdict_meets(&execution.verdict, hd_case_expect(the_case, variant)))
        complain("the result does not do what it expects");
    if (!the_case->has_digest[variant] || the_case->digest[variant] != execution.digest)
        complain("the result has another digest");
    hd_strategy_free(guided);
    hd_engine_free(engine);
}

static bool expect_alike(const struct hd_case *a, const struct hd_case *b)
{
    const struct hd_expect *x = hd_case_expect(a, a->setting.variant);
    const struct hd_expect *y = hd_case_expect(b, b->setting.variant);

    return x && y && x->holds == y->holds && strcmp(x->kind, y->kind) == 0
           && strcmp(x->site, y->site) == 0;
}

static void check(const struct hd_case *the_case)
{
    struct hd_minimise_result once, twice;
    char *first, *second;

    minimise(the_case, &once);
    if (!expect_alike(the_case, once.the_case))
        complain("the result fails in another way");
    if (once.segments > once.segments_before || once.preemptions > once.preemptions_before)
        complain("the result is longer");
    check_repeats(once.the_case);
    minimise(once.the_case, &twice);
    first = hd_case_print(once.the_case);
    second = hd_case_print(twice.the_case);
    if (!first || !second || strcmp(first, second) != 0)
        complain("the result shrinks again");
    free(first);
    free(second);
    hd_case_free(once.the_case);
    hd_case_free(twice.the_case);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hd_execution execution;
    struct hd_case *the_case = NULL;

    if (!fuzz_subject_execute(&subject, data, size, &execution))
        return -1;
    if (execution.verdict.holds)
        return 0;
    if (hd_case_from_fuzz(&subject.setting, data, size, &the_case, NULL))
        complain("what was executed cannot be recorded");
    check(the_case);
    hd_case_free(the_case);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return fuzz_mutator_mutate(&mutator, data, size, max_size, seed);
}
