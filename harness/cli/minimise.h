/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Minimising from the command line: shared by heddle minimise and heddle explore. */
#ifndef HD_CLI_MINIMISE_H
#define HD_CLI_MINIMISE_H

#include "base/buf.h"
#include "heddle/heddle.h"

/* Executions of the search for fewer preemptions, if nothing else is said: about a second. */
#define HD_MINIMISE_CONFIRM 100000

/* The account: attempts by pass, and what became smaller. */
void hd_minimise_print(FILE *out, const struct hd_minimise_result *result);
/* Appends "# minimised by ...", a line that stands in the smaller case. */
void hd_minimise_comment(struct hd_buf *buf, const struct hd_minimise_result *result);
/*
 * The smaller case as the text of a file: with a comment that says where it comes from, or, if it
 * was minimal already, the given text to the byte.  malloc()ed; NULL if out of memory.
 */
char *hd_minimise_text(const struct hd_case *given, const struct hd_minimise_result *result,
                       struct hd_diag *diag);

#endif
