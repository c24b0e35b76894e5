/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What actors do: one system call each, with everything else prepared before. */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

struct operands operands;
int source_fd = -1;

/* Of this actor: each is a process of its own. */
static int file_fd = -1;
static char *memory; /* a buffer, or a mapping */

static long result_of(long result)
{
    return result < 0 ? -errno : result;
}

int source_create(void)
{
    source_fd = memfd_create("source", MFD_CLOEXEC);
    if (source_fd < 0 || ftruncate(source_fd, SOURCE_BYTES) < 0)
        return -errno;
    return source_vanish();
}

/* Out of everybody's page tables; the next copy without page faults copies nothing.  What comes
 * back when it is faulted in is the same text as before. */
int source_vanish(void)
{
    char block[PAGE];

    if (fallocate(source_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, SOURCE_BYTES) < 0)
        return -errno;
    memset(block, 'A', sizeof block);
    for (off_t at = 0; at < SOURCE_BYTES; at += PAGE)
        if (pwrite(source_fd, block, PAGE, at) != PAGE)
            return -EIO;
    return 0;
}

static long open_file(void)
{
    file_fd = open(operands.file, O_RDWR | O_CLOEXEC);
    return result_of(file_fd);
}

static long map_file(int protection)
{
    long error = open_file();

    if (error < 0)
        return error;
    memory = mmap(NULL, PAGE, protection, MAP_SHARED, file_fd, operands.pos & -PAGE);
    if (memory == MAP_FAILED)
        return -errno;
    (void)*(volatile char *)memory;
    return 0;
}

static long prepare_pwrite(void)
{
    memory = malloc(operands.len + 1);
    if (!memory)
        return -ENOMEM;
    memset(memory, 'A', operands.len);
    return open_file();
}

static long run_pwrite(void)
{
    return result_of(pwrite(file_fd, memory, operands.len, operands.pos));
}

static long prepare_pwrite_mapped(void)
{
    if (operands.len > SOURCE_BYTES)
        return -EINVAL;
    memory = mmap(NULL, SOURCE_BYTES, PROT_READ, MAP_SHARED, source_fd, 0);
    return memory == MAP_FAILED ? -errno : open_file();
}

/* WB_SYNC_NONE writeback of the range, as the flusher does it; waits for nothing. */
static long run_writeback(void)
{
    return result_of(sync_file_range(file_fd, operands.pos, (off_t)operands.len,
                                     SYNC_FILE_RANGE_WRITE));
}

static long prepare_map_read(void)
{
    return map_file(PROT_READ);
}

/* Reclaim of this one page, by the functions that kswapd and direct reclaim use. */
static long run_pageout(void)
{
    return result_of(madvise(memory, PAGE, MADV_PAGEOUT));
}

static long run_fadvise(void)
{
    return -posix_fadvise(file_fd, operands.pos, (off_t)operands.len, POSIX_FADV_DONTNEED);
}

static long run_drop_caches(void)
{
    return write_text("/proc/sys/vm/drop_caches", "1\n");
}

static long run_fsync(void)
{
    return result_of(fsync(file_fd));
}

static long prepare_store(void)
{
    return map_file(PROT_READ | PROT_WRITE);
}

static long run_store(void)
{
    memset(memory, 'A', PAGE);
    return 0;
}

/* Is the file '0' everywhere but in the range, and 'A' there?  The first byte that isn't, or -1. */
static long run_verify(void)
{
    char block[PAGE];
    off_t at = 0;
    ssize_t got;

    while ((got = pread(file_fd, block, sizeof block, at)) > 0)
        for (ssize_t i = 0; i < got; i++, at++) {
            bool written = at >= operands.pos && at < operands.pos + (off_t)operands.len;

            if (block[i] != (written ? 'A' : '0'))
                return -EILSEQ;
        }
    return result_of(got);
}

/* A command of the shell's; what it prints goes to the console. */
static long run_sh(void)
{
    int status = system(operands.rest);

    if (status < 0)
        return -errno;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}

static const struct operation operations[] = {
    { "pwrite", prepare_pwrite, run_pwrite },
    { "pwrite-mapped", prepare_pwrite_mapped, run_pwrite },
    { "writeback", open_file, run_writeback },
    { "pageout", prepare_map_read, run_pageout },
    { "fadvise", open_file, run_fadvise },
    { "drop-caches", NULL, run_drop_caches },
    { "fsync", open_file, run_fsync },
    { "store", prepare_store, run_store },
    { "verify", open_file, run_verify },
    { "sh", NULL, run_sh },
};

const struct operation *operation_find(const char *name)
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        if (strcmp(operations[i].name, name) == 0)
            return &operations[i];
    return NULL;
}
