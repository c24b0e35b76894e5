/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which files are cases: *.sched, at any depth.  Symbolic links to directories are not followed,
 * so there is no way round in a circle. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "gate/gate.h"

#define DEPTH_MAX 32

static enum hd_error fail_path(struct hd_diag *diag, const char *path)
{
    return hd_fail(diag, HD_E_IO, "%.300s: %s", path, strerror(errno));
}

/* Takes the path over. */
static enum hd_error append(struct hd_files *files, char *path, struct hd_diag *diag)
{
    if (path && files->count == files->room) {
        size_t room = files->room ? 2 * files->room : 64;
        char **paths = hd_realloc_array(files->paths, room, sizeof *paths);

        if (paths) {
            files->paths = paths;
            files->room = room;
        }
    }
    if (!path || files->count == files->room) {
        hd_dealloc(path);
        return hd_fail(diag, HD_E_NOMEM, "out of memory for the names of files");
    }
    files->paths[files->count++] = path;
    return HD_OK;
}

static bool is_case_name(const char *name)
{
    size_t length = strlen(name);

    return length > 6 && !strcmp(name + length - 6, ".sched");
}

static int compare(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name); /* not strcoll(): the same order everywhere */
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static enum hd_error walk(struct hd_files *files, const char *directory, unsigned depth,
                          struct hd_diag *diag);

static enum hd_error visit(struct hd_files *files, const char *directory, const char *name,
                           unsigned depth, struct hd_diag *diag)
{
    size_t length = strlen(directory);
    enum hd_error error = HD_OK;
    struct hd_buf buf = { 0 };
    struct stat status;
    char *path;

    hd_buf_addf(&buf, "%s%s%s", directory, length && directory[length - 1] == '/' ? "" : "/", name);
    path = hd_buf_take(&buf);
    if (!path)
        return hd_fail(diag, HD_E_NOMEM, "out of memory for the names of files");
    if (lstat(path, &status))
        error = fail_path(diag, path);
    else if (S_ISDIR(status.st_mode))
        error = walk(files, path, depth + 1, diag);
    else if (is_case_name(name))
        return append(files, path, diag);
    hd_dealloc(path);
    return error;
}

static enum hd_error walk(struct hd_files *files, const char *directory, unsigned depth,
                          struct hd_diag *diag)
{
    struct dirent **entries;
    enum hd_error error = HD_OK;
    int count;

    if (depth == DEPTH_MAX)
        return hd_fail(diag, HD_E_RANGE, "%.300s: too deep", directory);
    count = scandir(directory, &entries, is_visible, compare);
    if (count < 0)
        return fail_path(diag, directory);
    for (int i = 0; i < count; i++) {
        if (!error)
            error = visit(files, directory, entries[i]->d_name, depth, diag);
        free(entries[i]);
    }
    free(entries);
    return error;
}

enum hd_error hd_files_add(struct hd_files *files, const char *path, struct hd_diag *diag)
{
    struct stat status;

    if (stat(path, &status))
        return fail_path(diag, path);
    if (S_ISDIR(status.st_mode))
        return walk(files, path, 0, diag);
    return append(files, hd_copy_text(path, strlen(path)), diag);
}

void hd_files_free(struct hd_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        hd_dealloc(files->paths[i]);
    hd_dealloc(files->paths);
    memset(files, 0, sizeof *files);
}
