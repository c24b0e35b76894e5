/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/initramfs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "heddle/heddle.h"

#define FILE_BYTES_MAX (64u << 20)

static void fail(struct hd_initramfs *fs)
{
    if (!fs->error)
        fs->error = hd_fail(fs->diag, HD_E_IO, "%s: %s", fs->path, strerror(errno));
}

/* Headers and contents are padded to a multiple of four. */
static void pad(struct hd_initramfs *fs, size_t length)
{
    static const char zeroes[4];

    if (fwrite(zeroes, 1, -length & 3, fs->out) != (-length & 3))
        fail(fs);
}

static void entry(struct hd_initramfs *fs, const char *name, unsigned mode, const char *bytes,
                  size_t length)
{
    size_t name_bytes = strlen(name) + 1;
    int header;

    if (fs->error)
        return;
    header = fprintf(fs->out, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
                     fs->inode++, mode, 0u, 0u, 1u, 0u, (unsigned)length, 0u, 0u, 0u, 0u,
                     (unsigned)name_bytes, 0u);
    if (header < 0 || fwrite(name, 1, name_bytes, fs->out) != name_bytes)
        fail(fs);
    pad(fs, (size_t)header + name_bytes);
    if (fwrite(bytes, 1, length, fs->out) != length)
        fail(fs);
    pad(fs, length);
}

void hd_initramfs_begin(struct hd_initramfs *fs, const char *path, struct hd_diag *diag)
{
    *fs = (struct hd_initramfs){ .path = path, .inode = 1, .diag = diag };
    fs->out = fopen(path, "we");
    if (!fs->out)
        fail(fs);
}

void hd_initramfs_directory(struct hd_initramfs *fs, const char *name)
{
    entry(fs, name, 0040755, "", 0);
}

void hd_initramfs_file(struct hd_initramfs *fs, const char *name, unsigned mode, const char *from)
{
    char *bytes = NULL;
    size_t length;

    if (!fs->error)
        fs->error = hd_file_read(from, FILE_BYTES_MAX, &bytes, &length, fs->diag);
    if (!fs->error)
        entry(fs, name, 0100000 | mode, bytes, length);
    hd_dealloc(bytes);
}

enum hd_error hd_initramfs_end(struct hd_initramfs *fs)
{
    entry(fs, "TRAILER!!!", 0, "", 0);
    if (fs->out && fclose(fs->out) != 0)
        fail(fs);
    fs->out = NULL;
    return fs->error;
}
