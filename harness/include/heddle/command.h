/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The command `heddle` as a library, for programs that carry scenarios of their own.
 *
 *     #include <heddle/command.h>
 *
 *     extern const struct hd_scenario ring;
 *     HD_CATALOGUE(&ring);
 *
 *     int main(int argc, char **argv)
 *     {
 *         return hd_main(argc, argv, NULL);
 *     }
 *
 * is a program that lists, explores, replays, minimises, explains and shows `ring`.
 */
#ifndef HD_COMMAND_H
#define HD_COMMAND_H

#include "heddle/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Exit statuses: the same for every subcommand; heddle(1) has the table for users. */
enum hd_exit {
    HD_EXIT_OK = 0,       /* nothing wrong, or all as the case expects */
    HD_EXIT_FOUND = 1,    /* a violation found, or a gate that failed */
    HD_EXIT_USAGE = 2,    /* usage, unreadable or malformed input, output that can't be written */
    HD_EXIT_DIVERGED = 3, /* a replay that diverged, or is stale */
    HD_EXIT_MISSING = 4,  /* something needed isn't here */
    HD_EXIT_STOPPED = 5,  /* stopped before complete, and nothing found */
};

/* A subcommand: `PROGRAM name ...`. */
struct hd_command {
    const char *name;
    const char *summary; /* one line of the help */
    /* argv[0] is "PROGRAM name", for messages; what follows is for the subcommand to parse. */
    enum hd_exit (*run)(int argc, char **argv);
};

/*
 * The whole program, called by main() and nothing before or after it: parses, runs a subcommand
 * over the catalogue hd_models, prints, and returns the exit status.  It may also exit by itself.
 * own: further subcommands, up to an entry without a name, in the order of the help; NULL for none.
 */
int hd_main(int argc, char **argv, const struct hd_command *own);

#ifdef __cplusplus
}
#endif
#endif
