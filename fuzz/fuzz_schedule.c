/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Claims that a scenario holds: whatever the bytes say, of schedule and workload together, no
 * oracle that its passport lists objects.  Under a broken variant the claim is wrong, and the
 * fuzzer is to show that.
 */
#include "coverage.h"
#include "feedback.h"
#include "subject.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second,
                                 size_t second_size, uint8_t *out, size_t max_size, unsigned seed);
/* libFuzzer's own; the plain driver has none. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* libFuzzer gives a target no place to keep things between inputs. */
static struct fuzz_options options;
static struct fuzz_subject subject;
static struct fuzz_mutator mutator;
static unsigned feedback;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    options = fuzz_options_read(*argc, *argv);
    fuzz_subject_open(&subject, &options);
    feedback = fuzz_feedback_read();
    fuzz_coverage_open();
    fuzz_mutator_open(&mutator, &subject.setting, LLVMFuzzerMutate);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hd_execution execution;

    if (!fuzz_subject_execute(&subject, data, size, &execution))
        return -1; /* not for the corpus */
    fuzz_feedback(feedback, &execution);
    fuzz_coverage_add(subject.engine, &execution);
    if (options.digest)
        fuzz_print_digest(&execution);
    if (fuzz_wanted(&options, &execution))
        fuzz_crash(&options, &subject.setting, data, size, NULL);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return fuzz_mutator_mutate(&mutator, data, size, max_size, seed);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second,
                                 size_t second_size, uint8_t *out, size_t max_size, unsigned seed)
{
    return fuzz_mutator_cross(&mutator, first, first_size, second, second_size, out, max_size,
                              seed);
}
