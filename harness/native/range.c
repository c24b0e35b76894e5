/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Accesses to ranges: structures copied, memcpy() and its like.  A range is cut into steps, so that
 * others can come between them as they can between the instructions of a copy.
 */
#include "native/native.h"

#define PIECE 128u /* bytes a step; its width is a byte */

void hd_program_range(const void *p, enum hd_op op, size_t bytes, const void *pc)
{
    const unsigned char *at = p;

    while (bytes) {
        size_t piece = PIECE - (uintptr_t)at % PIECE;

        piece = piece < bytes ? piece : bytes;
        hd_program_access((void *)(uintptr_t)at, op, piece, pc);
        at += piece;
        bytes -= piece;
    }
}

#define RANGE(name, op)                                                                            \
    HD_EXPORT void name(void *p, size_t bytes);                                                    \
    HD_EXPORT void name(void *p, size_t bytes)                                                     \
    {                                                                                              \
        hd_program_range(p, op, bytes, HD_CALLER());                                               \
    }

RANGE(__tsan_read_range, HD_OP_LOAD)
RANGE(__tsan_write_range, HD_OP_STORE)

/* All reads come first: what is written must have been read. */
#define COPY(name, real)                                                                           \
    HD_EXPORT void *name(void *to, const void *from, size_t bytes);                                \
    HD_EXPORT void *name(void *to, const void *from, size_t bytes)                                 \
    {                                                                                              \
        hd_program_range(from, HD_OP_LOAD, bytes, HD_CALLER());                                    \
        hd_program_range(to, HD_OP_STORE, bytes, HD_CALLER());                                     \
        return real(to, from, bytes);                                                              \
    }

COPY(__tsan_memcpy, memcpy)
COPY(__tsan_memmove, memmove)

HD_EXPORT void *__tsan_memset(void *to, int value, size_t bytes);
HD_EXPORT void *__tsan_memset(void *to, int value, size_t bytes)
{
    hd_program_range(to, HD_OP_STORE, bytes, HD_CALLER());
    return memset(to, value, bytes);
}
