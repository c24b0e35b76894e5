/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* HD_ASSERT: our own bugs.  Always on, NDEBUG or not; prints both values where there are two. */
#ifndef HD_ASSERT_H
#define HD_ASSERT_H

#include <assert.h> /* static_assert */
#include <stdint.h>

_Noreturn void hd_assert_failed(const char *text, const char *file, unsigned line,
                                const char *function);
_Noreturn void hd_assert_failed_values(const char *text, uint64_t left, uint64_t right,
                                       const char *file, unsigned line, const char *function);

#define HD_ASSERT(condition)                                                                       \
    (__builtin_expect(!!(condition), 1)                                                            \
         ? (void)0                                                                                 \
         : hd_assert_failed(#condition, __FILE__, __LINE__, __func__))

/* Compares two integers with an operator: HD_ASSERT_IS(count, <, limit). */
#define HD_ASSERT_IS(left, operator_, right)                                                       \
    (__builtin_expect(!!((left)operator_(right)), 1)                                               \
         ? (void)0                                                                                 \
         : hd_assert_failed_values(#left " " #operator_ " " #right, (uint64_t)(left),              \
                                   (uint64_t)(right), __FILE__, __LINE__, __func__))

/* A place that cannot be reached; text says why not. */
#define HD_UNREACHABLE(text) hd_assert_failed(text, __FILE__, __LINE__, __func__)

#define HD_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

#endif
