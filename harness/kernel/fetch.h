/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A kernel made ready for replays: fetched or the user's own, with the guest around it. */
#ifndef HD_FETCH_H
#define HD_FETCH_H

#include <stdio.h>

#include "kernel/cache.h"
#include "kernel/packages.h"

/* Where the guest's sources are: HEDDLE_GUEST_DIR in the environment, beside an installed command
 * (../share/heddle/kernel), or where it was built.  HD_E_UNSUPPORTED if nowhere. */
enum hd_error hd_guest_sources(char *ret_path, size_t bytes, struct hd_diag *diag);

/* A kernel that the user has built. */
struct hd_own_kernel {
    const char *image;   /* bzImage */
    const char *modules; /* lib/modules/RELEASE: its modules, and `build`, where it was built */
};

/*
 * Makes cache/kernels/NAME: of Debian's kernel of that version, or of own if that isn't NULL.
 * Downloads, unpacks, builds the guest, boots it once and keeps its state.  Progress goes to notes,
 * a line a step.  On failure the cache is as it was.
 */
enum hd_error hd_kernel_fetch(const struct hd_cache *cache, const char *name,
                              const struct hd_own_kernel *own, FILE *notes, struct hd_diag *diag);
/* The release of a kernel that is there: "6.1.0-56-amd64". */
enum hd_error hd_kernel_release(const struct hd_cache *cache, const char *name,
                                char ret_release[HD_RELEASE_BYTES], struct hd_diag *diag);

#endif
