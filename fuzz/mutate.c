/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "subject.h"

void fuzz_mutator_open(struct fuzz_mutator *mutator, const struct hd_setting *setting,
                       size_t (*stock)(uint8_t *data, size_t size, size_t max_size))
{
    const char *which = getenv("HEDDLE_MUTATOR");
    struct hd_diag diag = { { 0 } };

    mutator->stock = stock;
    mutator->stock_in_8 = 1;
    if (which && strcmp(which, "stock") == 0)
        mutator->stock_in_8 = 8;
    if (!stock || (which && strcmp(which, "ours") == 0))
        mutator->stock_in_8 = 0;
    if (hd_mutator_create(setting, &mutator->mutator, &diag)) {
        fprintf(stderr, "fuzz target: %s\n", diag.text);
        exit(2);
    }
}

size_t fuzz_mutator_mutate(struct fuzz_mutator *mutator, uint8_t *data, size_t size,
                           size_t max_size, unsigned seed)
{
    if (seed % 8 < mutator->stock_in_8)
        return mutator->stock(data, size, max_size);
    return hd_mutate(mutator->mutator, data, size, max_size, seed / 8);
}

/* libFuzzer crosses every other time, and a splice costs three executions: one in eight is one. */
size_t fuzz_mutator_cross(struct fuzz_mutator *mutator, const uint8_t *first, size_t first_size,
                          const uint8_t *second, size_t second_size, uint8_t *out,
                          size_t max_size, unsigned seed)
{
    size_t size = first_size < max_size ? first_size : max_size;

    if (seed % 8 == 0 && mutator->stock_in_8 < 8)
        return hd_cross(mutator->mutator, first, first_size, second, second_size, out, max_size,
                        seed / 8);
    if (size)
        memcpy(out, first, size);
    return fuzz_mutator_mutate(mutator, out, size, max_size, seed / 8);
}
