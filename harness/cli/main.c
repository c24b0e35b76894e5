/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line: one table of subcommands, and those that the program adds. */
#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input/offer.h"

static const struct hd_command commands[] = {
    { "list", "scenarios, strategies, oracles, landmarks, and what else has a name", hd_cmd_list },
    { "explore", "look for a schedule that goes wrong, and keep it as a case", hd_cmd_explore },
    { "replay", "execute cases again, and hold them to what they expect", hd_cmd_replay },
    { "minimise", "make a failing case smaller, as long as it fails in the same way",
      hd_cmd_minimise },
    { "explain", "say why a case fails: which steps decide, and where the window is",
      hd_cmd_explain },
    { "show", "tell a case's execution: as a table, as steps, as JSON", hd_cmd_show },
    { "tui", "step through a case in the terminal", hd_cmd_tui },
    { "gate", "hold all stored cases to what they say, and look around them", hd_cmd_gate },
    { "case", "check a case file, or print it in canonical form", hd_cmd_case },
    { "kernel", "replay cases on unmodified Linux kernels, in QEMU", hd_cmd_kernel },
};
#define COMMANDS (sizeof commands / sizeof commands[0])

/* The i-th of all, our own first; NULL behind the last. */
static const struct hd_command *command_at(size_t i, const struct hd_command *own)
{
    if (i < COMMANDS)
        return &commands[i];
    return own && own[i - COMMANDS].name ? &own[i - COMMANDS] : NULL;
}

static void print_usage(FILE *out, const struct hd_command *own)
{
    const char *program = program_invocation_short_name;
    const struct hd_command *command;

    fprintf(out,
            "Usage: %s COMMAND [OPTION...] [ARGUMENT...]\n"
            "Deterministic race reproducer and fuzz harness.\n\n",
            program);
    for (size_t i = 0; (command = command_at(i, own)); i++)
        fprintf(out, "  %-10s %s\n", command->name, command->summary);
    fprintf(out, "  %-10s this, or the options of a command: %s help COMMAND\n", "help", program);
    fprintf(out, "\n  --version  print the version\n"
                 "\nExit status: 0 nothing wrong, 1 a violation found, 2 usage, input or output,\n"
                 "3 a replay diverged, 4 something is missing, 5 stopped before complete.\n");
}

static enum hd_exit unknown_command(const char *name, const struct hd_command *own)
{
    struct hd_offer offer = hd_offer_to(hd_word_of(name));
    const struct hd_command *command;
    struct hd_diag diag;

    for (size_t i = 0; (command = command_at(i, own)); i++)
        hd_offer_add(&offer, command->name);
    return hd_cli_error(NULL, hd_offer_fail(&offer, "a command", &diag), &diag);
}

static enum hd_exit run_command(int argc, char **argv, const struct hd_command *own)
{
    const char *name = argv[0];
    const struct hd_command *command;
    char title[2 * HD_NAME_BYTES];

    for (size_t i = 0; (command = command_at(i, own)); i++)
        if (strcmp(command->name, name) == 0) {
            snprintf(title, sizeof title, "%s %s", program_invocation_short_name, name);
            argv[0] = title; /* what argp's messages begin with */
            return command->run(argc, argv);
        }
    return unknown_command(name, own);
}

static enum hd_exit run_help(int argc, char **argv, const struct hd_command *own)
{
    char option[] = "--help";
    char *help[] = { argv[1], option, NULL };

    if (argc > 1)
        return run_command(2, help, own);
    print_usage(stdout, own);
    return HD_EXIT_OK;
}

/*
 * What could not be written must not look like success.  Runs at every exit, argp's own included;
 * a finding keeps its status, for its case is on disk by then.
 */
static void check_output(int status, void *unused)
{
    (void)unused;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return;
    fprintf(stderr, "%s: cannot write to standard output: %s\n", program_invocation_short_name,
            strerror(errno));
    _exit((int)hd_exit_worst((enum hd_exit)status, HD_EXIT_USAGE));
}

int hd_main(int argc, char **argv, const struct hd_command *own)
{
    argp_err_exit_status = HD_EXIT_USAGE;
    on_exit(check_output, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of write() like others */
    if (argc < 2) {
        print_usage(stderr, own);
        return HD_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("heddle " HD_VERSION "\n");
        return HD_EXIT_OK;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
        return (int)run_help(argc - 1, argv + 1, own);
    return (int)run_command(argc - 1, argv + 1, own);
}
