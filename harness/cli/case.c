/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* heddle case: case files as files; and to and from the bytes that a fuzzer mutates. */
#include "cli/cli.h"
#include "cli/load.h"

#include <stdlib.h>

enum { KEY_CANONICAL = 256, KEY_CHECK, KEY_FROM_FUZZ, KEY_TO_FUZZ, KEY_SCENARIO };

struct arguments {
    int action;           /* one of the first four keys, or 0 */
    const char *scenario; /* of raw bytes, or NULL */
    char **paths;
    int count;
    struct hd_diag diag;
};

static const struct argp_option options[] = {
    { "canonical", KEY_CANONICAL, NULL, 0,
      "print it with every key, single spaces and no comments", 0 },
    { "check", KEY_CHECK, NULL, 0, "only read it: exit 0 if it is well-formed, else 2", 0 },
    { "from-fuzz", KEY_FROM_FUZZ, NULL, 0, "print the case that a fuzzer's bytes stand for", 0 },
    { "to-fuzz", KEY_TO_FUZZ, NULL, 0, "write the bytes of a case to standard output", 0 },
    { "scenario", KEY_SCENARIO, "NAME[/VARIANT]", 0,
      "that the bytes are of (default: $HEDDLE_SCENARIO, or " HD_FUZZ_SCENARIO ")", 0 },
    { 0 },
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case KEY_CANONICAL:
    case KEY_CHECK:
    case KEY_FROM_FUZZ:
    case KEY_TO_FUZZ:
        if (arguments->action && arguments->action != key)
            return hd_cli_refuse(hd_fail(&arguments->diag, HD_E_MALFORMED,
                                         "--canonical, --check, --from-fuzz and --to-fuzz exclude "
                                         "each other"));
        arguments->action = key;
        return 0;
    case KEY_SCENARIO:
        arguments->scenario = text;
        return 0;
    case ARGP_KEY_ARGS:
        arguments->paths = state->argv + state->next;
        arguments->count = state->argc - state->next;
        return 0;
    case ARGP_KEY_END:
        if (arguments->action && arguments->count > 0)
            return 0;
        return hd_cli_refuse(hd_fail(&arguments->diag, HD_E_MALFORMED, "%s is needed",
                                     arguments->action
                                         ? "a case file"
                                         : "--canonical, --check, --from-fuzz or --to-fuzz"));
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

static enum hd_error print_text(const char *path, const struct hd_case *the_case,
                                struct hd_diag *diag)
{
    char *text = hd_case_print(the_case);

    if (!text)
        return hd_fail(diag, HD_E_NOMEM, "%s: out of memory", path);
    fputs(text, stdout);
    free(text);
    return HD_OK;
}

static enum hd_error print_bytes(const char *path, const struct hd_case *the_case,
                                 struct hd_diag *diag)
{
    struct hd_diag why = { { 0 } };
    uint8_t *bytes = NULL;
    size_t count = 0;
    enum hd_error error = hd_case_to_fuzz(the_case, &bytes, &count, &why);

    if (error)
        return hd_fail(diag, error, "%.150s: %.300s", path, why.text);
    fwrite(bytes, 1, count, stdout);
    free(bytes);
    return HD_OK;
}

static enum hd_exit process(const struct arguments *arguments, const char *path)
{
    struct hd_case *the_case = NULL;
    struct hd_diag diag = { { 0 } };
    enum hd_error error = arguments->action == KEY_FROM_FUZZ
                              ? hd_cli_load_raw(path, arguments->scenario, &the_case, &diag)
                              : hd_case_load(&hd_models, path, &the_case, &diag);

    if (!error && (arguments->action == KEY_CANONICAL || arguments->action == KEY_FROM_FUZZ))
        error = print_text(path, the_case, &diag);
    if (!error && arguments->action == KEY_TO_FUZZ)
        error = print_bytes(path, the_case, &diag);
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
        status = hd_exit_worst(status, process(&arguments, arguments.paths[i]));
    return status;
}
