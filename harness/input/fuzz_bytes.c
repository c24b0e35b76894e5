/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A workload from bytes, and bytes for a workload.
 *
 * Everything is read backwards from the end, so that a choice keeps its place when a parameter
 * comes or goes: how many keys are set; for each, which, then its value with the least significant
 * byte first.  Every number is taken modulo what there is, and what is missing is zero, so there is
 * no invalid input.
 *
 * Source     the data providers of LLVM (FuzzedDataProvider) and zstd's tests/fuzz: what shapes the
 *            run is at the end, so that the front can grow.
 * Guarantee  each workload that can be written in a case file has bytes; decoding what was encoded
 *            gives it back.
 * Departs    from both in that a count comes first: without it every input that was made for its
 *            choices would also set parameters.
 * Cost       O(keys) an input.
 */
#include "input/fuzz_bytes.h"

#include <string.h>

#include "base/assert.h"
#include "input/lists.h"
#include "input/workload.h"

static_assert(HD_KEY_NAMED <= HD_FUZZ_KEYS_MAX, "every key of a scenario can be set at once");

/* ---- Keys ------------------------------------------------------------------------------------ */

/* Counted once an input: the lists end where a name is missing. */
struct keys {
    unsigned params, faults, roles;
};

static struct keys keys_of(const struct hd_scenario *scenario)
{
    return (struct keys){ hd_list_count(scenario, HD_LIST_PARAMS),
                          hd_list_count(scenario, HD_LIST_FAULTS),
                          hd_list_count(scenario, HD_LIST_ROLES) };
}

static unsigned count_of(const struct keys *keys)
{
    return keys->params + keys->faults + 2 * keys->roles;
}

/* See workload.h. */
static unsigned number_of(const struct keys *keys, unsigned i)
{
    if (i < keys->params)
        return HD_KEY_PARAM + i;
    i -= keys->params;
    return i < keys->faults ? HD_KEY_FAULT + i : HD_KEY_ROLE + i - keys->faults;
}

unsigned hd_fuzz_keys(const struct hd_scenario *scenario)
{
    struct keys keys = keys_of(scenario);

    return count_of(&keys);
}

/* How many start conditions there are to choose from; the i-th is after_nth(). */
static unsigned after_count(const struct hd_scenario *scenario)
{
    unsigned end = HD_AFTER_END, count = 0;

    while (scenario->roles[end - HD_AFTER_END].name)
        end++;
    for (unsigned after = HD_AFTER_NONE; after < end; after = hd_after_next(scenario, after))
        count++;
    return count;
}

static unsigned after_nth(const struct hd_scenario *scenario, unsigned i)
{
    unsigned after = HD_AFTER_NONE;

    while (i--)
        after = hd_after_next(scenario, after);
    return after;
}

/* The largest raw value that means something, counted from zero. */
static uint64_t span(const struct hd_scenario *scenario, unsigned number)
{
    if (number < HD_KEY_FAULT)
        return scenario->params[number].max - scenario->params[number].min;
    if (number < HD_KEY_ROLE)
        return HD_FAULT_WORDS - 1;
    return hd_key_is_after(number) ? after_count(scenario) - 1 : 1;
}

static unsigned width(uint64_t last)
{
    unsigned bytes = 1;

    while (last >>= 8)
        bytes++;
    return bytes;
}

static void set(const struct hd_scenario *scenario, struct hd_workload *workload, unsigned number,
                uint64_t raw)
{
    unsigned role = (number - HD_KEY_ROLE) / 2;

    if (number < HD_KEY_FAULT)
        workload->params[number] = scenario->params[number].min + raw;
    else if (number < HD_KEY_ROLE)
        workload->faults[number - HD_KEY_FAULT] = (uint8_t)raw;
    else if (hd_key_is_after(number))
        workload->after[role] = (uint8_t)after_nth(scenario, (unsigned)raw);
    else
        workload->off[role] = (uint8_t)raw;
}

static uint64_t get(const struct hd_scenario *scenario, const struct hd_workload *workload,
                    unsigned number)
{
    unsigned role = (number - HD_KEY_ROLE) / 2;
    unsigned i = 0;

    if (number < HD_KEY_FAULT)
        return workload->params[number] - scenario->params[number].min;
    if (number < HD_KEY_ROLE)
        return workload->faults[number - HD_KEY_FAULT];
    if (!hd_key_is_after(number))
        return workload->off[role];
    while (after_nth(scenario, i) != workload->after[role])
        i++;
    return i;
}

/* ---- Decoding -------------------------------------------------------------------------------- */

struct reader {
    const uint8_t *bytes;
    size_t left; /* the next byte read is bytes[left - 1] */
};

static uint8_t take(struct reader *reader)
{
    return reader->left ? reader->bytes[--reader->left] : 0;
}

static uint64_t take_value(struct reader *reader, uint64_t last)
{
    unsigned count = width(last);
    uint64_t raw = 0;

    for (unsigned i = 0; i < count; i++)
        raw |= (uint64_t)take(reader) << 8 * i;
    return last == UINT64_MAX ? raw : raw % (last + 1);
}

size_t hd_fuzz_decode(const uint8_t *bytes, size_t count, struct hd_setting *setting)
{
    const struct hd_scenario *scenario = setting->scenario;
    struct hd_workload *workload = &setting->workload;
    struct reader reader = { bytes, count };
    unsigned set_keys = take(&reader);
    uint8_t after[HD_ROLES_MAX];
    struct keys there;

    if (set_keys == 0 || set_keys > HD_FUZZ_KEYS_MAX)
        return reader.left;
    there = keys_of(scenario);
    memcpy(after, workload->after, sizeof after);
    for (unsigned i = 0; i < set_keys && reader.left; i++) {
        unsigned number = number_of(&there, take(&reader) % count_of(&there));

        set(scenario, workload, number, take_value(&reader, span(scenario, number)));
    }
    if (hd_workload_check(scenario, workload, NULL)) /* roles wait for each other's end */
        memcpy(workload->after, after, sizeof after);
    return reader.left;
}

/* ---- Encoding -------------------------------------------------------------------------------- */

size_t hd_fuzz_encode_workload(const struct hd_setting *setting, uint8_t tail[HD_FUZZ_TAIL_MAX])
{
    const struct hd_scenario *scenario = setting->scenario;
    struct keys there = keys_of(scenario);
    struct hd_workload defaults;
    uint8_t keys = 0;
    size_t used = 0;

    hd_workload_default(scenario, &defaults);
    for (unsigned i = 0; i < count_of(&there); i++) { /* in the order of reading, turned round at the end */
        unsigned number = number_of(&there, i);
        uint64_t raw = get(scenario, &setting->workload, number);
        unsigned count = width(span(scenario, number));

        if (raw == get(scenario, &defaults, number))
            continue;
        tail[used++] = (uint8_t)i;
        for (unsigned b = 0; b < count; b++)
            tail[used++] = (uint8_t)(raw >> 8 * b);
        keys++;
    }
    if (keys == 0)
        return 0;
    memmove(tail + 1, tail, used);
    tail[0] = keys;
    used++;
    for (size_t i = 0; i < used / 2; i++) {
        uint8_t kept = tail[i];

        tail[i] = tail[used - 1 - i];
        tail[used - 1 - i] = kept;
    }
    return used;
}
