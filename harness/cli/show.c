/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* heddle show: one case's execution, told in one format and nothing else. */
#include "cli/cli.h"
#include "cli/load.h"
#include "gate/run.h"

#include <stdlib.h>

struct show {
    const char *path;
    const char *scenario; /* of a raw artifact, or NULL */
    const struct hd_format_info *format;
    struct hd_run_options options;
    struct hd_diag diag;
};

enum { KEY_FORMAT = 256, KEY_BACKEND, KEY_ORACLE, KEY_SCENARIO };

static const struct argp_option options[] = {
    { "format", KEY_FORMAT, "FORMAT", 0, "table (the default) or another of 'list formats'", 0 },
    { "backend", KEY_BACKEND, "fiber|thread", 0, "how actors take turns (default: fiber)", 0 },
    { "oracle", KEY_ORACLE, "LIST", 0, "judge by these oracles, separated by commas", 0 },
    { "scenario", KEY_SCENARIO, "NAME[/VARIANT]", 0, "FILE is a raw fuzz artifact of this", 0 },
    { 0 },
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct show *show = state->input;

    switch (key) {
    case KEY_FORMAT:
        return hd_cli_refuse(hd_cli_format(text, &show->format, &show->diag));
    case KEY_BACKEND:
        return hd_cli_refuse(hd_cli_backend(text, &show->options.backend, &show->diag));
    case KEY_ORACLE:
        return hd_cli_refuse(hd_cli_oracles(text, &show->options.oracles, &show->diag));
    case KEY_SCENARIO:
        show->scenario = text;
        return 0;
    case ARGP_KEY_ARG:
        if (show->path)
            return hd_cli_refuse(hd_fail(&show->diag, HD_E_MALFORMED,
                                         "one case at a time; '%.60s' is a second", text));
        show->path = text;
        return 0;
    case ARGP_KEY_END:
        if (!show->path)
            return hd_cli_refuse(hd_fail(&show->diag, HD_E_MALFORMED, "a case file is needed"));
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "FILE",
    .doc = "Executes a case and tells what it does.",
};

static enum hd_error print(const struct show *show, const struct hd_case *the_case,
                           struct hd_diag *diag)
{
    char *command = hd_cli_repeat(show->path, show->options.oracles, NULL, show->scenario);
    struct hd_run run = { 0 };
    enum hd_error error;

    error = hd_run_case(the_case, the_case->setting.variant, &show->options, &run, diag);
    if (!error) {
        error = hd_run_report(&run, the_case, NULL, command, show->format);
        if (error)
            hd_fail(diag, error, "the report: %s", hd_error_text(error));
    }
    hd_run_free(&run);
    free(command);
    return error;
}

enum hd_exit hd_cmd_show(int argc, char **argv)
{
    struct show show = { .format = hd_format_find("table") };
    struct hd_case *the_case = NULL;
    enum hd_error error;

    if (hd_cli_parse(&argp, argc, argv, &show))
        return hd_cli_error("show", HD_E_MALFORMED, &show.diag);
    if (!show.format)
        return HD_EXIT_OK; /* --format none: it has been parsed, that is all */
    error = hd_cli_load(show.path, show.scenario, &the_case, &show.diag);
    if (!error) {
        error = print(&show, the_case, &show.diag);
        hd_case_free(the_case);
    }
    return error ? hd_cli_error("show", error, &show.diag) : HD_EXIT_OK;
}
