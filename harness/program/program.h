/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that only our own program has: they are about its scenarios. */
#ifndef HD_PROGRAM_H
#define HD_PROGRAM_H

#include <limits.h>

#include "heddle/command.h"
#include "heddle/error.h"

enum hd_exit hd_cmd_straddle(int argc, char **argv);
enum hd_exit hd_cmd_cc(int argc, char **argv);
enum hd_exit hd_cmd_cxx(int argc, char **argv);

/* Where libheddle_native.so is; HD_E_UNSUPPORTED if it isn't anywhere. */
enum hd_error hd_runtime_directory(char directory[static PATH_MAX], struct hd_diag *diag);

/*
 * If an argument is a program (a path that begins with '/', './' or '../'), or a case of one:
 * becomes it, and does not return unless that fails.  False: no program is meant.
 */
bool hd_native_run(int argc, char **argv, enum hd_exit *ret_status);

#endif
