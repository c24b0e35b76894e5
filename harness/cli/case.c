/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* heddle case: case files as files, without executing them. */
#include "cli/cli.h"

#include <stdlib.h>

#include "models.h"

enum { KEY_CANONICAL = 256, KEY_CHECK };

struct arguments {
    int action; /* one of the keys, or 0 */
    char **paths;
    int count;
    struct hd_diag diag;
};

static const struct argp_option options[] = {
    { "canonical", KEY_CANONICAL, NULL, 0,
      "print it with every key, single spaces and no comments", 0 },
    { "check", KEY_CHECK, NULL, 0, "only read it: exit 0 if it is well-formed, else 2", 0 },
    { 0 },
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    (void)text;
    switch (key) {
    case KEY_CANONICAL:
    case KEY_CHECK:
        if (arguments->action && arguments->action != key)
            return hd_cli_refuse(hd_fail(&arguments->diag, HD_E_MALFORMED,
                                         "--canonical and --check exclude each other"));
        arguments->action = key;
        return 0;
    case ARGP_KEY_ARGS:
        arguments->paths = state->argv + state->next;
        arguments->count = state->argc - state->next;
        return 0;
    case ARGP_KEY_END:
        if (arguments->action && arguments->count > 0)
            return 0;
        return hd_cli_refuse(hd_fail(&arguments->diag, HD_E_MALFORMED, "%s is needed",
                                     arguments->action ? "a case file"
                                                       : "--canonical or --check"));
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "FILE...",
    .doc = "Reads case files strictly.",
};

static enum hd_exit process(const char *path, int action)
{
    struct hd_case *the_case = NULL;
    struct hd_diag diag = { { 0 } };
    enum hd_error error = hd_case_load(&hd_models, path, &the_case, &diag);

    if (!error && action == KEY_CANONICAL) {
        char *text = hd_case_print(the_case);

        if (text)
            fputs(text, stdout);
        else
            error = hd_fail(&diag, HD_E_NOMEM, "%s: out of memory", path);
        free(text);
    }
    hd_case_free(the_case);
    return error ? hd_cli_error("case", error, &diag) : HD_EXIT_OK;
}

enum hd_exit hd_cmd_case(int argc, char **argv)
{
    struct arguments arguments = { 0 };
    enum hd_exit status = HD_EXIT_OK;

    if (hd_cli_parse(&argp, argc, argv, &arguments))
        return hd_cli_error("case", HD_E_MALFORMED, &arguments.diag);
    for (int i = 0; i < arguments.count; i++)
        status = hd_exit_worst(status, process(arguments.paths[i], arguments.action));
    return status;
}
