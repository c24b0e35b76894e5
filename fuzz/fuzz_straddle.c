/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Claims that the kernel's rule for the page at a file's old end never misses a case, that the
 * closed form of what is needed agrees with a look at every block, and that no rule protects a page
 * that isn't part of one folio.
 *
 * Bytes, each number least significant first, missing ones zero: old size (8), position (8), the
 * powers of two of block, page over 64, and folio over page (1 each), 1 for a truncation (1).
 * HEDDLE_RULE names another rule to be claimed: posted is wrong, and the fuzzer is to show that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mm/straddle_rules.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libFuzzer gives a target no place to keep things between inputs. */
static const struct straddle_rule *claimed = straddle_rules;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const char *name = getenv("HEDDLE_RULE");

    (void)argc;
    (void)argv;
    for (size_t i = 0; name && i < straddle_rule_count; i++)
        if (strcmp(straddle_rules[i].name, name) == 0)
            claimed = &straddle_rules[i];
    return 0;
}

static uint64_t take(const uint8_t **data, size_t *size, unsigned bytes)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < bytes && *size; i++, (*data)++, (*size)--)
        value |= (uint64_t)**data << 8 * i;
    return value;
}

static struct straddle_vector decode(const uint8_t *data, size_t size)
{
    struct straddle_vector vector = { .old_size = take(&data, &size, 8) };

    vector.to = take(&data, &size, 8);
    vector.old_size %= STRADDLE_SIZE_MAX + 1;
    vector.to %= STRADDLE_SIZE_MAX + 1;
    vector.block = UINT64_C(1) << take(&data, &size, 1) % 20;
    vector.page = UINT64_C(64) << take(&data, &size, 1) % 11;
    vector.folio = vector.page << take(&data, &size, 1) % 12;
    vector.truncate = take(&data, &size, 1) & 1;
    return vector;
}

static void claim(bool holds, const char *what, const struct straddle_vector *vector)
{
    if (holds)
        return;
    fprintf(stderr, "%s: %s\nheddle straddle --rule %s --op %s --s0 %llu --pos %llu --block %llu "
            "--page %llu --folio %llu\n", claimed->name, what, claimed->name,
            vector->truncate ? "truncate" : "write", (unsigned long long)vector->old_size,
            (unsigned long long)vector->to, (unsigned long long)vector->block,
            (unsigned long long)vector->page, (unsigned long long)vector->folio);
    abort();
}

/* All pages of exactly one folio, within what a file can have. */
static bool is_one_folio(const struct straddle_pages *pages, const struct straddle_vector *vector)
{
    uint64_t count = vector->folio / vector->page;

    return pages->count == 0 || (pages->count == count && pages->first % count == 0 &&
                                 pages->first <= STRADDLE_SIZE_MAX / vector->page);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct straddle_vector vector = decode(data, size);
    bool needed;

    claim(straddle_is_valid(&vector), "the decoder made an invalid case", &vector);
    needed = straddle_need(&vector);
    claim(needed == straddle_need_slowly(&vector), "two ways to one answer differ", &vector);
    claim(!needed || straddle_protects_end(claimed, &vector), "misses this case", &vector);
    for (size_t i = 0; i < straddle_rule_count; i++) {
        struct straddle_pages pages = straddle_rules[i].protects(&vector);

        claim(is_one_folio(&pages, &vector), "a rule protects what is no folio", &vector);
    }
    return 0;
}
