/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/lists.h"

#include "base/assert.h"

/* NULL at the end of the list, and for a list that is not there. */
static const char *name_at(const struct hd_scenario *scenario, enum hd_list list, unsigned i)
{
    switch (list) {
    case HD_LIST_VARIANTS:
        return scenario->variants ? scenario->variants[i].name : NULL;
    case HD_LIST_PARAMS:
        return scenario->params ? scenario->params[i].name : NULL;
    case HD_LIST_ROLES:
        return scenario->roles ? scenario->roles[i].name : NULL;
    case HD_LIST_LANDMARKS:
        return scenario->landmarks ? scenario->landmarks[i].name : NULL;
    case HD_LIST_WORKLOADS:
        return scenario->workloads ? scenario->workloads[i].name : NULL;
    case HD_LIST_KINDS:
        return scenario->kinds ? scenario->kinds[i] : NULL;
    case HD_LIST_FAULTS:
        return scenario->faults ? scenario->faults[i] : NULL;
    case HD_LIST_MARKS:
        return scenario->marks ? scenario->marks[i] : NULL;
    }
    return NULL;
}

unsigned hd_list_count(const struct hd_scenario *scenario, enum hd_list list)
{
    static const unsigned limits[] = {
        [HD_LIST_VARIANTS] = HD_VARIANTS_MAX,   [HD_LIST_PARAMS] = HD_PARAMS_MAX,
        [HD_LIST_ROLES] = HD_ROLES_MAX,         [HD_LIST_LANDMARKS] = HD_LANDMARKS_MAX,
        [HD_LIST_WORKLOADS] = HD_WORKLOADS_MAX, [HD_LIST_KINDS] = HD_KINDS_MAX,
        [HD_LIST_FAULTS] = HD_FAULTS_MAX,       [HD_LIST_MARKS] = HD_MARKS_MAX,
    };
    unsigned count = 0;

    while (name_at(scenario, list, count)) {
        count++;
        HD_ASSERT_IS(count, <=, limits[list]);
    }
    return count;
}

const char *hd_list_name(const struct hd_scenario *scenario, enum hd_list list, unsigned i)
{
    HD_ASSERT_IS(i, <, hd_list_count(scenario, list));
    return name_at(scenario, list, i);
}

int hd_list_find(const struct hd_scenario *scenario, enum hd_list list, struct hd_word name)
{
    unsigned count = hd_list_count(scenario, list);

    for (unsigned i = 0; i < count; i++)
        if (hd_word_is(name, name_at(scenario, list, i)))
            return (int)i;
    return -1;
}

void hd_list_offer(const struct hd_scenario *scenario, enum hd_list list, struct hd_offer *offer)
{
    unsigned count = hd_list_count(scenario, list);

    for (unsigned i = 0; i < count; i++)
        hd_offer_add(offer, name_at(scenario, list, i));
}
