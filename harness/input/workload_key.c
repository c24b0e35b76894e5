/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys of a workload by number, and how each is written. */
#include "input/workload.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "input/lists.h"

static_assert(HD_KEY_COUNT <= 64, "a set of keys fits 64 bits");
static_assert(HD_AFTER_END + HD_ROLES_MAX <= UINT8_MAX, "a start condition fits a byte");

const char *const hd_fault_words[HD_FAULT_WORDS] = {
    [HD_FAULT_OFF] = "off", [HD_FAULT_ON] = "on", [HD_FAULT_CHOICE] = "choice"
};

bool hd_key_is_after(unsigned number)
{
    return number >= HD_KEY_ROLE && number < HD_KEY_NAMED && (number - HD_KEY_ROLE) % 2 == 1;
}

bool hd_key_exists(const struct hd_scenario *scenario, unsigned number)
{
    if (number < HD_KEY_FAULT)
        return number - HD_KEY_PARAM < hd_list_count(scenario, HD_LIST_PARAMS);
    if (number < HD_KEY_ROLE)
        return number - HD_KEY_FAULT < hd_list_count(scenario, HD_LIST_FAULTS);
    if (number < HD_KEY_NAMED)
        return (number - HD_KEY_ROLE) / 2 < hd_list_count(scenario, HD_LIST_ROLES);
    return number == HD_KEY_NAMED;
}

void hd_key_name(const struct hd_scenario *scenario, unsigned number, char name[HD_KEY_BYTES])
{
    const char *base = "workload";

    if (number < HD_KEY_FAULT)
        base = hd_list_name(scenario, HD_LIST_PARAMS, number - HD_KEY_PARAM);
    else if (number < HD_KEY_ROLE)
        base = hd_list_name(scenario, HD_LIST_FAULTS, number - HD_KEY_FAULT);
    else if (number < HD_KEY_NAMED)
        base = hd_list_name(scenario, HD_LIST_ROLES, (number - HD_KEY_ROLE) / 2);
    snprintf(name, HD_KEY_BYTES, "%s%s", base, hd_key_is_after(number) ? ".after" : "");
}

void hd_after_format(const struct hd_scenario *scenario, unsigned after, char text[HD_KEY_BYTES])
{
    if (after == HD_AFTER_NONE)
        snprintf(text, HD_KEY_BYTES, "none");
    else if (after < HD_AFTER_END)
        snprintf(text, HD_KEY_BYTES, "%s",
                 hd_list_name(scenario, HD_LIST_MARKS, after - HD_AFTER_MARK));
    else
        snprintf(text, HD_KEY_BYTES, "%s.end",
                 hd_list_name(scenario, HD_LIST_ROLES, after - HD_AFTER_END));
}

unsigned hd_after_next(const struct hd_scenario *scenario, unsigned after)
{
    if (after < HD_AFTER_END && after - HD_AFTER_NONE == hd_list_count(scenario, HD_LIST_MARKS))
        return HD_AFTER_END;
    return after + 1;
}

bool hd_workload_key(const struct hd_scenario *scenario, const struct hd_workload *workload,
                     unsigned number, struct hd_key_text *ret_text)
{
    unsigned role = (number - HD_KEY_ROLE) / 2;
    char *value = ret_text->value;

    if (number >= HD_KEY_NAMED || !hd_key_exists(scenario, number))
        return false;
    hd_key_name(scenario, number, ret_text->key);
    if (number >= HD_KEY_ROLE && hd_key_is_after(number)) {
        hd_after_format(scenario, workload->after[role], value);
    } else if (number >= HD_KEY_ROLE) {
        snprintf(value, HD_KEY_BYTES, "%s", workload->off[role] ? "off" : "on");
    } else if (number >= HD_KEY_FAULT) {
        unsigned mode = workload->faults[number - HD_KEY_FAULT];

        HD_ASSERT_IS(mode, <, HD_FAULT_WORDS);
        snprintf(value, HD_KEY_BYTES, "%s", hd_fault_words[mode]);
    } else {
        const struct hd_param_info *param = &scenario->params[number];
        uint64_t set = workload->params[number];

        if (param->words) {
            HD_ASSERT_IS(set, <=, param->max);
            snprintf(value, HD_KEY_BYTES, "%s", param->words[set]);
        } else {
            snprintf(value, HD_KEY_BYTES, "%" PRIu64, set);
        }
    }
    return true;
}

void hd_workload_each(const struct hd_scenario *scenario, const struct hd_workload *workload,
                      void (*emit)(void *context, const char *key, const char *value,
                                   bool is_default),
                      void *context)
{
    struct hd_key_text text, standard;
    struct hd_workload defaults;

    hd_workload_default(scenario, &defaults);
    for (unsigned number = 0; number < HD_KEY_NAMED; number++) {
        if (!hd_workload_key(scenario, workload, number, &text))
            continue;
        hd_workload_key(scenario, &defaults, number, &standard);
        emit(context, text.key, text.value, strcmp(text.value, standard.value) == 0);
    }
}
