/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The set of hashes: what was put in is in, what was not is not, whatever the growth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "minimise/seen.h"

#define MANY 20000u

static void holds_what_was_put_in(void **state)
{
    struct hd_seen seen = { .slots = NULL };

    (void)state;
    assert_false(hd_seen_has(&seen, 5));
    for (uint64_t i = 0; i < MANY; i++)
        assert_int_equal(hd_seen_add(&seen, i * 3), HD_OK);
    for (uint64_t i = 0; i < 3 * MANY; i++)
        assert_int_equal(hd_seen_has(&seen, i), i % 3 == 0 || i == 1);
    hd_seen_free(&seen);
    assert_false(hd_seen_has(&seen, 3));
}

/* 0 stands for a free slot inside, so it shares its place with 1: said above, and harmless. */
static void counts_each_once(void **state)
{
    struct hd_seen seen = { .slots = NULL };

    (void)state;
    for (unsigned i = 0; i < 1000; i++)
        assert_int_equal(hd_seen_add(&seen, UINT64_MAX - i % 10), HD_OK);
    assert_int_equal(seen.count, 10);
    hd_seen_free(&seen);
}

/* Where it cannot grow it says so, and keeps what it has. */
static void survives_a_failed_allocation(void **state)
{
    struct hd_seen seen = { .slots = NULL };
    uint64_t hash = 1;

    (void)state;
    hd_alloc_fail_at(2, 1);
    while (hd_seen_add(&seen, hash) == HD_OK)
        hash++;
    hd_alloc_fail_at(0, 0);
    assert_int_equal(hash, 1024 / 2 + 1);
    assert_true(hd_seen_has(&seen, 1));
    assert_true(hd_seen_has(&seen, hash - 1));
    assert_false(hd_seen_has(&seen, hash));
    assert_int_equal(hd_seen_add(&seen, hash), HD_OK);
    assert_true(hd_seen_has(&seen, hash));
    hd_seen_free(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_what_was_put_in),
        cmocka_unit_test(counts_each_once),
        cmocka_unit_test(survives_a_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
