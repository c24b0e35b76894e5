/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine's state on disk, from which it goes on in a second where booting takes fifteen. */
#ifndef HD_SNAPSHOT_H
#define HD_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>

#include "heddle/error.h"

/* The name of the file that fits this QEMU and these arguments: another version, or another
 * machine, has another. */
enum hd_error hd_snapshot_name(const char *qemu, const char *const *arguments, char *ret_name,
                               size_t bytes, struct hd_diag *diag);
bool hd_snapshot_there(const char *directory, const char *name);
/* Waits until a machine that was started from a snapshot runs; false if it doesn't.  What is sent
 * to it earlier is lost. */
bool hd_snapshot_running(int control);
/* Saves through the machine's control socket (QMP), whole or not at all; the machine goes on. */
enum hd_error hd_snapshot_save(int control, const char *directory, const char *name,
                               struct hd_diag *diag);

#endif
