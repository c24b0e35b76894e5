/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Allocations are zeroed and checked, and the n-th can be made to fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"

/* Sanitizers' allocators end the program at a product that overflows, where libc's return NULL. */
#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED
#endif

static void blocks_are_zeroed_and_sizes_checked(void **state)
{
    static const char zeroes[96] = { 0 };
    char *block = hd_alloc_array(12, 8);

    (void)state;
    assert_non_null(block);
    assert_memory_equal(block, zeroes, 96);
#ifndef SANITIZED
    volatile size_t half = SIZE_MAX / 2; /* volatile: the compiler would warn */

    assert_null(hd_alloc_array(half, 3));
    assert_null(hd_realloc_array(block, half, 3));
#endif
    block[95] = 'x'; /* still ours */
    block = hd_realloc_array(block, 100, 8);
    assert_non_null(block);
    assert_int_equal(block[95], 'x');
    hd_dealloc(block);
    hd_dealloc(NULL);
}

static void a_copy_ends_in_a_nul(void **state)
{
    char *copy = hd_copy_text("abcdef", 3);

    (void)state;
    assert_string_equal(copy, "abc");
    hd_dealloc(copy);
}

/* Which of five fail? */
static unsigned failing(uint64_t n, int ever_after)
{
    unsigned mask = 0;

    hd_alloc_fail_at(n, ever_after);
    for (unsigned i = 0; i < 5; i++) {
        void *block = i % 2 ? hd_realloc_array(NULL, 1, 1) : hd_alloc_array(1, 1);

        mask |= (unsigned)!block << i;
        hd_dealloc(block);
    }
    assert_int_equal(hd_alloc_fail_at(0, 0), 5);
    return mask;
}

static void the_nth_fails_once_or_for_ever(void **state)
{
    (void)state;
    assert_int_equal(failing(0, 0), 0);
    assert_int_equal(failing(1, 0), 1 << 0);
    assert_int_equal(failing(3, 0), 1 << 2);
    assert_int_equal(failing(3, 1), 1 << 2 | 1 << 3 | 1 << 4);
    assert_int_equal(failing(6, 1), 0);
    assert_int_equal(failing(0, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_zeroed_and_sizes_checked),
        cmocka_unit_test(a_copy_ends_in_a_nul),
        cmocka_unit_test(the_nth_fails_once_or_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
