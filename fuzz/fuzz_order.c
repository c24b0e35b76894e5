/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Claims that the fix fixes: whenever the broken order goes wrong, the fixed order holds, both
 * under the same bytes and when it follows the broken one's schedule segment by segment.
 *
 * HEDDLE_SCENARIO names the broken order; the fixed one is the scenario's first that says it is.
 */
#include "subject.h"

#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
/* libFuzzer's own; the plain driver has none. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* libFuzzer gives a target no place to keep things between inputs. */
static struct fuzz_options options;
static struct fuzz_subject broken, fixed;
static struct fuzz_mutator mutator;

static unsigned find_fixed(const struct hd_scenario *scenario)
{
    for (unsigned i = 0; scenario->variants[i].name; i++)
        if (scenario->variants[i].standing == HD_FIXED)
            return i;
    fprintf(stderr, "%s has no variant that is fixed\n", scenario->name);
    exit(2);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    options = fuzz_options_read(*argc, *argv);
    fuzz_subject_open(&broken, &options);
    fuzz_subject_open_variant(&fixed, &broken.setting, find_fixed(broken.setting.scenario));
    fuzz_mutator_open(&mutator, &broken.setting, LLVMFuzzerMutate);
    return 0;
}

/* The broken order's schedule, in its own words, followed by the fixed one. */
static bool holds_guided(const struct hd_execution *execution)
{
    struct hd_setting setting = *hd_engine_setting(broken.engine);
    struct hd_case *the_case = NULL;
    struct hd_strategy *guided = NULL;
    struct hd_execution other;
    bool holds;

    setting.variant = fixed.setting.variant;
    if (hd_case_from_execution(broken.engine, execution, &the_case))
        abort();
    if (hd_engine_prepare(fixed.engine, &setting, NULL)
        || hd_strategy_guided(the_case, fixed.engine, &guided)
        || hd_execute(fixed.engine, guided, &other))
        abort();
    fixed.workload = setting.workload;
    fixed.refused = false;
    holds = other.verdict.holds;
    hd_strategy_free(guided);
    hd_case_free(the_case);
    return holds;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hd_execution first, second;

    if (!fuzz_subject_execute(&broken, data, size, &first)
        || !fuzz_subject_execute(&fixed, data, size, &second))
        return -1;
    if (!second.verdict.holds)
        fuzz_crash(&options, &fixed.setting, data, size, "the fixed order goes wrong");
    if (!first.verdict.holds && !holds_guided(&first))
        fuzz_crash(&options, &broken.setting, data, size,
                   "the fixed order goes wrong where it follows this case of the broken one");
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return fuzz_mutator_mutate(&mutator, data, size, max_size, seed);
}
