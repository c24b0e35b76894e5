/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* heddle explore: the search, and what to exit with. */
#include "cli/explore.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/alloc.h"
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
    status = error ? hd_cli_error("explore", error, &diag) : search(&arguments);
    hd_dealloc(arguments.pairs);
    return status;
}
