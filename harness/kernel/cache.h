/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cache: one directory, which can be deleted at any time.
 *
 *   apt/            package lists of our own; the host's are neither read nor written
 *   kernels/NAME/   vmlinuz, initramfs, release, and snapshots; complete, or not there
 *   kernels/NAME.part/   one that is being made, or whose making was interrupted
 */
#ifndef HD_CACHE_H
#define HD_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "heddle/error.h"

#define HD_PATH_BYTES 1024

struct hd_cache {
    char path[HD_PATH_BYTES / 2]; /* absolute */
};

/* path: or NULL for $HEDDLE_KERNEL_CACHE, else heddle/kernel in $XDG_CACHE_HOME or ~/.cache.  Is
 * made if it isn't there.  Kernels can't be built below a path with blanks or quotes in it: such a
 * path is HD_E_UNSUPPORTED. */
enum hd_error hd_cache_open(const char *path, struct hd_cache *ret_cache, struct hd_diag *diag);

/* A name for a kernel is 1 .. 64 of A-Z a-z 0-9 + - . _ ~, and doesn't begin with a dot. */
bool hd_cache_name_valid(const char *name);
/* kernels/NAME, or kernels/NAME.part. */
void hd_cache_kernel(const struct hd_cache *cache, const char *name, bool part, char *ret_path,
                     size_t bytes);
bool hd_cache_has(const struct hd_cache *cache, const char *name);
/* Calls each for every complete kernel, in the order of names; it stops at the first error. */
enum hd_error hd_cache_each(const struct hd_cache *cache,
                            enum hd_error (*each)(void *context, const char *name), void *context,
                            struct hd_diag *diag);

/* Makes an empty kernels/NAME.part, removing what an interrupted run left. */
enum hd_error hd_cache_begin(const struct hd_cache *cache, const char *name, struct hd_diag *diag);
/* kernels/NAME.part becomes kernels/NAME. */
enum hd_error hd_cache_commit(const struct hd_cache *cache, const char *name,
                              struct hd_diag *diag);
void hd_cache_abort(const struct hd_cache *cache, const char *name);

/* Makes a directory and what is missing above it. */
enum hd_error hd_make_directories(const char *path, struct hd_diag *diag);
/* Removes a tree, if it is there. */
enum hd_error hd_remove_tree(const char *path, struct hd_diag *diag);

#endif
