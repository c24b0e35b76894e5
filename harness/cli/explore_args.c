/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line of heddle explore. */
#include "cli/explore.h"

#include <string.h>

#include "base/alloc.h"
#include "cli/cli.h"

#define DEFAULT_RUNS 1000000
#define DEFAULT_SEED 1

enum {
    KEY_STRATEGY = 256,
    KEY_DEPTH,
    KEY_PREEMPTIONS,
    KEY_RUNS,
    KEY_TIME,
    KEY_SEED,
    KEY_JOBS,
    KEY_FIND,
    KEY_KEEP_GOING,
    KEY_ORACLE,
    KEY_FAULTS,
    KEY_OUT,
    KEY_COVERAGE,
    KEY_WORKLOAD,
    KEY_TWICE,
    KEY_NO_MINIMISE,
    KEY_QUIET,
    KEY_BACKEND,
};

static const struct argp_option options[] = {
    { 0, 0, 0, 0, "What is executed:", 1 },
    { "param", 'p', "KEY=VALUE", 0, "set a workload key: see 'list params'", 1 },
    { "workload", KEY_WORKLOAD, "NAME", 0, "start from a named workload: see 'list workloads'", 1 },
    { "oracle", KEY_ORACLE, "LIST", 0, "judge by these, separated by commas, or by 'all'", 1 },
    { "faults", KEY_FAULTS, "given|harmless|all", 0,
      "which actors and faults may be switched besides (default: harmless; with -p, given)", 1 },
    { 0, 0, 0, 0, "Who runs next:", 2 },
    { "strategy", KEY_STRATEGY, "NAME", 0, "see 'list strategies' (default: portfolio)", 2 },
    { "seed", KEY_SEED, "N", 0, "64 bits, decimal or 0x hexadecimal (default: 1)", 2 },
    { "depth", KEY_DEPTH, "N", 0, "pct: the bug depth aimed at (default: 3)", 2 },
    { "preemptions", KEY_PREEMPTIONS, "N|all", 0, "dfs: preemptions at most (default: 0)", 2 },
    { 0, 0, 0, 0, "How long:", 3 },
    { "runs", KEY_RUNS, "N", 0, "executions at most; k, M, G allowed (default: 1M)", 3 },
    { "time", KEY_TIME, "TIME", 0, "wall-clock time at most: 500ms, 10s, 2m, 1h", 3 },
    { "find", KEY_FIND, "WHAT", 0, "go on until this: KIND, FUNCTION or 'KIND at FUNCTION'", 3 },
    { "keep-going", KEY_KEEP_GOING, NULL, 0, "collect further findings until the budget ends", 3 },
    { 0, 0, 0, 0, "How:", 4 },
    { "jobs", KEY_JOBS, "N", 0, "workers; findings don't depend on it (default: one a CPU)", 4 },
    { "backend", KEY_BACKEND, "light|fiber|thread", 0,
      "how actors take turns (default: light)", 4 },
    { "twice", KEY_TWICE, NULL, 0, "run every execution twice, and check that they are equal", 4 },
    { "out", KEY_OUT, "DIR", 0, "where cases are written (default: the current directory)", 4 },
    { "coverage", KEY_COVERAGE, "PREFIX", 0,
      "write which conflicting pairs were seen in which order: PREFIX.txt, PREFIX.svg", 4 },
    { "no-minimise", KEY_NO_MINIMISE, NULL, 0, "keep findings only as they were found", 4 },
    { "quiet", KEY_QUIET, NULL, 0, "no progress and no report, only the result", 4 },
    { 0 },
};

struct input {
    struct hd_explore_arguments *arguments;
    struct hd_diag *diag;
};

static error_t parse_argument(struct input *input, char *text)
{
    if (input->arguments->scenario)
        return hd_cli_refuse(hd_fail(input->diag, HD_E_MALFORMED,
                                     "one scenario at a time; '%.60s' is a second", text));
    input->arguments->scenario = text;
    return 0;
}

static enum hd_error parse_depth(struct input *input, const char *text)
{
    uint64_t depth = 0;
    enum hd_error error =
        hd_cli_number("--depth", text, 1, HD_PCT_DEPTH_MAX, &depth, input->diag);

    if (!error)
        input->arguments->options.strategy_options.depth = (uint32_t)depth;
    return error;
}

static enum hd_error parse_preemptions(struct input *input, const char *text)
{
    uint64_t bound = HD_NO_BOUND;
    enum hd_error error = HD_OK;

    if (strcmp(text, "all") != 0)
        error = hd_cli_number("--preemptions", text, 0, HD_NO_BOUND - 1, &bound, input->diag);
    if (!error)
        input->arguments->options.strategy_options.preemptions = (uint32_t)bound;
    return error;
}

/* The options that have a value to be refused. */
static enum hd_error parse_value(struct input *input, int key, const char *text)
{
    struct hd_explore_arguments *arguments = input->arguments;
    struct hd_explore_options *explore = &arguments->options;

    switch (key) {
    case KEY_STRATEGY:
        return hd_cli_strategy(text, &explore->strategy, input->diag);
    case KEY_SEED:
        return hd_cli_number("--seed", text, 0, UINT64_MAX, &explore->strategy_options.seed,
                             input->diag);
    case KEY_DEPTH:
        return parse_depth(input, text);
    case KEY_PREEMPTIONS:
        return parse_preemptions(input, text);
    case KEY_RUNS:
        return hd_cli_count("--runs", text, &explore->runs, input->diag);
    case KEY_TIME:
        return hd_cli_duration("--time", text, &explore->time_ns, input->diag);
    case KEY_JOBS:
        return hd_cli_jobs(text, &explore->jobs, input->diag);
    case KEY_FAULTS:
        arguments->has_swarm = true;
        return hd_cli_swarm(text, &explore->swarm, input->diag);
    case KEY_ORACLE:
        return hd_cli_oracles(text, &arguments->oracles, input->diag);
    default:
        return hd_cli_backend(text, &explore->engine.backend, input->diag);
    }
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct input *input = state->input;
    struct hd_explore_arguments *arguments = input->arguments;

    switch (key) {
    case 'p':
        arguments->pairs[arguments->pair_count++] = text;
        return 0;
    case KEY_WORKLOAD:
        arguments->workload = text;
        return 0;
    case KEY_FIND:
        arguments->options.find = text;
        return 0;
    case KEY_OUT:
        arguments->directory = text;
        return 0;
    case KEY_COVERAGE:
        arguments->coverage = text;
        return 0;
    case KEY_KEEP_GOING:
        arguments->options.keep_going = true;
        return 0;
    case KEY_TWICE:
        arguments->options.twice = true;
        return 0;
    case KEY_NO_MINIMISE:
        input->arguments->no_minimise = true;
        return 0;
    case KEY_QUIET:
        arguments->quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        return parse_argument(input, text);
    case ARGP_KEY_END:
        return arguments->scenario
                   ? 0
                   : hd_cli_refuse(hd_fail(input->diag, HD_E_MALFORMED,
                                           "a scenario is needed; 'heddle list' names them"));
    default:
        if (key < KEY_STRATEGY || key > KEY_BACKEND)
            return ARGP_ERR_UNKNOWN;
        return hd_cli_refuse(parse_value(input, key, text));
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "SCENARIO[/VARIANT]",
    .doc = "Executes a scenario under many schedules until one goes wrong, and writes that one "
           "as a case.\vExit status: 0 nothing found, 1 found, 2 usage or output, 5 stopped "
           "before complete with nothing found.",
};

/* ---- The setting: scenario, variant, workload, oracles -------------------------------------- */

static enum hd_error apply_pair(struct hd_setting *setting, const char *pair, struct hd_diag *diag)
{
    const char *equals = strchr(pair, '=');
    struct hd_diag why = { { 0 } };
    enum hd_error error;
    char *key;

    if (!equals)
        return hd_fail(diag, HD_E_MALFORMED, "-p %.60s: KEY=VALUE is expected", pair);
    key = hd_copy_text(pair, (size_t)(equals - pair));
    if (!key)
        return hd_fail(diag, HD_E_NOMEM, "out of memory");
    error = hd_workload_set(setting->scenario, &setting->workload, key, equals + 1, &why);
    hd_dealloc(key);
    return error ? hd_fail(diag, error, "-p %.60s: %.400s", pair, why.text) : HD_OK;
}

static enum hd_error apply_setting(struct hd_explore_arguments *arguments, struct hd_diag *diag)
{
    struct hd_setting *setting = &arguments->options.setting;
    enum hd_error error = hd_setting_parse(&hd_models, arguments->scenario, setting, diag);

    if (!error && arguments->workload)
        error = hd_workload_set(setting->scenario, &setting->workload, "workload",
                                arguments->workload, diag);
    for (unsigned i = 0; i < arguments->pair_count && !error; i++)
        error = apply_pair(setting, arguments->pairs[i], diag);
    if (!error)
        setting->oracles = arguments->oracles;
    return error;
}

/* Who says what the workload is gets that workload. */
static void apply_defaults(struct hd_explore_arguments *arguments)
{
    struct hd_explore_options *explore = &arguments->options;

    if (!arguments->has_swarm && !arguments->workload && arguments->pair_count == 0)
        explore->swarm = HD_SWARM_HARMLESS;
    if (explore->jobs == 0)
        explore->jobs = hd_cli_cpus();
    if (explore->runs == 0 && explore->time_ns == 0 && !explore->strategy->exhausts)
        explore->runs = DEFAULT_RUNS;
}

enum hd_error hd_explore_parse(int argc, char **argv, struct hd_explore_arguments *arguments,
                               struct hd_diag *diag)
{
    struct input input = { .arguments = arguments, .diag = diag };
    enum hd_error error = HD_OK;

    *arguments = (struct hd_explore_arguments){
        .directory = ".",
        .options = { .strategy = hd_strategy_find("portfolio"),
                     .engine = { .backend = HD_BACKEND_LIGHT },
                     .strategy_options = { .seed = DEFAULT_SEED } },
        .pairs = hd_alloc_array((size_t)argc, sizeof *arguments->pairs),
    };
    if (!arguments->pairs)
        return hd_fail(diag, HD_E_NOMEM, "out of memory");
    if (hd_cli_parse(&argp, argc, argv, &input))
        error = HD_E_MALFORMED;
    if (!error)
        error = apply_setting(arguments, diag);
    if (!error)
        apply_defaults(arguments);
    return error;
}
