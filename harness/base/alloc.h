/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every allocation of ours: checked arithmetic, and one place where tests make them fail. */
#ifndef HD_ALLOC_H
#define HD_ALLOC_H

#include <stddef.h>
#include <stdint.h>

/* Zeroed; NULL when out of memory or when count * bytes overflows. */
void *hd_alloc_array(size_t count, size_t bytes);
/* The same at a multiple of alignment, a power of two. */
void *hd_alloc_aligned(size_t alignment, size_t bytes);
/* As realloc(); on failure block stays. */
void *hd_realloc_array(void *block, size_t count, size_t bytes);
/* A copy with a NUL behind it. */
char *hd_copy_text(const char *text, size_t length);
/* free(); here so that callers need one header. */
void hd_dealloc(void *block);

/*
 * For tests: of the allocations that follow, the n-th (from 1) fails; with `ever_after`, all later
 * ones too.  0 switches it off.  Returns how many were asked for since the last call.
 */
uint64_t hd_alloc_fail_at(uint64_t n, int ever_after);

#endif
