/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the subcommands share.  Each has a file of its own; main.c is the table of them. */
#ifndef HD_CLI_H
#define HD_CLI_H

#include <argp.h>

#include "cli/exit.h"
#include "heddle/heddle.h"

/* argv[0] is "PROGRAM NAME", for argp's messages. */
enum hd_exit hd_cmd_list(int argc, char **argv);
enum hd_exit hd_cmd_explore(int argc, char **argv);
enum hd_exit hd_cmd_replay(int argc, char **argv);
enum hd_exit hd_cmd_minimise(int argc, char **argv);
enum hd_exit hd_cmd_explain(int argc, char **argv);
enum hd_exit hd_cmd_show(int argc, char **argv);
enum hd_exit hd_cmd_tui(int argc, char **argv);
enum hd_exit hd_cmd_gate(int argc, char **argv);
enum hd_exit hd_cmd_case(int argc, char **argv);
enum hd_exit hd_cmd_kernel(int argc, char **argv);

/* One line on stderr, "PROGRAM COMMAND: ...".  Returns HD_EXIT_USAGE (HD_EXIT_MISSING for an error
 * that says that something needed isn't here), so that a failure is one statement. */
enum hd_exit hd_cli_usage(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
enum hd_exit hd_cli_error(const char *command, enum hd_error error, const struct hd_diag *diag);

/*
 * Parses the command line.  Parsers report a wrong value with hd_cli_refuse(), which makes this
 * return EINVAL and leaves the message in the diag; other mistakes exit here, by argp.
 */
error_t hd_cli_parse(const struct argp *argp, int argc, char **argv, void *input);
/* Turns a refusal into an argp parser's answer: 0 for HD_OK, EINVAL for an error. */
error_t hd_cli_refuse(enum hd_error error);

/* ---- Values on command lines: all HD_E_MALFORMED, HD_E_RANGE or HD_E_UNKNOWN, with a diag ---- */

/* Decimal or 0x hexadecimal, min .. max; what names it in messages. */
enum hd_error hd_cli_number(const char *what, const char *text, uint64_t min, uint64_t max,
                            uint64_t *ret_number, struct hd_diag *diag);
/* 1 and up: digits, and k, M or G for thousands, millions, thousand millions. */
enum hd_error hd_cli_count(const char *what, const char *text, uint64_t *ret_count,
                           struct hd_diag *diag);
/* More than nothing: digits and a unit: ns, us, ms, s, m, h. */
enum hd_error hd_cli_duration(const char *what, const char *text, uint64_t *ret_ns,
                              struct hd_diag *diag);
/* Worker threads: 1 .. 64. */
enum hd_error hd_cli_jobs(const char *text, unsigned *ret_jobs, struct hd_diag *diag);
/* How many the machine has for us, at most as many as jobs may be. */
unsigned hd_cli_cpus(void);
/* "property,memory", or "all": HD_ORACLE_BIT()s. */
enum hd_error hd_cli_oracles(const char *text, uint32_t *ret_oracles, struct hd_diag *diag);
/* The inverse, into text. */
void hd_cli_oracles_print(uint32_t oracles, char *text, size_t bytes);
enum hd_error hd_cli_strategy(const char *text, const struct hd_strategy_info **ret_strategy,
                              struct hd_diag *diag);
enum hd_error hd_cli_backend(const char *text, enum hd_backend *ret_backend, struct hd_diag *diag);
enum hd_error hd_cli_swarm(const char *text, enum hd_swarm *ret_swarm, struct hd_diag *diag);
/* NULL for "none". */
enum hd_error hd_cli_format(const char *text, const struct hd_format_info **ret_format,
                            struct hd_diag *diag);
enum hd_error hd_cli_scenario(const char *text, const struct hd_scenario **ret_scenario,
                              struct hd_diag *diag);

/* The command that repeats a replay, for a shell: what must be is quoted.  oracles: 0 for the
 * case's; variant: NULL for the case's; scenario: of a raw artifact, or NULL.  malloc()ed; NULL if
 * out of memory. */
char *hd_cli_repeat(const char *path, uint32_t oracles, const char *variant, const char *scenario);

/* list.c: "broken", "fixed", ... */
const char *hd_cli_standing(enum hd_standing standing);
/* passports.c: docs/models.md. */
void hd_cli_print_passports(FILE *out);

#endif
