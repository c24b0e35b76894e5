/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Claims that a scenario holds: whatever the bytes say, of schedule and workload together, no oracle
 * that its passport lists objects.  Under a broken variant the claim is wrong, and the fuzzer is to
 * show that.
 */
#include "subject.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libFuzzer gives a target no place to keep things between inputs. */
static struct fuzz_options options;
static struct fuzz_subject subject;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    options = fuzz_options_read(*argc, *argv);
    fuzz_subject_open(&subject, &options);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hd_execution execution;

    if (!fuzz_subject_execute(&subject, data, size, &execution))
        return -1; /* not for the corpus */
    if (options.digest)
        fuzz_print_digest(&execution);
    if (fuzz_wanted(&options, &execution))
        fuzz_crash(&options, &subject.setting, data, size, NULL);
    return 0;
}
