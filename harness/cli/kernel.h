/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The subcommands of `heddle kernel`. */
#ifndef HD_CLI_KERNEL_H
#define HD_CLI_KERNEL_H

#include "cli/cli.h"
#include "kernel/plan.h"

enum hd_exit hd_kernel_cmd_fetch(int argc, char **argv);
enum hd_exit hd_kernel_cmd_replay(int argc, char **argv);
enum hd_exit hd_kernel_cmd_plan(int argc, char **argv);
enum hd_exit hd_kernel_cmd_list(int argc, char **argv);

#endif
