/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that only our own program has: they are about its scenarios. */
#ifndef HD_PROGRAM_H
#define HD_PROGRAM_H

#include "heddle/command.h"

enum hd_exit hd_cmd_straddle(int argc, char **argv);

#endif
