/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* heddle kernel: the same case on real kernels.  Here: its own subcommands, and fetching. */
#include "cli/kernel.h"

#include <string.h>

#include "cli/load.h"
#include "input/offer.h"
#include "kernel/fetch.h"

static const struct {
    const char *name, *summary;
    enum hd_exit (*run)(int argc, char **argv);
} commands[] = {
    { "fetch", "get Debian's kernels into the cache, and make them ready", hd_kernel_cmd_fetch },
    { "replay", "replay cases on kernels, and hold them to the model", hd_kernel_cmd_replay },
    { "plan", "show what a case would do on a kernel", hd_kernel_cmd_plan },
    { "list", "the kernels that are in the cache", hd_kernel_cmd_list },
};
#define COMMANDS (sizeof commands / sizeof *commands)

static void print_usage(FILE *out)
{
    fprintf(out, "Usage: heddle kernel COMMAND [OPTION...] [ARGUMENT...]\n"
                 "Replays cases on unmodified kernels, in QEMU.\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].summary);
    fprintf(out, "\nheddle kernel COMMAND --help shows its options.\n\n"
                 "Exit status: 0 kernel and model agree, 1 they disagree, 2 usage, input or\n"
                 "output, 4 QEMU, a kernel or a mapping isn't there.\n");
}

enum hd_exit hd_cmd_kernel(int argc, char **argv)
{
    struct hd_offer offer = hd_offer_to(hd_word_of(argc > 1 ? argv[1] : ""));
    struct hd_diag diag;

    if (argc < 2) {
        print_usage(stderr);
        return HD_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0) {
        print_usage(stdout);
        return HD_EXIT_OK;
    }
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, argv[1]) == 0) {
            char title[64];

            snprintf(title, sizeof title, "%.40s %s", argv[0], commands[i].name);
            argv[1] = title; /* what argp's messages begin with */
            return commands[i].run(argc - 1, argv + 1);
        }
    for (size_t i = 0; i < COMMANDS; i++)
        hd_offer_add(&offer, commands[i].name);
    return hd_cli_error("kernel", hd_offer_fail(&offer, "a command", &diag), &diag);
}

enum { KEY_CACHE = 256 };
static const struct argp_option cache_options[] = {
    { "cache", KEY_CACHE, "DIR", 0,
      "where kernels are kept (default: heddle/kernel in ~/.cache or $XDG_CACHE_HOME)", 0 },
    { 0 },
};

struct arguments {
    const char *cache; /* or NULL */
    char **words;
    int count;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case KEY_CACHE:
        arguments->cache = text;
        return 0;
    case ARGP_KEY_ARGS:
        arguments->words = state->argv + state->next;
        arguments->count = state->argc - state->next;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

enum hd_exit hd_kernel_cmd_fetch(int argc, char **argv)
{
    static const struct argp argp = {
        .options = cache_options,
        .parser = parse,
        .args_doc = "VERSION...",
        .doc = "Downloads Debian's kernels of these versions (6.1, 6.12), builds a guest around "
               "each, and boots it once.  Nothing is installed, and the host's package sources are "
               "neither read nor changed.\vExit status: 0 all there, 2 usage, input or output, 4 "
               "QEMU or a kernel isn't to be had.",
    };
    struct arguments arguments = { 0 };
    enum hd_exit status = HD_EXIT_OK;
    struct hd_diag diag = { { 0 } };
    struct hd_cache cache;
    enum hd_error error;

    if (hd_cli_parse(&argp, argc, argv, &arguments))
        return HD_EXIT_USAGE;
    if (arguments.count == 0)
        return hd_cli_usage("kernel fetch", "a version is needed, such as 6.1 or 6.12");
    error = hd_cache_open(arguments.cache, &cache, &diag);
    if (error)
        return hd_cli_error("kernel fetch", error, &diag);
    for (int i = 0; i < arguments.count; i++) {
        const char *version = arguments.words[i];

        if (!hd_cache_name_valid(version))
            return hd_cli_usage("kernel fetch", "'%.60s' is no version such as 6.1", version);
        error = hd_kernel_fetch(&cache, version, NULL, stderr, &diag);
        if (error)
            status = hd_exit_worst(status, hd_cli_error("kernel fetch", error, &diag));
        else
            printf("kernel %s ready\n", version);
    }
    return status;
}

static enum hd_error print_kernel(void *context, const char *name)
{
    char release[HD_RELEASE_BYTES];
    struct hd_diag diag;
    enum hd_error error = hd_kernel_release(context, name, release, &diag);

    if (error)
        printf("%s\tunreadable: %s\n", name, diag.text);
    else
        printf("%s\t%s\n", name, release);
    return HD_OK;
}

enum hd_exit hd_kernel_cmd_list(int argc, char **argv)
{
    static const struct argp argp = { .options = cache_options, .parser = parse,
                                      .doc = "Lists the kernels that are in the cache." };
    struct arguments arguments = { 0 };
    struct hd_diag diag = { { 0 } };
    struct hd_cache cache;
    enum hd_error error;

    if (hd_cli_parse(&argp, argc, argv, &arguments))
        return HD_EXIT_USAGE;
    if (arguments.count > 0)
        return hd_cli_usage("kernel list", "takes no arguments");
    error = hd_cache_open(arguments.cache, &cache, &diag);
    if (!error)
        error = hd_cache_each(&cache, print_kernel, &cache, &diag);
    return error ? hd_cli_error("kernel list", error, &diag) : HD_EXIT_OK;
}

enum hd_exit hd_kernel_cmd_plan(int argc, char **argv)
{
    static const struct argp argp = {
        .parser = parse, .args_doc = "FILE...",
        .doc = "Shows what cases would do on a kernel, or why they can't be carried to one.",
    };
    struct arguments arguments = { 0 };
    enum hd_exit status = HD_EXIT_OK;

    if (hd_cli_parse(&argp, argc, argv, &arguments))
        return HD_EXIT_USAGE;
    if (arguments.count == 0)
        return hd_cli_usage("kernel plan", "a case file is needed");
    for (int i = 0; i < arguments.count; i++) {
        const char *path = arguments.words[i];
        struct hd_diag diag = { { 0 } }, why = { { 0 } };
        struct hd_case *the_case;
        struct hd_plan plan;
        enum hd_error error = hd_cli_load(path, NULL, &the_case, &diag);

        if (!error) {
            error = hd_plan_make(the_case, &plan, &why);
            if (error)
                hd_fail(&diag, error, "%.200s: %.300s", path, why.text);
            else
                hd_plan_print(&plan, stdout);
            hd_case_free(the_case);
        }
        if (error)
            status = hd_exit_worst(status, hd_cli_error("kernel plan", error, &diag));
    }
    return status;
}
