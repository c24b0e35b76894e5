/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* heddle gate: the command line, and what to exit with. */
#include "cli/gate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/cli.h"
#include "cli/explore.h"
#include "cli/interrupt.h"

#define DEFAULT_DIRECTORY "corpus"
#define DEFAULT_SEED      1

enum {
    KEY_FORMAT = 256,
    KEY_TIME,
    KEY_RUNS,
    KEY_SEED,
    KEY_JOBS,
    KEY_OUT,
    KEY_BACKEND,
    KEY_BISECT,
    KEY_QUIET,
};

static const struct argp_option options[] = {
    { "format", KEY_FORMAT, "FORMAT[=FILE]", 0,
      "text (the default), ktap, junit, sarif, github or markdown; several with files", 0 },
    { "time", KEY_TIME, "TIME", 0, "search for what is left of this: 30s, 10m (default: don't)",
      0 },
    { "runs", KEY_RUNS, "N", 0, "executions at most for each bound of a proof (default: 50k)", 0 },
    { "seed", KEY_SEED, "N", 0, "of the searches (default: 1)", 0 },
    { "jobs", KEY_JOBS, "N", 0, "workers (default: one a CPU)", 0 },
    { "out", KEY_OUT, "DIR", 0, "where cases of findings go (default: the current directory)", 0 },
    { "bisect", KEY_BISECT, NULL, 0, "exit as git bisect run wants it: 125 instead of 2 to 5", 0 },
    { "backend", KEY_BACKEND, "light|fiber|thread", 0, "how actors take turns (default: light)",
      0 },
    { "quiet", KEY_QUIET, NULL, 0, "no progress, and no text beside other formats", 0 },
    { 0 },
};

static enum hd_error parse_value(struct hd_gate_arguments *arguments, int key, char *text)
{
    struct hd_gate_options *gate = &arguments->options;
    struct hd_diag *diag = &arguments->diag;

    switch (key) {
    case KEY_FORMAT:
        return hd_gate_output_parse(arguments, text);
    case KEY_TIME:
        return hd_cli_duration("--time", text, &gate->time_ns, diag);
    case KEY_RUNS:
        return hd_cli_count("--runs", text, &gate->runs, diag);
    case KEY_SEED:
        return hd_cli_number("--seed", text, 0, UINT64_MAX, &gate->seed, diag);
    case KEY_JOBS:
        return hd_cli_jobs(text, &gate->jobs, diag);
    default:
        return hd_cli_backend(text, &gate->engine.backend, diag);
    }
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct hd_gate_arguments *arguments = state->input;

    switch (key) {
    case KEY_OUT:
        arguments->options.out = text;
        return 0;
    case KEY_BISECT:
        arguments->bisect = true;
        return 0;
    case KEY_QUIET:
        arguments->quiet = true;
        return 0;
    case ARGP_KEY_ARGS:
        arguments->options.paths = (const char *const *)(state->argv + state->next);
        arguments->options.path_count = (unsigned)(state->argc - state->next);
        return 0;
    case ARGP_KEY_END:
        return hd_cli_refuse(hd_gate_output_check(arguments));
    default:
        if (key < KEY_FORMAT || key > KEY_QUIET)
            return ARGP_ERR_UNKNOWN;
        return hd_cli_refuse(parse_value(arguments, key, text));
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "[DIR|FILE...]",
    .doc = "Replays every case (*.sched) of a directory, default corpus, in each variant that it "
           "names; moves each of their switches, and executes every schedule up to a bound, in "
           "the variants that are right.\vExit status: 0 all as it must be, 1 not, 2 usage, or a "
           "case that can't be read, 5 stopped before complete. Without --time, equal trees give "
           "equal output.",
};

static void progress(void *context, uint32_t done, uint32_t of)
{
    (void)context;
    fprintf(stderr, "\r%u of %u checks ", done, of);
}

static enum hd_exit exit_of(enum hd_gate_outcome outcome)
{
    switch (outcome) {
    case HD_GATE_FAILED:
        return HD_EXIT_FOUND;
    case HD_GATE_ERROR:
        return HD_EXIT_USAGE;
    case HD_GATE_STOPPED:
        return HD_EXIT_STOPPED;
    default:
        return HD_EXIT_OK;
    }
}

static enum hd_exit run(struct hd_gate_arguments *arguments)
{
    struct hd_gate_options *gate = &arguments->options;
    bool tell = !arguments->quiet && isatty(STDERR_FILENO);
    struct hd_interrupt interrupt;
    struct hd_gate_result result;
    enum hd_exit status;
    enum hd_error error;

    if (hd_interrupt_begin(&interrupt))
        return hd_cli_error("gate", HD_E_NOMEM, &arguments->diag);
    gate->stop = &interrupt.stop;
    gate->progress = tell ? progress : NULL;
    error = hd_gate(gate, &result, &arguments->diag);
    if (tell)
        hd_explore_progress_end();
    hd_interrupt_end(&interrupt);
    if (error)
        return hd_cli_error("gate", error, &arguments->diag);
    status = exit_of(result.outcome);
    error = hd_gate_output(arguments, &result);
    if (error)
        status = hd_exit_worst(status, hd_cli_error("gate", error, &arguments->diag));
    hd_gate_free(&result);
    return status;
}

/* Asked before all else, for what argp itself refuses must not look like a bad commit. */
static bool is_bisecting(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "--bisect"))
            return true;
    return false;
}

enum hd_exit hd_cmd_gate(int argc, char **argv)
{
    static const char *const here[] = { DEFAULT_DIRECTORY };
    struct hd_gate_arguments arguments = {
        .options = { .catalogue = &hd_models,
                     .paths = here,
                     .path_count = 1,
                     .engine = { .backend = HD_BACKEND_LIGHT },
                     .seed = DEFAULT_SEED,
                     .jobs = hd_cli_cpus(),
                     .program = program_invocation_short_name,
                     .out = "." },
    };
    enum hd_exit status;
    enum hd_error error;

    if (is_bisecting(argc, argv))
        argp_err_exit_status = HD_EXIT_BISECT_SKIP;
    error = hd_cli_parse(&argp, argc, argv, &arguments) ? HD_E_MALFORMED : HD_OK;
    if (!error)
        error = hd_explore_check_directory(arguments.options.out, &arguments.diag);
    status = error ? hd_cli_error("gate", error, &arguments.diag) : run(&arguments);
    return arguments.bisect && status >= HD_EXIT_USAGE ? (enum hd_exit)HD_EXIT_BISECT_SKIP : status;
}
