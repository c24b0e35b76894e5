/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The generator is pinned: a seed in an old report must keep its meaning.  The numbers come from an
 * independent implementation of the two published algorithms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/prng.h"

static const uint64_t first_of_0[20] = {
    UINT64_C(0x99ec5f36cb75f2b4), UINT64_C(0xbf6e1f784956452a), UINT64_C(0x1a5f849d4933e6e0),
    UINT64_C(0x6aa594f1262d2d2c), UINT64_C(0xbba5ad4a1f842e59), UINT64_C(0xffef8375d9ebcaca),
    UINT64_C(0x6c160deed2f54c98), UINT64_C(0x8920ad648fc30a3f), UINT64_C(0xdb032c0ba7539731),
    UINT64_C(0xeb3a475a3e749a3d), UINT64_C(0x1d42993fa43f2a54), UINT64_C(0x11361bf526a14bb5),
    UINT64_C(0x1b4f07a5ab3d8e9c), UINT64_C(0xa7a3257f6986db7f), UINT64_C(0x7efdaa95605dfc9c),
    UINT64_C(0x4bde97c0a78eaab8), UINT64_C(0xb455eac43518666c), UINT64_C(0x304dbf6c06730690),
    UINT64_C(0x8cbe7776598a798c), UINT64_C(0x0ecbdf7ffcd727e5),
};
static const uint64_t first_of_42[4] = {
    UINT64_C(0x15780b2e0c2ec716),
    UINT64_C(0x6104d9866d113a7e),
    UINT64_C(0xae17533239e499a1),
    UINT64_C(0xecb8ad4703b360a1),
};

static void its_first_numbers_are_pinned(void **state)
{
    struct hd_prng prng;

    (void)state;
    hd_prng_seed(&prng, 0);
    for (unsigned i = 0; i < 20; i++)
        assert_int_equal(hd_prng_next(&prng), first_of_0[i]);
    hd_prng_seed(&prng, 42);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(hd_prng_next(&prng), first_of_42[i]);
}

static void below_is_pinned(void **state)
{
    static const uint32_t below_10[20] = { 7, 5, 5, 3, 6, 1, 0, 3, 8, 5,
                                           9, 9, 9, 6, 5, 8, 0, 4, 0, 0 };
    /* One of the first nine numbers is rejected: what is left of 2^32 is no whole range. */
    static const uint32_t below_3g[8] = {
        0x86f60391, 0x63ec8030, 0x6e3a7180, 0x4b22955c,
        0x85dbb6a9, 0x1b90da4d, 0x0da403b3, 0xa67e4767,
    };
    struct hd_prng prng;

    (void)state;
    hd_prng_seed(&prng, 1);
    for (unsigned i = 0; i < 20; i++)
        assert_int_equal(hd_prng_below(&prng, 10), below_10[i]);
    hd_prng_seed(&prng, 1);
    for (unsigned i = 0; i < 8; i++)
        assert_int_equal(hd_prng_below(&prng, 0xc0000000u), below_3g[i]);
}

/* Both ends are reached, and nothing beyond; each of seven as often as the others (10000 times,
 * with a deviation of 93). */
static void below_is_a_uniform_range(void **state)
{
    uint32_t times[7] = { 0 };
    struct hd_prng prng;

    (void)state;
    hd_prng_seed(&prng, 7);
    for (unsigned i = 0; i < 70000; i++) {
        uint32_t value = hd_prng_below(&prng, 7);

        assert_in_range(value, 0, 6);
        times[value]++;
    }
    for (unsigned i = 0; i < 7; i++)
        assert_in_range(times[i], 9500, 10500);
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(hd_prng_below(&prng, 1), 0);
}

static void derived_seeds_are_pinned_and_differ(void **state)
{
    (void)state;
    assert_int_equal(hd_seed_derive(0, 0), UINT64_C(0x48218226ff3cd4bf));
    assert_int_equal(hd_seed_derive(0, 1), UINT64_C(0x47a64b6263c34241));
    assert_int_equal(hd_seed_derive(1, 0), UINT64_C(0xdce423fc82c0d5b8));
    assert_int_equal(hd_seed_derive(42, 7), UINT64_C(0xe386378489a6c5dd));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_first_numbers_are_pinned),
        cmocka_unit_test(below_is_pinned),
        cmocka_unit_test(below_is_a_uniform_range),
        cmocka_unit_test(derived_seeds_are_pinned_and_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
