/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gate/run.h"

#include <string.h>

enum hd_error hd_run_case(const struct hd_case *the_case, unsigned variant,
                          const struct hd_run_options *options, struct hd_run *ret_run,
                          struct hd_diag *diag)
{
    struct hd_engine_options engine = { .backend = options->backend,
                                        .describe = true,
                                        .stops = options->stops };
    struct hd_setting setting = the_case->setting;
    struct hd_run run = { .variant = variant };
    enum hd_error error;

    setting.variant = variant;
    if (options->oracles)
        setting.oracles = options->oracles;
    error = hd_engine_create(&engine, &run.engine, diag);
    if (!error)
        error = hd_engine_prepare(run.engine, &setting, diag);
    if (!error) {
        error = hd_strategy_guided(the_case, run.engine, &run.guided);
        if (error)
            hd_fail(diag, error, "the case's schedule: %s", hd_error_text(error));
    }
    if (!error)
        error = hd_run_again(&run, diag);
    if (error)
        hd_run_free(&run);
    else
        *ret_run = run;
    return error;
}

enum hd_error hd_run_again(struct hd_run *run, struct hd_diag *diag)
{
    enum hd_error error = hd_execute(run->engine, run->guided, &run->execution);

    return error ? hd_fail(diag, error, "the execution: %s", hd_error_text(error)) : HD_OK;
}

void hd_run_free(struct hd_run *run)
{
    hd_strategy_free(run->guided);
    hd_engine_free(run->engine);
    memset(run, 0, sizeof *run);
}

const struct hd_segment_report *hd_run_departure(const struct hd_run *run)
{
    uint32_t count;
    const struct hd_segment_report *reports = hd_guided_reports(run->guided, &count);

    for (uint32_t i = 0; i < count; i++)
        if (reports[i].outcome != HD_CARRIED && reports[i].first_step < run->execution.trace.length)
            return &reports[i];
    return NULL;
}

const char *hd_run_outcome(enum hd_not_carried outcome)
{
    switch (outcome) {
    case HD_CARRIED:
        return "carried out";
    case HD_NOT_BLOCKED:
        return "its actor was blocked";
    case HD_NOT_ENDED:
        return "its actor had ended";
    case HD_NOT_REACHED:
        return "its end was never reached";
    case HD_NOTHING_TO_DO:
        return "its actor had nothing to do";
    case HD_NOT_PRESENT:
        return "its actor takes no part";
    }
    return "not carried out";
}

void hd_run_describe(const struct hd_run *run, const struct hd_case *the_case,
                     const struct hd_run *reference, const char *command,
                     struct hd_report *ret_report)
{
    *ret_report = (struct hd_report){
        .engine = run->engine,
        .execution = &run->execution,
        .the_case = the_case,
        .command = command,
    };
    if (run->variant != the_case->setting.variant || hd_run_departure(run))
        ret_report->segments = hd_guided_reports(run->guided, &ret_report->segment_count);
    if (reference) {
        ret_report->reference = &reference->execution;
        ret_report->reference_engine = reference->engine;
    }
}

enum hd_error hd_run_report(const struct hd_run *run, const struct hd_case *the_case,
                            const struct hd_run *reference, const char *command,
                            const struct hd_format_info *format)
{
    struct hd_report report;
    enum hd_error error;

    hd_run_describe(run, the_case, reference, command, &report);
    error = format->print(&report, stdout);
    return error == HD_E_IO ? HD_OK : error; /* the exit tells of it, and of all other output */
}
