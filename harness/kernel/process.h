/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Other programs, run as children that do not outlive us. */
#ifndef HD_PROCESS_H
#define HD_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "heddle/error.h"

/*
 * argv[0] is looked up in PATH; the list ends with NULL.  directory is where it runs, NULL for
 * here.  A program that isn't there is HD_E_UNSUPPORTED, all other failures HD_E_IO.
 */

/* Starts it with no input, its output going to the descriptor output.  Descriptors that are not
 * close-on-exec are inherited.  It is killed when the calling thread ends. */
enum hd_error hd_process_start(const char *const *argv, const char *directory, int output,
                               pid_t *ret_pid, struct hd_diag *diag);
/* Runs it to its end.  log takes its output, whose last line is in the message if it fails. */
enum hd_error hd_process_run(const char *const *argv, const char *directory, const char *log,
                             struct hd_diag *diag);
/* Runs it to its end and returns its standard output, malloc()ed, at most max bytes. */
enum hd_error hd_process_read(const char *const *argv, const char *directory, size_t max,
                              char **ret_text, struct hd_diag *diag);
/* Is there such a program in PATH? */
bool hd_process_there(const char *name);

#endif
