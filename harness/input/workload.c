/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Workloads read from text, and the defaults.  Keys go by number: see workload.h. */
#include "input/workload.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "input/lists.h"

/* ---- Start conditions ------------------------------------------------------------------------ */

static enum hd_error after_parse(const struct hd_scenario *scenario, unsigned role,
                                 struct hd_word value, uint8_t *ret_after, struct hd_diag *diag)
{
    unsigned end = HD_AFTER_END + hd_list_count(scenario, HD_LIST_ROLES);
    struct hd_offer offer = hd_offer_to(value);
    char text[HD_KEY_BYTES];

    for (unsigned after = HD_AFTER_NONE; after < end; after = hd_after_next(scenario, after)) {
        if (after == HD_AFTER_END + role)
            continue; /* it would wait for ever */
        hd_after_format(scenario, after, text);
        if (hd_word_is(value, text)) {
            *ret_after = (uint8_t)after;
            return HD_OK;
        }
        hd_offer_add(&offer, text);
    }
    return hd_offer_fail(&offer, "a start condition", diag);
}

enum hd_error hd_workload_check(const struct hd_scenario *scenario,
                                const struct hd_workload *workload, struct hd_diag *diag)
{
    unsigned roles = hd_list_count(scenario, HD_LIST_ROLES);

    for (unsigned start = 0; start < roles; start++) {
        unsigned role = start;

        /* A chain without a cycle has at most `roles` links. */
        for (unsigned link = 0; link < roles; link++) {
            if (workload->after[role] < HD_AFTER_END)
                break;
            role = workload->after[role] - (unsigned)HD_AFTER_END;
            if (role == start)
                return hd_fail(diag, HD_E_RANGE,
                               "expected start conditions that can come true, found that '%s' "
                               "waits for its own end", scenario->roles[start].name);
        }
    }
    return HD_OK;
}

/* ---- Reading --------------------------------------------------------------------------------- */

static enum hd_error param_parse(const struct hd_param_info *param, struct hd_word value,
                                 uint64_t *ret_value, struct hd_diag *diag)
{
    uint64_t number;

    if (param->words) {
        struct hd_offer offer = hd_offer_to(value);

        for (uint64_t i = param->min; i <= param->max; i++) {
            if (hd_word_is(value, param->words[i])) {
                *ret_value = i;
                return HD_OK;
            }
            hd_offer_add(&offer, param->words[i]);
        }
        return hd_offer_fail(&offer, "one of the words", diag);
    }
    if (!hd_word_number(value, param->max, &number) || number < param->min)
        return hd_fail(diag, HD_E_RANGE,
                       "expected a decimal number in %" PRIu64 "..%" PRIu64 ", found '%s'",
                       param->min, param->max, hd_quote(value).text);
    *ret_value = number;
    return HD_OK;
}

/* One of the first count words. */
static enum hd_error word_parse(const char *const *words, unsigned count, struct hd_word value,
                                uint8_t *ret_index, struct hd_diag *diag)
{
    struct hd_offer offer = hd_offer_to(value);

    for (unsigned i = 0; i < count; i++) {
        if (hd_word_is(value, words[i])) {
            *ret_index = (uint8_t)i;
            return HD_OK;
        }
        hd_offer_add(&offer, words[i]);
    }
    return hd_offer_fail(&offer, "one of the words", diag);
}

static enum hd_error key_find(const struct hd_scenario *scenario, struct hd_word key,
                              unsigned *ret_number, struct hd_diag *diag)
{
    struct hd_offer offer = hd_offer_to(key);
    char name[HD_KEY_BYTES];

    for (unsigned number = 0; number < HD_KEY_COUNT; number++) {
        if (!hd_key_exists(scenario, number))
            continue;
        hd_key_name(scenario, number, name);
        if (hd_word_is(key, name)) {
            *ret_number = number;
            return HD_OK;
        }
        hd_offer_add(&offer, name);
    }
    return hd_offer_fail(&offer, "a workload key", diag);
}

static enum hd_error apply(const struct hd_scenario *scenario, struct hd_workload *workload,
                           const char *keys, uint64_t *seen, struct hd_diag *diag);

/* The keys of a named workload, on top of the defaults. */
static enum hd_error named_parse(const struct hd_scenario *scenario, struct hd_workload *workload,
                                 struct hd_word value, struct hd_diag *diag)
{
    uint64_t seen = UINT64_C(1) << HD_KEY_NAMED; /* it cannot name another */
    int index = hd_list_find(scenario, HD_LIST_WORKLOADS, value);
    struct hd_workload named;
    enum hd_error error;

    if (index < 0) {
        struct hd_offer offer = hd_offer_to(value);

        hd_list_offer(scenario, HD_LIST_WORKLOADS, &offer);
        return hd_offer_fail(&offer, "a named workload", diag);
    }
    hd_workload_default(scenario, &named);
    error = apply(scenario, &named, scenario->workloads[index].keys, &seen, diag);
    if (!error)
        *workload = named;
    return error;
}

static enum hd_error value_parse(const struct hd_scenario *scenario, struct hd_workload *workload,
                                 unsigned number, struct hd_word value, struct hd_diag *diag)
{
    static const char *const off_words[] = { "on", "off" };
    unsigned role = (number - HD_KEY_ROLE) / 2;

    if (number < HD_KEY_FAULT)
        return param_parse(&scenario->params[number], value, &workload->params[number], diag);
    if (number < HD_KEY_ROLE)
        return word_parse(hd_fault_words, HD_FAULT_WORDS, value,
                          &workload->faults[number - HD_KEY_FAULT], diag);
    if (number == HD_KEY_NAMED)
        return named_parse(scenario, workload, value, diag);
    if (hd_key_is_after(number))
        return after_parse(scenario, role, value, &workload->after[role], diag);
    return word_parse(off_words, 2, value, &workload->off[role], diag);
}

enum hd_error hd_workload_assign(const struct hd_scenario *scenario, struct hd_workload *workload,
                                 struct hd_word assignment, uint64_t *seen, size_t *wrong_at,
                                 struct hd_diag *diag)
{
    struct hd_word key, value;
    enum hd_error error;
    unsigned number;

    *wrong_at = 0;
    if (!hd_word_split(assignment, '=', &key, &value))
        return hd_fail(diag, HD_E_MALFORMED, "expected KEY=VALUE, found '%s'",
                       hd_quote(assignment).text);
    error = key_find(scenario, key, &number, diag);
    if (error)
        return error;
    if (*seen >> number & 1)
        return hd_fail(diag, HD_E_MALFORMED, "expected each key once, found '%s' again",
                       hd_quote(key).text);
    if (number == HD_KEY_NAMED && *seen)
        return hd_fail(diag, HD_E_MALFORMED,
                       "expected 'workload' before all other keys, found it after them");
    error = value_parse(scenario, workload, number, value, diag);
    if (error) {
        *wrong_at = key.length + 1;
        return error;
    }
    *seen |= UINT64_C(1) << number;
    return HD_OK;
}

/* keys may be NULL: none. */
static enum hd_error apply(const struct hd_scenario *scenario, struct hd_workload *workload,
                           const char *keys, uint64_t *seen, struct hd_diag *diag)
{
    static const char blanks[] = " \t\n";
    enum hd_error error = HD_OK;
    size_t wrong_at;

    for (const char *at = keys ? keys : ""; !error && *(at += strspn(at, blanks));) {
        struct hd_word word = { .text = at, .length = strcspn(at, blanks) };

        error = hd_workload_assign(scenario, workload, word, seen, &wrong_at, diag);
        at += word.length;
    }
    return error ? error : hd_workload_check(scenario, workload, diag);
}

enum hd_error hd_workload_set_all(const struct hd_scenario *scenario, struct hd_workload *workload,
                                  const char *keys, struct hd_diag *diag)
{
    struct hd_workload changed = *workload;
    uint64_t seen = 0;
    enum hd_error error = apply(scenario, &changed, keys, &seen, diag);

    if (!error)
        *workload = changed;
    return error;
}

enum hd_error hd_workload_set(const struct hd_scenario *scenario, struct hd_workload *workload,
                              const char *key, const char *value, struct hd_diag *diag)
{
    struct hd_workload changed = *workload;
    unsigned number;
    enum hd_error error = key_find(scenario, hd_word_of(key), &number, diag);

    if (!error)
        error = value_parse(scenario, &changed, number, hd_word_of(value), diag);
    if (!error)
        error = hd_workload_check(scenario, &changed, diag);
    if (!error)
        *workload = changed;
    return error;
}

/* ---- Defaults -------------------------------------------------------------------------------- */

/* A scenario with a default that does not exist is a bug of the scenario. */
void hd_workload_default(const struct hd_scenario *scenario, struct hd_workload *ret_workload)
{
    struct hd_workload workload = { 0 };
    unsigned params = hd_list_count(scenario, HD_LIST_PARAMS);
    unsigned roles = hd_list_count(scenario, HD_LIST_ROLES);
    uint64_t seen = UINT64_C(1) << HD_KEY_NAMED;
    enum hd_error error = HD_OK;

    for (unsigned i = 0; i < params; i++)
        workload.params[i] = scenario->params[i].value;
    for (unsigned i = 0; i < roles && !error; i++) {
        const struct hd_role_info *role = &scenario->roles[i];

        workload.off[i] = role->off;
        if (role->started)
            error = after_parse(scenario, i, hd_word_of(role->started), &workload.after[i], NULL);
    }
    HD_ASSERT_IS(error, ==, HD_OK);
    if (hd_list_count(scenario, HD_LIST_WORKLOADS) > 0)
        error = apply(scenario, &workload, scenario->workloads[0].keys, &seen, NULL);
    HD_ASSERT_IS(error, ==, HD_OK);
    *ret_workload = workload;
}
