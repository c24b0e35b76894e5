/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The one source of randomness: xoshiro256**, seeded through splitmix64 (Blackman and Vigna,
 * "Scrambled linear pseudorandom number generators", ACM TOMS 2021).  A test pins its first
 * numbers: a seed in an old report must keep its meaning.
 */
#ifndef HD_PRNG_H
#define HD_PRNG_H

#include <stdint.h>

struct hd_prng {
    uint64_t s[4];
};

static inline uint64_t hd_mix64(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* Any seed will do, 0 included. */
static inline void hd_prng_seed(struct hd_prng *prng, uint64_t seed)
{
    for (unsigned i = 0; i < 4; i++)
        prng->s[i] = hd_mix64(seed += UINT64_C(0x9e3779b97f4a7c15));
}

static inline uint64_t hd_prng_next(struct hd_prng *prng)
{
    uint64_t *s = prng->s;
    uint64_t x = s[1] * 5;
    uint64_t result = ((x << 7) | (x >> 57)) * 9;
    uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 45) | (s[3] >> 19);
    return result;
}

/* Uniform in 0 .. below - 1, below >= 1; exact, by Lemire's rejection (ACM TOMACS 2019). */
static inline uint32_t hd_prng_below(struct hd_prng *prng, uint32_t below)
{
    uint64_t product = (hd_prng_next(prng) >> 32) * below;

    if (__builtin_expect((uint32_t)product < below, 0)) {
        uint32_t threshold = -below % below;

        while ((uint32_t)product < threshold)
            product = (hd_prng_next(prng) >> 32) * below;
    }
    return (uint32_t)(product >> 32);
}

/* A seed for the index-th of many independent streams. */
static inline uint64_t hd_seed_derive(uint64_t seed, uint64_t index)
{
    return hd_mix64(hd_mix64(seed + UINT64_C(0x9e3779b97f4a7c15)) ^
                    (index * UINT64_C(0xd1342543de82ef95)));
}

#endif
