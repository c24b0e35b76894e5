/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be seen of an unmodified kernel from user space: page flags, blocks, stacks. */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/kernel-page-flags.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
/* linux/include/linux/kernel-page-flags.h: not for user space, but stable since 2.6.31. */
#define KPF_PRIVATE 35

static struct {
    uint64_t frame; /* 0: nothing is watched */
    char device[64];
    uint64_t block; /* byte offset on the device */
} watched;

long read_text(const char *path, char *text, size_t bytes)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    ssize_t got = 0;

    if (fd < 0)
        return -errno;
    while (length < bytes - 1 && (got = read(fd, text + length, bytes - 1 - length)) > 0)
        length += (size_t)got;
    text[length] = '\0';
    if (got < 0)
        got = -errno;
    close(fd);
    return got < 0 ? got : (long)length;
}

int write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    int error = 0;

    if (fd < 0)
        return -errno;
    if (write(fd, text, strlen(text)) < 0)
        error = -errno;
    close(fd);
    return error;
}

static int read_word(const char *path, uint64_t index, uint64_t *ret_word)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got;

    if (fd < 0)
        return -errno;
    got = pread(fd, ret_word, sizeof *ret_word, (off_t)(index * sizeof *ret_word));
    close(fd);
    return got == sizeof *ret_word ? 0 : got < 0 ? -errno : -ENODATA;
}

/* The page frame behind pos; the page is mapped for this moment only. */
static int find_frame(int fd, off_t pos, uint64_t *ret_frame)
{
    volatile char *page = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, pos & -PAGE);
    uint64_t entry = 0;
    int error;

    if (page == MAP_FAILED)
        return -errno;
    (void)page[0];
    error = read_word("/proc/self/pagemap", (uintptr_t)page / PAGE, &entry);
    munmap((void *)page, PAGE);
    if (!error && !(entry >> 63))
        error = -ENODATA;
    *ret_frame = entry & ((UINT64_C(1) << 55) - 1);
    return error;
}

static int find_block(int fd, off_t pos, uint64_t *ret_block)
{
    struct {
        struct fiemap map;
        struct fiemap_extent extent;
    } ask = { .map = { .fm_start = (uint64_t)pos, .fm_length = 1, .fm_extent_count = 1 } };

    if (ioctl(fd, FS_IOC_FIEMAP, &ask.map) < 0)
        return -errno;
    if (ask.map.fm_mapped_extents == 0)
        return -ENODATA;
    *ret_block = ask.extent.fe_physical + ((uint64_t)pos - ask.extent.fe_logical);
    return 0;
}

int watch(const char *file, off_t pos, const char *device)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    int error;

    if (fd < 0)
        return -errno;
    snprintf(watched.device, sizeof watched.device, "%s", device);
    error = find_frame(fd, pos, &watched.frame);
    if (!error && find_block(fd, pos & -PAGE, &watched.block))
        watched.device[0] = '\0'; /* not allocated yet: its block can't be watched */
    close(fd);
    return error;
}

int page_state(char *text, size_t bytes)
{
    uint64_t flags = 0;
    int error = watched.frame ? read_word("/proc/kpageflags", watched.frame, &flags) : -ENOENT;

    if (!error)
        snprintf(text, bytes, "locked=%d dirty=%d writeback=%d buffers=%d",
                 (int)(flags >> KPF_LOCKED & 1), (int)(flags >> KPF_DIRTY & 1),
                 (int)(flags >> KPF_WRITEBACK & 1), (int)(flags >> KPF_PRIVATE & 1));
    return error;
}

int disk_state(char *text, size_t bytes)
{
    char *block = aligned_alloc(PAGE, PAGE);
    size_t old = 0, new = 0;
    int fd, error = 0;

    if (!block || !watched.device[0]) {
        free(block);
        return block ? -ENOENT : -ENOMEM;
    }
    fd = open(watched.device, O_RDONLY | O_DIRECT | O_CLOEXEC);
    if (fd < 0 || pread(fd, block, PAGE, (off_t)watched.block) != PAGE)
        error = errno ? -errno : -EIO;
    for (size_t i = 0; i < PAGE; i++) {
        old += block[i] == '0';
        new += block[i] == 'A';
    }
    snprintf(text, bytes, "%s", old == PAGE ? "old" : new == PAGE ? "new" : "mixed");
    if (fd >= 0)
        close(fd);
    free(block);
    return error;
}

int kernel_stack(pid_t pid, char *text, size_t bytes)
{
    char path[40], stack[4096], function[128];
    size_t length = 0;
    long got;

    snprintf(path, sizeof path, "/proc/%d/stack", (int)pid);
    got = read_text(path, stack, sizeof stack);
    text[0] = '\0';
    for (char *line = stack; got > 0 && (line = strstr(line, "[<0>] ")); line++)
        if (sscanf(line, "[<0>] %127[^+\n]", function) == 1 && length < bytes)
            length += (size_t)snprintf(text + length, bytes - length, "%s%s",
                                       length ? " < " : "", function);
    return got < 0 ? (int)got : 0;
}

int task_state(pid_t pid, char *ret_letter, unsigned long *ret_switches)
{
    char path[40], status[4096];
    unsigned long voluntary = 0, forced = 0;
    const char *at;
    long got;

    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    got = read_text(path, status, sizeof status);
    if (got < 0)
        return (int)got;
    at = strstr(status, "\nState:");
    if (!at || sscanf(at, "\nState: %c", ret_letter) != 1)
        return -EPROTO;
    at = strstr(status, "\nvoluntary_ctxt_switches:");
    if (!at || sscanf(at, "\nvoluntary_ctxt_switches: %lu nonvoluntary_ctxt_switches: %lu",
                      &voluntary, &forced) != 2)
        return -EPROTO;
    *ret_switches = voluntary + forced;
    return 0;
}
