/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * memcpy() and its like, and strings: the C library does not tell us what it touches, so we look
 * before it does.  gcc and clang 14 rely on it, for they don't instrument these calls.
 */
#include <stdlib.h>

#include "native/native.h"

/* The program's own call? */
static const void *asker(const void *pc)
{
    struct hd_actor *self = hd_runner();

    if (!self || !hd_in_text(pc))
        return NULL;
    hd_settle(self);
    return pc;
}

static void reads(const void *pc, const void *p, size_t bytes)
{
    if (pc)
        hd_program_range(p, HD_OP_LOAD, bytes, pc);
}

static void writes(const void *pc, const void *p, size_t bytes)
{
    if (pc)
        hd_program_range(p, HD_OP_STORE, bytes, pc);
}

/* Of a string, with its NUL; at most max. */
static size_t string_bytes(const char *text, size_t max)
{
    size_t bytes = 0;

    while (bytes < max && text[bytes])
        bytes++;
    return bytes < max ? bytes + 1 : max;
}

static void reads_string(const void *pc, const char *text, size_t max)
{
    if (pc)
        hd_program_range(text, HD_OP_LOAD, string_bytes(text, max), pc);
}

HD_EXPORT void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    const void *pc = asker(HD_CALLER());

    reads(pc, from, bytes);
    writes(pc, to, bytes);
    return HD_REAL(memcpy)(to, from, bytes);
}

HD_EXPORT void *memmove(void *to, const void *from, size_t bytes)
{
    const void *pc = asker(HD_CALLER());

    reads(pc, from, bytes);
    writes(pc, to, bytes);
    return HD_REAL(memmove)(to, from, bytes);
}

HD_EXPORT void *memset(void *to, int value, size_t bytes)
{
    writes(asker(HD_CALLER()), to, bytes);
    return HD_REAL(memset)(to, value, bytes);
}

HD_EXPORT int memcmp(const void *a, const void *b, size_t bytes)
{
    const void *pc = asker(HD_CALLER());

    reads(pc, a, bytes);
    reads(pc, b, bytes);
    return HD_REAL(memcmp)(a, b, bytes);
}

HD_EXPORT size_t strlen(const char *text)
{
    reads_string(asker(HD_CALLER()), text, SIZE_MAX);
    return HD_REAL(strlen)(text);
}

HD_EXPORT int strcmp(const char *a, const char *b)
{
    const void *pc = asker(HD_CALLER());

    reads_string(pc, a, SIZE_MAX);
    reads_string(pc, b, SIZE_MAX);
    return HD_REAL(strcmp)(a, b);
}

HD_EXPORT int strncmp(const char *a, const char *b, size_t bytes)
{
    const void *pc = asker(HD_CALLER());

    reads_string(pc, a, bytes);
    reads_string(pc, b, bytes);
    return HD_REAL(strncmp)(a, b, bytes);
}

/* By another name, for our own code must not call it by its own. */
HD_EXPORT char *copy_string(char *restrict to, const char *restrict from) __asm__("strcpy");
char *copy_string(char *restrict to, const char *restrict from)
{
    const void *pc = asker(HD_CALLER());

    reads_string(pc, from, SIZE_MAX);
    writes(pc, to, pc ? string_bytes(from, SIZE_MAX) : 0);
    return HD_REAL(strcpy)(to, from);
}

HD_EXPORT char *strdup(const char *text)
{
    const void *pc = asker(HD_CALLER());
    size_t bytes;
    char *copy;

    if (!pc)
        return HD_REAL(strdup)(text);
    bytes = string_bytes(text, SIZE_MAX);
    reads(pc, text, bytes);
    copy = hd_program_allocate(hd_runner(), bytes, pc);
    return HD_REAL(memcpy)(copy, text, bytes);
}
