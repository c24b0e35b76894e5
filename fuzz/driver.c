/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs inputs through a fuzz target without a fuzzer: each file named, and each file in the
 * directories named; what begins with '-' is the target's own.  The name is printed before its
 * input runs, so that the last line names the one that crashed.
 *
 * Exit status: 0 if all went through, 1 if something could not be read or there was nothing to run;
 * a target that finds something aborts, as it does under a fuzzer.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* Optional for a target. */
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);

struct tally {
    unsigned inputs;
    unsigned failures;
};

static void complain(struct tally *tally, const char *path)
{
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    tally->failures++;
}

/* The copy has exactly the input's size, so that a sanitizer sees the first byte read beyond it. */
static void run_file(struct tally *tally, const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(size ? size : 1);

    if (!file || !data || fread(data, 1, size, file) != size) {
        complain(tally, path);
    } else {
        printf("%s: %zu bytes\n", path, size);
        fflush(stdout);
        LLVMFuzzerTestOneInput(data, size);
        tally->inputs++;
    }
    free(data);
    if (file)
        fclose(file);
}

static bool is_listed(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Sorted, so that two runs print the same.  One level: a seed directory has no others in it. */
static void run_directory(struct tally *tally, const char *path)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, NULL, alphasort);

    if (count < 0) {
        complain(tally, path);
        return;
    }
    for (int i = 0; i < count; i++) {
        char *name = NULL;
        struct stat status;

        if (is_listed(entries[i])) {
            if (asprintf(&name, "%s/%s", path, entries[i]->d_name) < 0) {
                name = NULL;
                complain(tally, path);
            } else if (stat(name, &status)) {
                complain(tally, name);
            } else if (S_ISREG(status.st_mode)) {
                run_file(tally, name, (size_t)status.st_size);
            }
        }
        free(name);
        free(entries[i]);
    }
    free(entries);
}

int main(int argc, char **argv)
{
    struct tally tally = { 0 };

    if (LLVMFuzzerInitialize)
        LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++) {
        struct stat status;

        if (argv[i][0] == '-')
            continue; /* an option, for the target or for the fuzzer that it usually runs on */
        if (stat(argv[i], &status))
            complain(&tally, argv[i]);
        else if (S_ISDIR(status.st_mode))
            run_directory(&tally, argv[i]);
        else
            run_file(&tally, argv[i], (size_t)status.st_size);
    }
    printf("%u inputs went through, %u could not be read\n", tally.inputs, tally.failures);
    if (tally.inputs == 0)
        fprintf(stderr, "usage: %s FILE|DIRECTORY...\n", argv[0]);
    return tally.inputs == 0 || tally.failures > 0;
}
