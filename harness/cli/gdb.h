/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* heddle replay --gdb: the replay again, in gdb. */
#ifndef HD_CLI_GDB_H
#define HD_CLI_GDB_H

#include "cli/exit.h"
#include "gate/run.h"

#define HD_GDB_WRONG_STEP UINT32_MAX

struct hd_gdb {
    const char *path;
    const char *variant, *scenario; /* or NULL */
    bool backend_given; /* else the thread backend, on which gdb sees the stack of every actor */
    uint32_t step; /* to stop before; HD_GDB_WRONG_STEP: where it goes wrong, or the last one */
    struct hd_run_options options;
};

/* Becomes gdb.  Returns only if that failed, or the case has no such step. */
enum hd_exit hd_cli_gdb(const struct hd_gdb *gdb);

#endif
