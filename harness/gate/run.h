/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A case executed once more, described, with all that a report wants to know of it. */
#ifndef HD_RUN_H
#define HD_RUN_H

#include "heddle/heddle.h"

struct hd_run_options {
    enum hd_backend backend;
    uint32_t oracles; /* 0: the case's */
    bool stops;       /* for a debugger */
};

/* All zero: nothing was executed. */
struct hd_run {
    struct hd_engine *engine;
    struct hd_strategy *guided;
    struct hd_execution execution; /* borrowed from the engine, of the latest execution */
    unsigned variant;
};

/* The case must outlive the run.  On success *ret_run is to be released with hd_run_free(). */
enum hd_error hd_run_case(const struct hd_case *the_case, unsigned variant,
                          const struct hd_run_options *options, struct hd_run *ret_run,
                          struct hd_diag *diag);
/* The same again. */
enum hd_error hd_run_again(struct hd_run *run, struct hd_diag *diag);
void hd_run_free(struct hd_run *run);

/* The first segment that was not carried out although the execution had not ended; or NULL. */
const struct hd_segment_report *hd_run_departure(const struct hd_run *run);
/* "flusher blocked", for a segment that was not carried out; a constant. */
const char *hd_run_outcome(enum hd_not_carried outcome);

/* What a report wants to know of a run: borrows all of it. */
void hd_run_describe(const struct hd_run *run, const struct hd_case *the_case,
                     const struct hd_run *reference, const char *command,
                     struct hd_report *ret_report);
/*
 * Prints the report of a run.  reference: of the case's own variant, or NULL.  command repeats it.
 */
enum hd_error hd_run_report(const struct hd_run *run, const struct hd_case *the_case,
                            const struct hd_run *reference, const char *command,
                            const struct hd_format_info *format);

#endif
