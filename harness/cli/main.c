/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* heddle: one table of subcommands. */
#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input/offer.h"

struct command {
    const char *name;
    const char *summary;
    enum hd_exit (*run)(int argc, char **argv);
};

static const struct command commands[] = {
    { "list", "scenarios, strategies, oracles, landmarks, and what else has a name", hd_cmd_list },
    { "explore", "look for a schedule that goes wrong, and keep it as a case", hd_cmd_explore },
    { "replay", "execute cases again, and hold them to what they expect", hd_cmd_replay },
    { "minimise", "make a failing case smaller, as long as it fails in the same way",
      hd_cmd_minimise },
    { "explain", "say why a case fails: which steps decide, and where the window is",
      hd_cmd_explain },
    { "show", "tell a case's execution: as a table, as steps, as JSON", hd_cmd_show },
    { "case", "check a case file, or print it in canonical form", hd_cmd_case },
    { "straddle", "compare rules for the page at the end of a growing file", hd_cmd_straddle },
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static void print_usage(FILE *out)
{
    fprintf(out, "Usage: heddle COMMAND [OPTION...] [ARGUMENT...]\n"
                 "Deterministic race reproducer and fuzz harness.\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
    fprintf(out, "  %-10s this, or the options of a command: heddle help COMMAND\n", "help");
    fprintf(out, "\n  --version  print the version\n"
                 "\nExit status: 0 nothing wrong, 1 a violation found, 2 usage, input or output,\n"
                 "3 a replay diverged, 4 something is missing, 5 stopped before complete.\n");
}

static enum hd_exit unknown_command(const char *name)
{
    struct hd_offer offer = hd_offer_to(hd_word_of(name));
    struct hd_diag diag;

    for (size_t i = 0; i < COMMANDS; i++)
        hd_offer_add(&offer, commands[i].name);
    return hd_cli_error(NULL, hd_offer_fail(&offer, "a command", &diag), &diag);
}

static enum hd_exit run_command(const char *name, int argc, char **argv)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0) {
            char title[32];
            enum hd_exit status;
            char *before = argv[0];

            snprintf(title, sizeof title, "heddle %s", name);
            argv[0] = title; /* what argp's messages begin with */
            status = commands[i].run(argc, argv);
            argv[0] = before;
            return status;
        }
    return unknown_command(name);
}

static enum hd_exit run_help(int argc, char **argv)
{
    char option[] = "--help";
    char *help[] = { argv[0], option, NULL };

    if (argc > 1)
        return run_command(argv[1], 2, help);
    print_usage(stdout);
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
    fprintf(stderr, "heddle: cannot write to standard output: %s\n", strerror(errno));
    _exit((int)hd_exit_worst((enum hd_exit)status, HD_EXIT_USAGE));
}

int main(int argc, char **argv)
{
    argp_err_exit_status = HD_EXIT_USAGE;
    on_exit(check_output, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of write() like others */
    if (argc < 2) {
        print_usage(stderr);
        return HD_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("heddle " HD_VERSION "\n");
        return HD_EXIT_OK;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
        return (int)run_help(argc - 1, argv + 1);
    return (int)run_command(argv[1], argc - 1, argv + 1);
}
