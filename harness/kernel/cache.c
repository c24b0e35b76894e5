/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/cache.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PART ".part"

enum hd_error hd_make_directories(const char *path, struct hd_diag *diag)
{
    char part[HD_PATH_BYTES];

    if ((size_t)snprintf(part, sizeof part, "%s", path) >= sizeof part)
        return hd_fail(diag, HD_E_RANGE, "%.60s...: the path is too long", path);
    for (char *at = part + 1; *at; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        if (mkdir(part, 0777) && errno != EEXIST)
            return hd_fail(diag, HD_E_IO, "%s: %s", part, strerror(errno));
        *at = '/';
    }
    if (mkdir(part, 0777) && errno != EEXIST)
        return hd_fail(diag, HD_E_IO, "%s: %s", part, strerror(errno));
    return HD_OK;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status;
    (void)type;
    (void)where;
    return remove(path);
}

enum hd_error hd_remove_tree(const char *path, struct hd_diag *diag)
{
    struct stat status;

    if (lstat(path, &status) && errno == ENOENT)
        return HD_OK;
    if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS))
        return hd_fail(diag, HD_E_IO, "%s: cannot remove: %s", path, strerror(errno));
    return HD_OK;
}

/* What make, a shell and apt's configuration all take for themselves. */
static bool path_suits_make(const char *path)
{
    static const char others[] = "/._+~-@,=";

    for (; *path; path++)
        if (!((*path >= 'a' && *path <= 'z') || (*path >= 'A' && *path <= 'Z')
              || (*path >= '0' && *path <= '9') || strchr(others, *path)))
            return false;
    return true;
}

static enum hd_error default_path(char *path, size_t bytes, struct hd_diag *diag)
{
    const char *own = getenv("HEDDLE_KERNEL_CACHE");
    const char *xdg = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");

    if (own && *own)
        snprintf(path, bytes, "%s", own);
    else if (xdg && *xdg == '/')
        snprintf(path, bytes, "%s/heddle/kernel", xdg);
    else if (home && *home == '/')
        snprintf(path, bytes, "%s/.cache/heddle/kernel", home);
    else
        return hd_fail(diag, HD_E_UNSUPPORTED, "there is no $HOME: name a directory with --cache");
    return HD_OK;
}

enum hd_error hd_cache_open(const char *path, struct hd_cache *ret_cache, struct hd_diag *diag)
{
    char given[HD_PATH_BYTES], *absolute;
    struct hd_cache cache;
    enum hd_error error = HD_OK;

    if (path)
        snprintf(given, sizeof given, "%s", path);
    else
        error = default_path(given, sizeof given, diag);
    if (!error)
        error = hd_make_directories(given, diag);
    if (error)
        return error;
    absolute = realpath(given, NULL);
    if (!absolute)
        return hd_fail(diag, HD_E_IO, "%s: %s", given, strerror(errno));
    if (strlen(absolute) >= sizeof cache.path - 128)
        error = hd_fail(diag, HD_E_RANGE, "%.60s...: the path is too long", absolute);
    else if (!path_suits_make(absolute))
        error = hd_fail(diag, HD_E_UNSUPPORTED,
                        "%s: kernel modules can't be built below a path with blanks, quotes or "
                        "other such characters: choose another cache", absolute);
    else
        snprintf(ret_cache->path, sizeof ret_cache->path, "%s", absolute);
    free(absolute);
    return error;
}

bool hd_cache_name_valid(const char *name)
{
    size_t length = strlen(name);

    return length >= 1 && length <= 64 && name[0] != '.' && path_suits_make(name)
           && !strpbrk(name, "/@,=");
}

void hd_cache_kernel(const struct hd_cache *cache, const char *name, bool part, char *ret_path,
                     size_t bytes)
{
    snprintf(ret_path, bytes, "%s/kernels/%s%s", cache->path, name, part ? PART : "");
}

bool hd_cache_has(const struct hd_cache *cache, const char *name)
{
    char path[HD_PATH_BYTES];

    hd_cache_kernel(cache, name, false, path, sizeof path);
    return access(path, R_OK | X_OK) == 0;
}

static int is_complete(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    const size_t part = sizeof PART - 1;

    return hd_cache_name_valid(entry->d_name)
           && (length < part || strcmp(entry->d_name + length - part, PART) != 0);
}

enum hd_error hd_cache_each(const struct hd_cache *cache,
                            enum hd_error (*each)(void *context, const char *name), void *context,
                            struct hd_diag *diag)
{
    char path[HD_PATH_BYTES];
    struct dirent **entries;
    enum hd_error error = HD_OK;
    int count;

    snprintf(path, sizeof path, "%s/kernels", cache->path);
    count = scandir(path, &entries, is_complete, versionsort);
    if (count < 0)
        return errno == ENOENT ? HD_OK
                               : hd_fail(diag, HD_E_IO, "%s: %s", path, strerror(errno));
    for (int i = 0; i < count; i++) {
        if (!error)
            error = each(context, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return error;
}

enum hd_error hd_cache_begin(const struct hd_cache *cache, const char *name, struct hd_diag *diag)
{
    char path[HD_PATH_BYTES];
    enum hd_error error;

    hd_cache_kernel(cache, name, true, path, sizeof path);
    error = hd_remove_tree(path, diag);
    return error ? error : hd_make_directories(path, diag);
}

enum hd_error hd_cache_commit(const struct hd_cache *cache, const char *name, struct hd_diag *diag)
{
    char part[HD_PATH_BYTES], path[HD_PATH_BYTES];
    enum hd_error error;

    hd_cache_kernel(cache, name, true, part, sizeof part);
    hd_cache_kernel(cache, name, false, path, sizeof path);
    error = hd_remove_tree(path, diag);
    if (!error && rename(part, path))
        error = hd_fail(diag, HD_E_IO, "%s: cannot rename into place: %s", path, strerror(errno));
    return error;
}

void hd_cache_abort(const struct hd_cache *cache, const char *name)
{
    char path[HD_PATH_BYTES];

    hd_cache_kernel(cache, name, true, path, sizeof path);
    (void)hd_remove_tree(path, NULL); /* what stays is removed by the next hd_cache_begin() */
}
