/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* heddle explore, in three parts: its command line, what becomes of a finding, and the progress. */
#ifndef HD_CLI_EXPLORE_H
#define HD_CLI_EXPLORE_H

#include "cli/exit.h"
#include "heddle/heddle.h"

struct hd_explore_arguments {
    const char *scenario; /* SCENARIO[/VARIANT] */
    const char *directory; /* where cases go */
    const char *workload;  /* name, or NULL */
    const char *coverage;  /* PREFIX, or NULL */
    char **pairs;          /* key=value, in order; pair_count of them */
    unsigned pair_count;
    uint32_t oracles;
    bool has_swarm; /* --faults was given */
    bool quiet;
    bool no_minimise; /* findings are kept as they were found, and only so */
    struct hd_explore_options options;
};

/* Fills in the arguments, the setting included; arguments->pairs is to be released with
 * hd_dealloc(), whatever comes of it.  Wrong options exit, by argp. */
enum hd_error hd_explore_parse(int argc, char **argv, struct hd_explore_arguments *arguments,
                               struct hd_diag *diag);

/* Fails, in words, if no file can be created in the directory. */
enum hd_error hd_explore_check_directory(const char *directory, struct hd_diag *diag);

/*
 * Writes each finding's case into the directory, then tells of them, with a report of the first.
 * HD_EXIT_FOUND; HD_EXIT_USAGE if a case can't be written, HD_EXIT_DIVERGED if it doesn't repeat.
 */
enum hd_exit hd_explore_report(const struct hd_explore_arguments *arguments,
                               const struct hd_explore_result *result);

/* The progress callback: one line on the terminal, over and over; context is not used. */
void hd_explore_progress(void *context, uint64_t executions, double seconds, unsigned findings);
/* Removes it. */
void hd_explore_progress_end(void);

#endif
