/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* heddle minimise: the same failure in the fewest words. */
#include "cli/minimise.h"

#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/interrupt.h"
#include "cli/load.h"

enum { KEY_CONFIRM = 256, KEY_ATTEMPTS, KEY_BACKEND, KEY_ORACLE, KEY_QUIET };

static const struct argp_option options[] = {
    { "output", 'o', "FILE", 0, "where the smaller case goes (default: standard output)", 0 },
    { "confirm", KEY_CONFIRM, "N|all", 0,
      "executions at most to find out whether fewer preemptions would do (default: 100k; 0: don't)",
      0 },
    { "attempts", KEY_ATTEMPTS, "N", 0, "candidates at most (default: until nothing can go)", 0 },
    { "oracle", KEY_ORACLE, "LIST", 0, "judge by these oracles, separated by commas", 0 },
    { "backend", KEY_BACKEND, "fiber|thread", 0, "how actors take turns (default: fiber)", 0 },
    { "quiet", KEY_QUIET, NULL, 0, "no account of the passes", 0 },
    { 0 },
};

struct minimise {
    const char *path, *output;
    bool quiet;
    uint32_t oracles;
    struct hd_minimise_options options;
    struct hd_diag diag;
};

static enum hd_error parse_confirm(struct minimise *minimise, const char *text)
{
    if (!strcmp(text, "all"))
        minimise->options.confirm = UINT64_MAX;
    else if (!strcmp(text, "0"))
        minimise->options.confirm = 0;
    else
        return hd_cli_count("--confirm", text, &minimise->options.confirm, &minimise->diag);
    return HD_OK;
}

static error_t parse_end(struct minimise *minimise)
{
    if (!minimise->path)
        return hd_cli_refuse(hd_fail(&minimise->diag, HD_E_MALFORMED, "a case file is needed"));
    return 0;
}

static error_t parse_argument(struct minimise *minimise, char *text)
{
    if (minimise->path)
        return hd_cli_refuse(hd_fail(&minimise->diag, HD_E_MALFORMED,
                                     "one case at a time; '%.60s' is a second", text));
    minimise->path = text;
    return 0;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct minimise *minimise = state->input;

    switch (key) {
    case 'o':
        minimise->output = text;
        return 0;
    case KEY_CONFIRM:
        return hd_cli_refuse(parse_confirm(minimise, text));
    case KEY_ATTEMPTS:
        return hd_cli_refuse(hd_cli_count("--attempts", text, &minimise->options.attempts,
                                          &minimise->diag));
    case KEY_ORACLE:
        return hd_cli_refuse(hd_cli_oracles(text, &minimise->oracles, &minimise->diag));
    case KEY_BACKEND:
        return hd_cli_refuse(
            hd_cli_backend(text, &minimise->options.engine.backend, &minimise->diag));
    case KEY_QUIET:
        minimise->quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        return parse_argument(minimise, text);
    case ARGP_KEY_END:
        return parse_end(minimise);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "FILE",
    .doc = "Makes a failing case smaller, as long as it fails in the same way: the same oracle, "
           "kind and site.\vExit status: 0 done, 2 usage, input or output, or a case that does "
           "not fail, 3 it diverged or is stale, 5 stopped: what is written could be smaller.",
};

static enum hd_error store(const struct minimise *minimise, const struct hd_case *given,
                           const struct hd_minimise_result *result, struct hd_diag *diag)
{
    char *text = hd_minimise_text(given, result, diag);
    enum hd_error error = text ? HD_OK : HD_E_NOMEM;

    if (text && minimise->output)
        error = hd_file_write(minimise->output, text, strlen(text), diag);
    else if (text)
        fputs(text, stdout);
    free(text);
    return error;
}

/* The account goes where the case does not. */
static void tell(const struct minimise *minimise, const struct hd_minimise_result *result)
{
    const struct hd_setting *setting = &result->the_case->setting;
    const struct hd_expect *expect = hd_case_expect(result->the_case, setting->variant);
    FILE *out = minimise->output ? stdout : stderr;

    if (minimise->quiet)
        return;
    fprintf(out, "%s/%s: %s%s%s\n", setting->scenario->name,
            setting->scenario->variants[setting->variant].name, expect->kind,
            expect->site[0] ? " at " : "", expect->site);
    hd_minimise_print(out, result);
    if (minimise->output)
        fprintf(out, "written to %s\n", minimise->output);
}

static enum hd_exit run(struct minimise *minimise, struct hd_case *the_case)
{
    struct hd_minimise_result result = { .the_case = NULL };
    struct hd_diag why = { { 0 } };
    struct hd_interrupt interrupt;
    enum hd_exit status = HD_EXIT_OK;
    enum hd_error error;

    if (minimise->oracles)
        the_case->setting.oracles = minimise->oracles;
    if (hd_interrupt_begin(&interrupt))
        return hd_cli_usage("minimise", "%s", hd_error_text(HD_E_NOMEM));
    minimise->options.stop = &interrupt.stop;
    error = hd_minimise(the_case, &minimise->options, &result, &why);
    hd_interrupt_end(&interrupt);
    if (!error)
        error = store(minimise, the_case, &result, &why);
    else
        hd_fail(&minimise->diag, error, "%.200s: %.300s", minimise->path, why.text);
    if (!error)
        tell(minimise, &result);
    else
        status = hd_cli_error("minimise", error, result.the_case ? &why : &minimise->diag);
    if (error == HD_E_DIVERGED || error == HD_E_NONDETERMINISTIC)
        status = HD_EXIT_DIVERGED;
    if (!error && result.stopped)
        status = HD_EXIT_STOPPED;
    hd_case_free(result.the_case);
    return status;
}

enum hd_exit hd_cmd_minimise(int argc, char **argv)
{
    struct minimise minimise = { .options = { .confirm = HD_MINIMISE_CONFIRM } };
    struct hd_case *the_case = NULL;
    enum hd_exit status;

    if (hd_cli_parse(&argp, argc, argv, &minimise))
        return hd_cli_error("minimise", HD_E_MALFORMED, &minimise.diag);
    if (hd_cli_load(minimise.path, NULL, &the_case, &minimise.diag))
        return hd_cli_error("minimise", HD_E_MALFORMED, &minimise.diag);
    status = run(&minimise, the_case);
    hd_case_free(the_case);
    return status;
}
