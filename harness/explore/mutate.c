/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mutating cases as bytes: taking them apart, changing single bytes, putting them together again.
 *
 * A choice keeps its place whatever happens to others, so a small change of bytes is mostly a small
 * change of the schedule.  mutate_turns.c has the mutations that execute the parent first.
 */
#include "explore/mutate.h"

#include <string.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "strategy/tap.h"

const char *hd_mutation_word(enum hd_mutation mutation)
{
    static const char *const words[] = {
#define MUTATION_WORD(name, word, summary) word,
        HD_MUTATIONS(MUTATION_WORD)
#undef MUTATION_WORD
    };

    HD_ASSERT_IS((unsigned)mutation, <, HD_MUTATION_COUNT);
    return words[mutation];
}

/* ---- Apart and together ---------------------------------------------------------------------- */

static void take_apart(struct hd_mutator *mutator, struct hd_mutant *mutant, const uint8_t *bytes,
                       size_t count)
{
    struct hd_setting unused = mutator->setting;
    size_t choices = hd_fuzz_decode(&mutator->format, bytes, count, &unused);

    mutant->tail_count = count - choices;
    if (mutant->tail_count > sizeof mutant->tail)
        mutant->tail_count = sizeof mutant->tail; /* keys that were set twice: the last ones do */
    if (mutant->tail_count)
        memcpy(mutant->tail, bytes + count - mutant->tail_count, mutant->tail_count);
    mutant->count = choices < HD_MUTATE_MAX ? choices : HD_MUTATE_MAX;
    if (mutant->count)
        memcpy(mutant->choices, bytes, mutant->count);
    memset(mutant->choices + mutant->count, 0, HD_MUTATE_MAX - mutant->count);
}

/* As much of the schedule as there is room for; the workload stays whole, or is left out. */
static size_t put_together(struct hd_mutant *mutant, uint8_t *bytes, size_t room)
{
    if (mutant->tail_count == 0)
        mutant->tail[mutant->tail_count++] = 0;
    if (room < mutant->tail_count)
        return 0;
    if (mutant->count > room - mutant->tail_count)
        mutant->count = room - mutant->tail_count;
    while (mutant->count && mutant->choices[mutant->count - 1] == 0)
        mutant->count--;
    if (mutant->count)
        memcpy(bytes, mutant->choices, mutant->count);
    memcpy(bytes + mutant->count, mutant->tail, mutant->tail_count);
    return mutant->count + mutant->tail_count;
}

/* ---- Single bytes ---------------------------------------------------------------------------- */

static uint32_t below(struct hd_mutator *mutator, size_t bound)
{
    return hd_prng_below(&mutator->prng, (uint32_t)bound);
}

/* A switch: mostly to one of the first others, for there are seldom more than a few. */
static uint8_t draw_switch(struct hd_mutator *mutator)
{
    return (uint8_t)(1 + below(mutator, below(mutator, 8) ? 3 : 12));
}

/* The place of a switch, or HD_MUTATE_MAX if there is none. */
static size_t find_switch(struct hd_mutator *mutator)
{
    size_t count = 0, wanted;

    for (size_t i = 0; i < mutator->mutant.count; i++)
        count += mutator->mutant.choices[i] != 0;
    if (count == 0)
        return HD_MUTATE_MAX;
    wanted = below(mutator, count);
    for (size_t i = 0;; i++)
        if (mutator->mutant.choices[i] != 0 && wanted-- == 0)
            return i;
}

static void put(struct hd_mutant *mutant, size_t at, uint8_t byte)
{
    mutant->choices[at] = byte;
    if (mutant->count <= at)
        mutant->count = at + 1;
}

/* Somewhere in the schedule or some way behind it: how long it is nobody knows here. */
static void add(struct hd_mutator *mutator)
{
    size_t end = mutator->mutant.count + 16;

    put(&mutator->mutant, below(mutator, end < HD_MUTATE_MAX ? end : HD_MUTATE_MAX),
        draw_switch(mutator));
}

/* By one step half of the time, by two a quarter, and so on; one time in four, to anywhere. */
static bool move(struct hd_mutator *mutator)
{
    struct hd_mutant *mutant = &mutator->mutant;
    size_t from = find_switch(mutator), to, by = 1;
    uint8_t byte;

    if (from == HD_MUTATE_MAX)
        return false;
    while (by < 64 && below(mutator, 2))
        by++;
    to = below(mutator, 2) ? from + by : from - by;
    if (!below(mutator, 4) || to >= HD_MUTATE_MAX) /* a step below zero is large */
        to = below(mutator, mutant->count);
    byte = mutant->choices[from];
    mutant->choices[from] = mutant->choices[to]; /* if there was one, they change places */
    put(mutant, to, byte);
    return true;
}

static bool change_switch(struct hd_mutator *mutator, bool drop)
{
    size_t at = find_switch(mutator);

    if (at == HD_MUTATE_MAX)
        return false;
    mutator->mutant.choices[at] = drop ? 0 : draw_switch(mutator);
    return true;
}

/* ---- The workload ---------------------------------------------------------------------------- */

/* Small, large, a power of two, or anything. */
static uint64_t draw_value(struct hd_mutator *mutator, uint64_t last)
{
    uint64_t any = hd_prng_next(&mutator->prng);
    uint64_t value = any;

    switch (below(mutator, 4)) {
    case 0:
        value = any % 8;
        break;
    case 1:
        value = last - any % 8;
        break;
    case 2:
        value = (UINT64_C(1) << any % 16) - (any >> 16) % 2;
        break;
    }
    return last == UINT64_MAX ? value : value % (last + 1);
}

/* One key of those that vary; half of the time as the only one. */
static bool change_workload(struct hd_mutator *mutator)
{
    const struct hd_fuzz_keys *keys = &mutator->format.vary;
    struct hd_mutant *mutant = &mutator->mutant;
    struct hd_setting setting = mutator->setting;
    uint8_t one[HD_FUZZ_TAIL_MAX], backwards[16];
    size_t used, before = 0;
    unsigned i;

    if (keys->count == 0)
        return false;
    if (below(mutator, 2)) {
        hd_fuzz_decode(&mutator->format, mutant->tail, mutant->tail_count, &setting);
        before = hd_fuzz_encode_workload(&setting, one);
        if (before && (one[before - 1] == HD_FUZZ_ANY || one[before - 1] == HD_FUZZ_KEYS_MAX))
            return false; /* numbered otherwise, or full */
    }
    i = below(mutator, keys->count);
    used = hd_fuzz_encode_key(keys, i, draw_value(mutator, keys->last[i]), backwards);
    mutant->tail_count = 0;
    for (size_t b = used; b > 0; b--) /* read last, so it has the last word */
        mutant->tail[mutant->tail_count++] = backwards[b - 1];
    if (before)
        memcpy(mutant->tail + used, one, before - 1);
    mutant->tail_count += before ? before - 1 : 0;
    mutant->tail[mutant->tail_count++] = (uint8_t)(1 + (before ? one[before - 1] : 0));
    return true;
}

/* ---- Mutating -------------------------------------------------------------------------------- */

static bool apply(struct hd_mutator *mutator, enum hd_mutation mutation)
{
    switch (mutation) {
    case HD_MUTATION_ADD:
        add(mutator);
        return true;
    case HD_MUTATION_DROP:
        return change_switch(mutator, true);
    case HD_MUTATION_MOVE:
        return move(mutator);
    case HD_MUTATION_OTHER:
        return change_switch(mutator, false);
    case HD_MUTATION_WORKLOAD:
        return change_workload(mutator);
    default:
        return hd_mutate_turns(mutator, mutation);
    }
}

size_t hd_mutate_as(struct hd_mutator *mutator, enum hd_mutation mutation, uint8_t *bytes,
                    size_t count, size_t room, uint64_t seed)
{
    hd_prng_seed(&mutator->prng, seed);
    take_apart(mutator, &mutator->mutant, bytes, count);
    if (!apply(mutator, mutation))
        add(mutator);
    return put_together(&mutator->mutant, bytes, room);
}

/* The cheap ones come most often: executing costs as much as what it is done for. */
static enum hd_mutation draw_mutation(struct hd_mutator *mutator)
{
    static const uint8_t weights[] = {
        [HD_MUTATION_ADD] = 12,    [HD_MUTATION_DROP] = 8,     [HD_MUTATION_MOVE] = 20,
        [HD_MUTATION_OTHER] = 4,   [HD_MUTATION_WORKLOAD] = 4, [HD_MUTATION_CONFLICT] = 6,
        [HD_MUTATION_REVERSE] = 6, [HD_MUTATION_MERGE] = 2,    [HD_MUTATION_SWAP] = 2,
    };
    uint32_t sum = 0, drawn;
    unsigned i = 0;

    static_assert(sizeof weights == HD_MUTATION_COUNT, "one for each mutation");
    for (unsigned m = 0; m < HD_MUTATION_COUNT; m++)
        sum += weights[m];
    for (drawn = below(mutator, sum); drawn >= weights[i]; i++)
        drawn -= weights[i];
    return (enum hd_mutation)i;
}

size_t hd_mutate(struct hd_mutator *mutator, uint8_t *bytes, size_t count, size_t room,
                 uint64_t seed)
{
    hd_prng_seed(&mutator->prng, seed);
    return hd_mutate_as(mutator, draw_mutation(mutator), bytes, count, room, hd_mix64(seed));
}

size_t hd_cross(struct hd_mutator *mutator, const uint8_t *first, size_t first_count,
                const uint8_t *second, size_t second_count, uint8_t *ret_bytes, size_t room,
                uint64_t seed)
{
    struct hd_mutant *mutant = &mutator->mutant, *other = &mutator->other;

    hd_prng_seed(&mutator->prng, seed);
    take_apart(mutator, mutant, first, first_count);
    take_apart(mutator, other, second, second_count);
    if (!hd_cross_turns(mutator)) {
        size_t longest = mutant->count > other->count ? mutant->count : other->count;
        size_t cut = below(mutator, longest + 1);

        memcpy(mutant->choices + cut, other->choices + cut, HD_MUTATE_MAX - cut);
        mutant->count = longest;
    }
    return put_together(mutant, ret_bytes, room);
}

/* ---- Its life -------------------------------------------------------------------------------- */

enum hd_error hd_mutator_create(const struct hd_setting *setting,
                                struct hd_mutator **ret_mutator, struct hd_diag *diag)
{
    struct hd_engine_options options = { .backend = HD_BACKEND_LIGHT,
                                         .describe = true }; /* notes tell of landmarks */
    struct hd_mutator *mutator = hd_alloc_array(1, sizeof *mutator);
    enum hd_error error;

    if (!mutator)
        return hd_fail(diag, HD_E_NOMEM, "out of memory");
    mutator->setting = *setting;
    mutator->workload = setting->workload;
    hd_fuzz_format(setting->scenario, &mutator->format);
    error = hd_engine_create(&options, &mutator->engine, diag);
    if (!error)
        error = hd_engine_prepare(mutator->engine, setting, diag);
    if (!error) {
        error = hd_strategy_bytes(NULL, 0, &mutator->bytes);
        if (!error)
            error = hd_follow_create(&mutator->turns[0], &mutator->follow);
        if (!error)
            error = hd_tap_create(mutator->follow, mutator->mutant.choices, HD_MUTATE_MAX,
                                  &mutator->tap);
        if (error)
            hd_fail(diag, error, "a mutator: %s", hd_error_text(error));
    }
    if (error)
        hd_mutator_free(mutator);
    else
        *ret_mutator = mutator;
    return error;
}

void hd_mutator_free(struct hd_mutator *mutator)
{
    if (!mutator)
        return;
    hd_strategy_free(mutator->tap);
    hd_strategy_free(mutator->follow);
    hd_strategy_free(mutator->bytes);
    hd_engine_free(mutator->engine);
    hd_dealloc(mutator);
}
