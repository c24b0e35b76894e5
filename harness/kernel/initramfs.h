/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes an initial RAM file system: a cpio archive in the "newc" format, uncompressed. */
#ifndef HD_INITRAMFS_H
#define HD_INITRAMFS_H

#include <stdio.h>

#include "heddle/error.h"

/*
 * Linux's Documentation/driver-api/early-userspace/buffer-format.rst has the format.  Everything is
 * owned by root and dated 0, so equal contents give equal archives.
 */
struct hd_initramfs {
    FILE *out;
    const char *path;   /* borrowed; in messages */
    unsigned inode;     /* the next one's number */
    enum hd_error error; /* the first; everything after it does nothing */
    struct hd_diag *diag;
};

/* Errors stick: add on, and ask once at the end.  diag is filled in at the first. */
void hd_initramfs_begin(struct hd_initramfs *fs, const char *path, struct hd_diag *diag);
/* Parents come first.  Names have no leading slash. */
void hd_initramfs_directory(struct hd_initramfs *fs, const char *name);
/* The contents of from, a regular file or a link to one. */
void hd_initramfs_file(struct hd_initramfs *fs, const char *name, unsigned mode, const char *from);
/* Closes.  Returns the first error; the file at path is to be removed then. */
enum hd_error hd_initramfs_end(struct hd_initramfs *fs);

#endif
