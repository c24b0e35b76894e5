/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A workload from bytes, and bytes for a workload.
 *
 * Everything is read backwards from the end, so that a choice keeps its place when a parameter
 * comes or goes; heddle/fuzz.h says how.
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

/* How many start conditions there are to choose from; the i-th is after_nth(). */
static unsigned after_count(const struct hd_scenario *scenario)
{
    unsigned end = HD_AFTER_END + hd_list_count(scenario, HD_LIST_ROLES);
    unsigned count = 0;

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

/* The largest value of a key, counted from the smallest. */
static uint64_t last_of(const struct hd_scenario *scenario, unsigned number)
{
    if (number < HD_KEY_FAULT)
        return scenario->params[number].max - scenario->params[number].min;
    if (number < HD_KEY_ROLE)
        return HD_FAULT_WORDS - 1;
    return hd_key_is_after(number) ? after_count(scenario) - 1 : 1;
}

static void add_key(const struct hd_scenario *scenario, struct hd_fuzz_keys *keys, unsigned number)
{
    keys->number[keys->count] = (uint8_t)number;
    keys->last[keys->count++] = last_of(scenario, number);
}

static bool is_listed(const char *list, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = list; at && (at = strstr(at, name)) != NULL; at += length)
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
            return true;
    return false;
}

void hd_fuzz_format(const struct hd_scenario *scenario, struct hd_fuzz_format *ret_format)
{
    char name[HD_KEY_BYTES];

    memset(ret_format, 0, sizeof *ret_format);
    ret_format->scenario = scenario;
    for (unsigned number = 0; number < HD_KEY_NAMED; number++) {
        if (!hd_key_exists(scenario, number))
            continue;
        add_key(scenario, &ret_format->any, number);
        hd_key_name(scenario, number, name);
        if (is_listed(scenario->vary, name))
            add_key(scenario, &ret_format->vary, number);
    }
}

static void set(const struct hd_scenario *scenario, struct hd_workload *workload, unsigned number,
                uint64_t value)
{
    unsigned role = (number - HD_KEY_ROLE) / 2;

    if (number < HD_KEY_FAULT)
        workload->params[number] = scenario->params[number].min + value;
    else if (number < HD_KEY_ROLE)
        workload->faults[number - HD_KEY_FAULT] = (uint8_t)value;
    else if (hd_key_is_after(number))
        workload->after[role] = (uint8_t)after_nth(scenario, (unsigned)value);
    else
        workload->off[role] = (uint8_t)value;
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

static unsigned width(uint64_t last)
{
    unsigned bytes = 1;

    while (last >>= 8)
        bytes++;
    return bytes;
}

static uint64_t take_value(struct reader *reader, uint64_t last)
{
    unsigned count = width(last);
    uint64_t value = 0;

    for (unsigned i = 0; i < count; i++)
        value |= (uint64_t)take(reader) << 8 * i;
    return last == UINT64_MAX ? value : value % (last + 1);
}

size_t hd_fuzz_decode(const struct hd_fuzz_format *format, const uint8_t *bytes, size_t count,
                      struct hd_setting *setting)
{
    const struct hd_fuzz_keys *keys = &format->vary;
    struct hd_workload *workload = &setting->workload;
    struct reader reader = { bytes, count };
    unsigned left = take(&reader);
    uint8_t after[HD_ROLES_MAX];

    if (left == HD_FUZZ_ANY) {
        keys = &format->any;
        left = take(&reader);
    }
    if (left == 0 || left > HD_FUZZ_KEYS_MAX || keys->count == 0)
        return reader.left;
    memcpy(after, workload->after, sizeof after);
    for (; left && reader.left; left--) {
        unsigned i = take(&reader) % keys->count;

        set(format->scenario, workload, keys->number[i], take_value(&reader, keys->last[i]));
    }
    if (hd_workload_check(format->scenario, workload, NULL)) /* roles wait for each other's end */
        memcpy(workload->after, after, sizeof after);
    return reader.left;
}

/* ---- Encoding -------------------------------------------------------------------------------- */

size_t hd_fuzz_encode_key(const struct hd_fuzz_keys *keys, unsigned i, uint64_t value,
                          uint8_t *ret_bytes)
{
    unsigned count = width(keys->last[i]);

    HD_ASSERT(i < keys->count && value <= keys->last[i]);
    ret_bytes[0] = (uint8_t)i;
    for (unsigned b = 0; b < count; b++)
        ret_bytes[1 + b] = (uint8_t)(value >> 8 * b);
    return 1 + count;
}

/* The keys that differ from the default, in the order of reading; how many bytes. */
static size_t encode_keys(const struct hd_setting *setting, const struct hd_fuzz_keys *keys,
                          uint8_t *bytes, uint8_t *ret_keys)
{
    struct hd_workload defaults;
    size_t used = 0;

    *ret_keys = 0;
    hd_workload_default(setting->scenario, &defaults);
    for (unsigned i = 0; i < keys->count; i++) {
        uint64_t value = get(setting->scenario, &setting->workload, keys->number[i]);

        if (value == get(setting->scenario, &defaults, keys->number[i]))
            continue;
        used += hd_fuzz_encode_key(keys, i, value, bytes + used);
        ++*ret_keys;
    }
    return used;
}

size_t hd_fuzz_encode_workload(const struct hd_setting *setting, uint8_t tail[HD_FUZZ_TAIL_MAX])
{
    uint8_t keys[HD_FUZZ_TAIL_MAX];
    struct hd_fuzz_format format;
    uint8_t vary_count, any_count;
    size_t used, head = 0;

    hd_fuzz_format(setting->scenario, &format);
    used = encode_keys(setting, &format.vary, keys, &vary_count);
    encode_keys(setting, &format.any, keys, &any_count);
    if (any_count == 0)
        return 0;
    if (any_count > vary_count) {
        used = encode_keys(setting, &format.any, keys, &any_count);
        tail[head++] = HD_FUZZ_ANY;
        tail[head++] = any_count;
    } else {
        used = encode_keys(setting, &format.vary, keys, &vary_count);
        tail[head++] = vary_count;
    }
    memcpy(tail + head, keys, used);
    used += head;
    for (size_t i = 0; i < used / 2; i++) { /* it is read from the end */
        uint8_t kept = tail[i];

        tail[i] = tail[used - 1 - i];
        tail[used - 1 - i] = kept;
    }
    return used;
}
