/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files, whole or not at all. */
#include "heddle/heddle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"

static enum hd_error fail_errno(struct hd_diag *diag, const char *path, const char *what)
{
    return hd_fail(diag, HD_E_IO, "%s: %s: %s", path, what, strerror(errno));
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

/* The directory is synced as well, or the rename could be lost; some file systems refuse that. */
static void sync_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *directory = slash ? hd_copy_text(path, (size_t)(slash - path) + 1) : hd_copy_text(".", 1);
    int fd = directory ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    hd_dealloc(directory);
}

enum hd_error hd_file_write(const char *path, const char *bytes, size_t length,
                            struct hd_diag *diag)
{
    enum hd_error error = HD_OK;
    struct hd_buf name = { 0 };
    char *temporary;
    mode_t mask;
    int fd;

    hd_buf_addf(&name, "%s.XXXXXX", path);
    temporary = hd_buf_take(&name);
    if (!temporary)
        return hd_fail(diag, HD_E_NOMEM, "%s: out of memory", path);
    fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0) {
        error = fail_errno(diag, path, "cannot create a file beside it");
        goto out;
    }
    mask = umask(0);
    umask(mask);
    if (!write_all(fd, bytes, length) || fchmod(fd, 0666 & ~mask) || fsync(fd))
        error = fail_errno(diag, path, "cannot write");
    if (close(fd) && !error)
        error = fail_errno(diag, path, "cannot write");
    if (!error && rename(temporary, path))
        error = fail_errno(diag, path, "cannot rename into place");
    if (error)
        unlink(temporary);
    else
        sync_directory(path);
out:
    hd_dealloc(temporary);
    return error;
}

enum hd_error hd_file_read(const char *path, size_t max, char **ret_bytes, size_t *ret_length,
                           struct hd_diag *diag)
{
    enum hd_error error = HD_OK;
    char *bytes = NULL;
    size_t length = 0, room = max;
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0)
        return fail_errno(diag, path, "cannot open");
    if (fstat(fd, &status)) {
        error = fail_errno(diag, path, "cannot read");
        goto out;
    }
    if (!S_ISREG(status.st_mode)) {
        error = hd_fail(diag, HD_E_IO, "%s: not a regular file", path);
        goto out;
    }
    /* No more than is there, or a page where that isn't known: max may be far more. */
    if (max > 4096 && (uintmax_t)status.st_size < max)
        room = status.st_size > 4096 ? (size_t)status.st_size : 4096;
    bytes = hd_alloc_array(room + 2, 1); /* one byte more than allowed shows a file that grew */
    if (!bytes) {
        error = hd_fail(diag, HD_E_NOMEM, "%s: out of memory", path);
        goto out;
    }
    while (length <= room) {
        ssize_t got = read(fd, bytes + length, room + 1 - length);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            error = fail_errno(diag, path, "cannot read");
            goto out;
        }
        if (got == 0)
            break;
        length += (size_t)got;
    }
    if (length > room) {
        error = hd_fail(diag, HD_E_MALFORMED, "%s: larger than %zu bytes", path, room);
        goto out;
    }
    bytes[length] = '\0';
    *ret_bytes = bytes;
    *ret_length = length;
    bytes = NULL;
out:
    hd_dealloc(bytes);
    close(fd);
    return error;
}
