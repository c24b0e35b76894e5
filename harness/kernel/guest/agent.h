/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The program that runs in the guest: what its files share. */
#ifndef AGENT_H
#define AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What an actor does.  Both run in the actor's own process; both give 0 or more, or -errno. */
struct operation {
    const char *name;
    /* Everything that must not happen in the window: opening, mapping, touching.  May be NULL. */
    long (*prepare)(void);
    long (*run)(void);
};

/* The operands of an actor's operation; set before its process is forked. */
struct operands {
    char *file;
    off_t pos;
    size_t len;
    char *rest; /* everything after the operation's name, for `sh` */
};

extern struct operands operands;
/* What `pwrite-mapped` writes from, and `vanish` takes away. */
extern int source_fd;
#define SOURCE_BYTES 65536

/* NULL for a name that is none. */
const struct operation *operation_find(const char *name);
/* 0 or -errno. */
int source_create(void);
int source_vanish(void);

/* ---- look.c: what can be seen of the kernel from user space ---------------------------------- */

/* Remembers the page of the page cache at pos of file, and its block on device. 0 or -errno. */
int watch(const char *file, off_t pos, const char *device);
/* "locked=0 dirty=1 writeback=0 buffers=1", from the watched page's flags.  0 or -errno. */
int page_state(char *text, size_t bytes);
/* "old" (all '0'), "new" (all 'A'), or "mixed": the watched block as it is on the device. */
int disk_state(char *text, size_t bytes);
/* The functions that pid sleeps in, innermost first, with " < " between.  0 or -errno. */
int kernel_stack(pid_t pid, char *text, size_t bytes);
/* pid's state letter, and how often it has been switched out.  0 or -errno. */
int task_state(pid_t pid, char *ret_letter, unsigned long *ret_switches);
/* Reads a whole small file; the text ends with NUL.  The length or -errno. */
long read_text(const char *path, char *text, size_t bytes);
/* Writes a text to a file that is there.  0 or -errno. */
int write_text(const char *path, const char *text);

#endif
