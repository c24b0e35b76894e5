/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/guest.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "heddle/heddle.h"
#include "kernel/cache.h"
#include "kernel/fetch.h"
#include "kernel/initramfs.h"
#include "kernel/process.h"

/* The modules that guest/init asks for, and what they depend on; those that a kernel has built in,
 * or doesn't have, are passed over. */
static const char *const module_names[] = {
    "brd",   "crc32c_generic", "crc32c-intel", "libcrc32c", "configfs", "dlm",  "gfs2",
    "crc16", "mbcache",        "jbd2",         "ext4",
};
#define MODULE_NAMES (sizeof module_names / sizeof *module_names)

static const char *const directories[] = {
    "bin", "sbin", "lib", "lib/x86_64-linux-gnu", "lib64", "lib/modules",
};

/* Programs of Debian's packages, and the libraries that they need. */
static const struct {
    const char *name;    /* in the guest */
    const char *package; /* in the unpacked packages, with or without usr/ before it */
} programs[] = {
    { "bin/busybox", "bin/busybox" },
    { "bin/chattr", "bin/chattr" },
    { "sbin/mkfs.gfs2", "sbin/mkfs.gfs2" },
    { "sbin/fsck.gfs2", "sbin/fsck.gfs2" },
    { "sbin/mke2fs", "sbin/mke2fs" },
    { "sbin/e2fsck", "sbin/e2fsck" },
    { "lib64/ld-linux-x86-64.so.2", "lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" },
    { "lib/x86_64-linux-gnu/libc.so.6", "lib/x86_64-linux-gnu/libc.so.6" },
    { "lib/x86_64-linux-gnu/libblkid.so.1", "lib/x86_64-linux-gnu/libblkid.so.1" },
    { "lib/x86_64-linux-gnu/libuuid.so.1", "lib/x86_64-linux-gnu/libuuid.so.1" },
    { "lib/x86_64-linux-gnu/libext2fs.so.2", "lib/x86_64-linux-gnu/libext2fs.so.2" },
    { "lib/x86_64-linux-gnu/libe2p.so.2", "lib/x86_64-linux-gnu/libe2p.so.2" },
    { "lib/x86_64-linux-gnu/libcom_err.so.2", "lib/x86_64-linux-gnu/libcom_err.so.2" },
};

enum hd_error hd_guest_sources(char *ret_path, size_t bytes, struct hd_diag *diag)
{
    const char *own = getenv("HEDDLE_GUEST_DIR");
    char self[HD_PATH_BYTES], path[HD_PATH_BYTES + 64];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    const char *candidates[] = { own ? own : "", path, HEDDLE_GUEST_SOURCES };

    self[length > 0 ? length : 0] = '\0';
    if (strrchr(self, '/'))
        *strrchr(self, '/') = '\0';
    snprintf(path, sizeof path, "%s/../share/heddle/kernel", self);
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        char file[HD_PATH_BYTES + 128];

        snprintf(file, sizeof file, "%s/heddle_hold.c", candidates[i]);
        if (candidates[i][0] && access(file, R_OK) == 0) {
            snprintf(ret_path, bytes, "%s", candidates[i]);
            return HD_OK;
        }
    }
    return hd_fail(diag, HD_E_UNSUPPORTED, "the guest's sources are not in %s: is Heddle installed "
                   "completely?", path);
}

/* A copy of the sources is built: they may lie where nobody may write. */
static enum hd_error build(const struct hd_guest *guest, struct hd_diag *diag)
{
    char sources[HD_PATH_BYTES], from[HD_PATH_BYTES + 8], place[HD_PATH_BYTES];
    char module[HD_PATH_BYTES + 8], log[HD_PATH_BYTES];
    const char *const copy[] = { "cp", "-R", "--", from, place, NULL };
    const char *const kbuild[] = { "make", "-s", "-C", guest->build, module, "CC=gcc",
                                   "CONFIG_DEBUG_INFO_BTF_MODULES=", "modules", NULL };
    const char *const agent[] = { "gcc", "-std=gnu17", "-D_GNU_SOURCE", "-O2", "-static", "-o",
                                  "agent", "agent.c", "look.c", "operations.c", NULL };
    enum hd_error error = hd_guest_sources(sources, sizeof sources, diag);

    snprintf(from, sizeof from, "%s/.", sources);
    snprintf(place, sizeof place, "%s/guest", guest->work);
    snprintf(module, sizeof module, "M=%s", place);
    snprintf(log, sizeof log, "%s/log", guest->work);
    if (!error)
        error = hd_make_directories(place, diag);
    if (!error)
        error = hd_process_run(copy, NULL, log, diag);
    if (!error)
        error = hd_process_run(kbuild, NULL, log, diag);
    return error ? error : hd_process_run(agent, place, log, diag);
}

static void add_program(struct hd_initramfs *fs, const struct hd_guest *guest, const char *name,
                        const char *package)
{
    char path[HD_PATH_BYTES];

    snprintf(path, sizeof path, "%s/%s", guest->tools, package);
    if (access(path, R_OK))
        snprintf(path, sizeof path, "%s/usr/%s", guest->tools, package);
    hd_initramfs_file(fs, name, 0755, path);
}

/* nftw() has no argument for its caller's data. */
static _Thread_local struct {
    struct hd_initramfs *fs;
    const struct hd_guest *guest;
} adding;

/* Adds the file if it is one of our modules, compressed or not. */
static int add_module(const char *path, const struct stat *status, int type, struct FTW *where)
{
    const char *file = path + where->base;
    const char *dot = strstr(file, ".ko");
    char name[192];

    (void)status;
    for (size_t i = 0; type == FTW_F && dot && i < MODULE_NAMES; i++) {
        size_t length = strlen(module_names[i]);

        if ((size_t)(dot - file) == length && strncmp(file, module_names[i], length) == 0) {
            snprintf(name, sizeof name, "lib/modules/%s/%s", adding.guest->release, file);
            hd_initramfs_file(adding.fs, name, 0644, path);
        }
    }
    return 0;
}

static enum hd_error pack(const struct hd_guest *guest, struct hd_diag *diag)
{
    char path[HD_PATH_BYTES], name[HD_PATH_BYTES];
    struct hd_initramfs fs;

    snprintf(path, sizeof path, "%s/initramfs", guest->directory);
    hd_initramfs_begin(&fs, path, diag);
    for (size_t i = 0; i < sizeof directories / sizeof *directories; i++)
        hd_initramfs_directory(&fs, directories[i]);
    snprintf(name, sizeof name, "lib/modules/%s", guest->release);
    hd_initramfs_directory(&fs, name);
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        add_program(&fs, guest, programs[i].name, programs[i].package);
    snprintf(name, sizeof name, "%s/guest/init", guest->work);
    hd_initramfs_file(&fs, "init", 0755, name);
    snprintf(name, sizeof name, "%s/guest/agent", guest->work);
    hd_initramfs_file(&fs, "bin/agent", 0755, name);
    snprintf(name, sizeof name, "%s/guest/heddle_hold.ko", guest->work);
    hd_initramfs_file(&fs, "heddle_hold.ko", 0644, name);
    adding.fs = &fs;
    adding.guest = guest;
    if (nftw(guest->modules, add_module, 16, FTW_PHYS) && !fs.error)
        fs.error = hd_fail(diag, HD_E_IO, "%s: %s", guest->modules, strerror(errno));
    return hd_initramfs_end(&fs);
}

enum hd_error hd_guest_build(const struct hd_guest *guest, struct hd_diag *diag)
{
    enum hd_error error = build(guest, diag);

    return error ? error : pack(guest, diag);
}
