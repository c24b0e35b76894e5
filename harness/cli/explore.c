/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* heddle explore: the search, and what to exit with. */
#include "cli/explore.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/interrupt.h"

static enum hd_exit tell_none(const struct hd_explore_arguments *arguments,
                              const struct hd_explore_result *result)
{
    const struct hd_explore_options *explore = &arguments->options;
    const struct hd_setting *setting = &explore->setting;

    printf("%s/%s: no violation%s%s in %" PRIu64 " executions (%s, seed %" PRIu64 ")%s\n",
           setting->scenario->name, setting->scenario->variants[setting->variant].name,
           explore->find ? " of " : "", explore->find ? explore->find : "", result->executions,
           explore->strategy->name, explore->strategy_options.seed,
           result->stopped    ? ", stopped"
           : result->complete ? ", the strategy's whole space"
                              : "");
    if (result->violations > 0)
        printf("%" PRIu64 " other violations\n", result->violations);
    return result->stopped ? HD_EXIT_STOPPED : HD_EXIT_OK;
}

/* PREFIX and SUFFIX; the text is released. */
static enum hd_error write_coverage(const char *prefix, const char *suffix, char *text,
                                    struct hd_diag *diag)
{
    struct hd_buf buf = { 0 };
    enum hd_error error;
    char *path;

    hd_buf_addf(&buf, "%s%s", prefix, suffix);
    path = hd_buf_take(&buf);
    error = path && text ? hd_file_write(path, text, strlen(text), diag)
                         : hd_fail(diag, HD_E_NOMEM, "out of memory for --coverage");
    free(path);
    free(text);
    return error;
}

/* Of a search that has begun: however it ended, this is what it saw. */
static enum hd_exit report_coverage(const struct hd_explore_arguments *arguments,
                                    enum hd_exit status)
{
    const struct hd_coverage *coverage = arguments->options.coverage;
    struct hd_diag diag = { { 0 } };
    enum hd_error error;

    error = write_coverage(arguments->coverage, ".txt", hd_coverage_text(coverage), &diag);
    if (!error)
        error = write_coverage(arguments->coverage, ".svg", hd_coverage_svg(coverage), &diag);
    return error ? hd_exit_worst(status, hd_cli_error("explore", error, &diag)) : status;
}

static enum hd_exit search(struct hd_explore_arguments *arguments)
{
    struct hd_explore_options *explore = &arguments->options;
    struct hd_explore_result *result = hd_alloc_array(1, sizeof *result);
    struct hd_diag diag = { { 0 } };
    struct hd_interrupt interrupt;
    enum hd_exit status;
    enum hd_error error;

    if (!result || hd_interrupt_begin(&interrupt)) {
        hd_dealloc(result);
        return hd_cli_error("explore", HD_E_NOMEM, &diag);
    }
    explore->stop = &interrupt.stop;
    if (!arguments->quiet && isatty(STDERR_FILENO))
        explore->progress = hd_explore_progress;
    error = hd_explore(explore, result, &diag);
    if (explore->progress)
        hd_explore_progress_end();
    if (error == HD_E_NONDETERMINISTIC)
        status = (hd_cli_error("explore", error, &diag), HD_EXIT_DIVERGED);
    else if (error)
        status = hd_cli_error("explore", error, &diag);
    else if (result->finding_count > 0)
        status = hd_explore_report(arguments, result);
    else
        status = tell_none(arguments, result);
    if (!error && explore->coverage)
        status = report_coverage(arguments, status);
    if (!error)
        hd_explore_result_free(result);
    hd_interrupt_end(&interrupt);
    hd_dealloc(result);
    return status;
}

enum hd_exit hd_cmd_explore(int argc, char **argv)
{
    struct hd_explore_arguments arguments;
    struct hd_diag diag = { { 0 } };
    enum hd_error error = hd_explore_parse(argc, argv, &arguments, &diag);
    enum hd_exit status;

    if (!error)
        error = hd_explore_check_directory(arguments.directory, &diag);
    if (!error && arguments.coverage && hd_coverage_create(&arguments.options.coverage))
        error = hd_fail(&diag, HD_E_NOMEM, "out of memory for --coverage");
    status = error ? hd_cli_error("explore", error, &diag) : search(&arguments);
    hd_coverage_free(arguments.options.coverage);
    hd_dealloc(arguments.pairs);
    return status;
}
