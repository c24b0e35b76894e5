/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/fetch.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "heddle/heddle.h"
#include "kernel/guest.h"
#include "kernel/machine.h"
#include "kernel/process.h"

/* What is being made. */
struct making {
    const struct hd_cache *cache;
    char part[HD_PATH_BYTES];   /* kernels/NAME.part */
    char work[HD_PATH_BYTES];   /* below it: all that isn't kept */
    char image[HD_PATH_BYTES];
    char modules[HD_PATH_BYTES]; /* lib/modules/RELEASE */
    char build[HD_PATH_BYTES];   /* where modules are built against */
    char release[HD_RELEASE_BYTES];
    FILE *notes;
    struct hd_diag *diag;
};

/* Debian's headers name each other by where they would be installed. */
static enum hd_error relocate_headers(const struct making *making)
{
    char path[HD_PATH_BYTES + 16], text[2 * HD_PATH_BYTES], *old = NULL;
    const char *name;
    enum hd_error error;
    size_t length;

    snprintf(path, sizeof path, "%s/Makefile", making->build);
    error = hd_file_read(path, 65536, &old, &length, making->diag);
    if (error)
        return error;
    name = strstr(old, "/usr/src/");
    if (!name)
        error = hd_fail(making->diag, HD_E_IO, "%s: not as Debian's headers have it", path);
    else
        snprintf(text, sizeof text, "include %s%.*s\n", making->work, (int)strcspn(name, "\n"),
                 name);
    if (!error)
        error = hd_file_write(path, text, strlen(text), making->diag);
    hd_dealloc(old);
    return error;
}

static enum hd_error take_debian(struct making *making, const char *version)
{
    enum hd_error error = hd_packages_find_kernel(making->cache, version, making->release,
                                                  making->diag);

    if (error)
        return error;
    fprintf(making->notes, "%s: downloading Debian's %s\n", version, making->release);
    error = hd_packages_kernel(making->cache, making->release, making->work, making->diag);
    snprintf(making->image, sizeof making->image, "%.800s/boot/vmlinuz-%s", making->work,
             making->release);
    snprintf(making->modules, sizeof making->modules, "%.800s/lib/modules/%s", making->work,
             making->release);
    snprintf(making->build, sizeof making->build, "%.800s/usr/src/linux-headers-%s", making->work,
             making->release);
    return error ? error : relocate_headers(making);
}

static enum hd_error take_own(struct making *making, const struct hd_own_kernel *own)
{
    char *modules = realpath(own->modules, NULL);
    const char *release = modules ? strrchr(modules, '/') + 1 : "";
    enum hd_error error = HD_OK;

    if (!modules)
        error = hd_fail(making->diag, HD_E_IO, "%s: %s", own->modules, strerror(errno));
    else if (!hd_cache_name_valid(release))
        error = hd_fail(making->diag, HD_E_MALFORMED, "%s: lib/modules/RELEASE is needed", modules);
    snprintf(making->image, sizeof making->image, "%s", own->image);
    snprintf(making->modules, sizeof making->modules, "%.1000s", modules ? modules : "");
    snprintf(making->build, sizeof making->build, "%.1000s/build", modules ? modules : "");
    snprintf(making->release, sizeof making->release, "%.90s", release);
    if (!error && access(making->build, X_OK))
        error = hd_fail(making->diag, HD_E_IO, "%s: %s; the tree that the kernel was built in is "
                        "needed, to build a module", making->build, strerror(errno));
    free(modules);
    return error;
}

/* Keeps the kernel and what was made; everything else goes. */
static enum hd_error keep(const struct making *making)
{
    char path[HD_PATH_BYTES + 16];
    const char *const copy[] = { "cp", "--", making->image, path, NULL };
    char log[HD_PATH_BYTES + 16];
    enum hd_error error;

    snprintf(log, sizeof log, "%s/log", making->work);
    snprintf(path, sizeof path, "%s/vmlinuz", making->part);
    error = hd_process_run(copy, NULL, log, making->diag);
    snprintf(path, sizeof path, "%s/release", making->part);
    if (!error)
        error = hd_file_write(path, making->release, strlen(making->release), making->diag);
    return error ? error : hd_remove_tree(making->work, making->diag);
}

/* The first boot, which leaves a snapshot. */
static enum hd_error try_it(const struct making *making)
{
    struct hd_machine machine;
    enum hd_error error = hd_machine_start(making->part, NULL, &machine, making->diag);

    if (!error)
        hd_machine_stop(&machine);
    return error;
}

static enum hd_error make(struct making *making, const char *name,
                          const struct hd_own_kernel *own)
{
    char tools[HD_PATH_BYTES + 16];
    enum hd_error error;

    snprintf(making->work, sizeof making->work, "%.900s/work", making->part);
    snprintf(tools, sizeof tools, "%s/tools", making->work);
    error = hd_make_directories(tools, making->diag);
    if (!error)
        error = hd_packages_update(making->cache, making->diag);
    if (!error)
        error = own ? take_own(making, own) : take_debian(making, name);
    if (!error)
        error = hd_packages_tools(making->cache, tools, making->diag);
    if (!error) {
        fprintf(making->notes, "%s: building the guest\n", name);
        error = hd_guest_build(&(struct hd_guest){ .release = making->release,
                                                   .modules = making->modules,
                                                   .build = making->build,
                                                   .tools = tools,
                                                   .work = making->work,
                                                   .directory = making->part },
                               making->diag);
    }
    if (!error)
        error = keep(making);
    if (!error) {
        fprintf(making->notes, "%s: booting it once\n", name);
        error = try_it(making);
    }
    return error;
}

enum hd_error hd_kernel_fetch(const struct hd_cache *cache, const char *name,
                              const struct hd_own_kernel *own, FILE *notes, struct hd_diag *diag)
{
    struct making making = { .cache = cache, .notes = notes, .diag = diag };
    enum hd_error error = HD_OK;

    if (!hd_process_there("qemu-system-x86_64"))
        error = hd_fail(diag, HD_E_UNSUPPORTED, "qemu-system-x86_64 is not installed (Debian's "
                        "package qemu-system-x86)");
    if (!error)
        error = hd_cache_begin(cache, name, diag);
    if (error)
        return error;
    hd_cache_kernel(cache, name, true, making.part, sizeof making.part);
    error = make(&making, name, own);
    if (!error)
        error = hd_cache_commit(cache, name, diag);
    if (error)
        hd_cache_abort(cache, name);
    return error;
}

enum hd_error hd_kernel_release(const struct hd_cache *cache, const char *name,
                                char ret_release[HD_RELEASE_BYTES], struct hd_diag *diag)
{
    char path[HD_PATH_BYTES], file[HD_PATH_BYTES + 16], *text = NULL;
    enum hd_error error;
    size_t length;

    if (!hd_cache_has(cache, name))
        return hd_fail(diag, HD_E_UNSUPPORTED, "kernel %s is not in the cache: run `heddle kernel "
                       "fetch %s`", name, name);
    hd_cache_kernel(cache, name, false, path, sizeof path);
    snprintf(file, sizeof file, "%s/release", path);
    error = hd_file_read(file, HD_RELEASE_BYTES - 1, &text, &length, diag);
    if (!error)
        snprintf(ret_release, HD_RELEASE_BYTES, "%s", text);
    hd_dealloc(text);
    return error;
}
