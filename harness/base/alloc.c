/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/alloc.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Test state, and the only mutable global of the library: atomic, since engines allocate in
 * parallel.  Zero outside the tests of failing allocations. */
static _Atomic uint64_t asked, fail_at;
static _Atomic int fail_ever_after;

static int must_fail(void)
{
    uint64_t now = atomic_fetch_add_explicit(&asked, 1, memory_order_relaxed) + 1;
    uint64_t n = atomic_load_explicit(&fail_at, memory_order_relaxed);

    return n &&
           (now == n || (now > n && atomic_load_explicit(&fail_ever_after, memory_order_relaxed)));
}

uint64_t hd_alloc_fail_at(uint64_t n, int ever_after)
{
    atomic_store(&fail_at, n);
    atomic_store(&fail_ever_after, ever_after);
    return atomic_exchange(&asked, 0);
}

void *hd_alloc_array(size_t count, size_t bytes)
{
    size_t product; /* calloc() would notice too, but a sanitizer's aborts */

    return must_fail() || __builtin_mul_overflow(count, bytes, &product) ? NULL
                                                                         : calloc(count, bytes);
}

void *hd_alloc_aligned(size_t alignment, size_t bytes)
{
    size_t whole = (bytes + alignment - 1) / alignment * alignment;
    void *block = must_fail() ? NULL : aligned_alloc(alignment, whole);

    if (block)
        memset(block, 0, whole);
    return block;
}

void *hd_realloc_array(void *block, size_t count, size_t bytes)
{
    size_t product;

    return must_fail() || __builtin_mul_overflow(count, bytes, &product) ? NULL
                                                                         : realloc(block, product);
}

char *hd_copy_text(const char *text, size_t length)
{
    char *copy = hd_alloc_array(length + 1, 1);

    if (copy)
        memcpy(copy, text, length);
    return copy;
}

void hd_dealloc(void *block)
{
    free(block);
}
