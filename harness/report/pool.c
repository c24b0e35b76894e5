/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/pool.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include "base/alloc.h"

struct hd_pool_piece {
    struct hd_pool_piece *next;
    _Alignas(max_align_t) unsigned char bytes[];
};

static void *pool_bytes(struct hd_pool *pool, size_t bytes)
{
    struct hd_pool_piece *piece = NULL;

    if (bytes <= SIZE_MAX - sizeof *piece)
        piece = hd_alloc_array(1, sizeof *piece + bytes);
    if (!piece) {
        pool->failed = true;
        return NULL;
    }
    piece->next = pool->pieces;
    pool->pieces = piece;
    return piece->bytes;
}

void *hd_pool_array(struct hd_pool *pool, size_t count, size_t bytes)
{
    if (count > (SIZE_MAX - bytes) / bytes) {
        pool->failed = true;
        return NULL;
    }
    return pool_bytes(pool, (count ? count : 1) * bytes);
}

const char *hd_pool_format(struct hd_pool *pool, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    int length;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length >= 0)
        text = pool_bytes(pool, (size_t)length + 1);
    if (!text) {
        pool->failed = true;
        return "";
    }
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

void hd_pool_free(struct hd_pool *pool)
{
    while (pool->pieces) {
        struct hd_pool_piece *next = pool->pieces->next;

        hd_dealloc(pool->pieces);
        pool->pieces = next;
    }
    *pool = (struct hd_pool){ 0 };
}
