/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Swarm testing: which actors take part, when each may start, and which faults happen are drawn
 * anew for every other chunk, from the sixth on.  All others have the workload as it was given.
 *
 * Source     Groce, Zhang, Eide, Chen, Regehr, "Swarm Testing", ISSTA 2012: what is left out makes
 *            room for what it would have hidden.  That the odds differ wildly, some being none at
 *            all, is from TigerBeetle's simulator (src/testing/fuzz.zig).
 * Guarantee  the first 1280 executions, and half of the others, are of the given workload; every
 *            key is never touched, or nearly always, in one block of chunks out of six each.
 * Departs    from the paper, whose odds are even.  Odds stay for a block of chunks, so that a seed
 *            whose first odds are bad is not stuck with them.
 * Cost       one preparation of the engine a chunk.
 */
#include "explore/swarm.h"

#include "base/prng.h"
#include "input/fuzz_bytes.h"
#include "input/workload.h"

#define BLOCK 16 /* chunks that share their odds */
#define GIVEN 4  /* chunks at first of the given workload: what is found soon is found in it */

/* One key with another value, in the order of reading: see heddle/fuzz.h. */
static size_t draw_key(struct hd_prng *prng, const struct hd_fuzz_keys *keys, unsigned i,
                       uint8_t *bytes)
{
    uint64_t value = hd_prng_below(prng, (uint32_t)keys->last[i] + 1);

    return hd_fuzz_encode_key(keys, i, value, bytes);
}

void hd_swarm_draw(const struct hd_setting *given, enum hd_swarm swarm, uint64_t seed,
                   uint64_t number, struct hd_workload *ret_workload)
{
    static const uint8_t odds_in_64[] = { 0, 1, 4, 16, 32, 63 };
    uint8_t reading[HD_FUZZ_TAIL_MAX], tail[HD_FUZZ_TAIL_MAX], count = 0;
    struct hd_setting setting = *given;
    struct hd_fuzz_format format;
    const struct hd_fuzz_keys *keys;
    struct hd_prng odds, prng;
    size_t used = 2;

    *ret_workload = given->workload;
    if (swarm == HD_SWARM_GIVEN || number % 2 == 0 || number < GIVEN)
        return;
    hd_fuzz_format(given->scenario, &format);
    keys = swarm == HD_SWARM_ALL ? &format.any : &format.vary;
    hd_prng_seed(&odds, hd_seed_derive(~seed, number / BLOCK));
    hd_prng_seed(&prng, hd_seed_derive(~seed, ~number));
    for (unsigned i = 0; i < keys->count; i++) {
        uint32_t in_64 = odds_in_64[hd_prng_below(&odds, sizeof odds_in_64)];

        if (keys->number[i] < HD_KEY_FAULT || hd_prng_below(&prng, 64) >= in_64)
            continue; /* a parameter is neither an actor nor a fault */
        used += draw_key(&prng, keys, i, reading + used);
        count++;
    }
    reading[0] = HD_FUZZ_ANY;
    reading[1] = count;
    for (size_t i = 0; i < used; i++)
        tail[i] = reading[used - 1 - i];
    hd_fuzz_decode(&format, tail, swarm == HD_SWARM_ALL ? used : used - 1, &setting);
    *ret_workload = setting.workload;
}
