/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scenarios and variants by name. */
#include <string.h>

#include "input/lists.h"
#include "input/setting.h"

static int scenario_index(const struct hd_catalogue *catalogue, struct hd_word name)
{
    for (size_t i = 0; i < catalogue->count; i++)
        if (hd_word_is(name, catalogue->scenarios[i]->name))
            return (int)i;
    return -1;
}

enum hd_error hd_scenario_parse(const struct hd_catalogue *catalogue, struct hd_word name,
                                const struct hd_scenario **ret_scenario, struct hd_diag *diag)
{
    int index = scenario_index(catalogue, name);
    struct hd_offer offer = hd_offer_to(name);

    if (index >= 0) {
        *ret_scenario = catalogue->scenarios[index];
        return HD_OK;
    }
    for (size_t i = 0; i < catalogue->count; i++)
        hd_offer_near(&offer, catalogue->scenarios[i]->name);
    return hd_offer_fail(&offer, "a scenario ('heddle list scenarios' shows them all)", diag);
}

enum hd_error hd_variant_parse(const struct hd_scenario *scenario, struct hd_word name,
                               unsigned *ret_variant, struct hd_diag *diag)
{
    int index = hd_list_find(scenario, HD_LIST_VARIANTS, name);
    struct hd_offer offer = hd_offer_to(name);

    if (index >= 0) {
        *ret_variant = (unsigned)index;
        return HD_OK;
    }
    hd_list_offer(scenario, HD_LIST_VARIANTS, &offer);
    return hd_offer_fail(&offer, "a variant", diag);
}

const struct hd_scenario *hd_scenario_find(const struct hd_catalogue *catalogue, const char *name)
{
    int index = scenario_index(catalogue, hd_word_of(name));

    return index >= 0 ? catalogue->scenarios[index] : NULL;
}

int hd_variant_find(const struct hd_scenario *scenario, const char *name)
{
    return hd_list_find(scenario, HD_LIST_VARIANTS, hd_word_of(name));
}

enum hd_error hd_setting_parse(const struct hd_catalogue *catalogue, const char *text,
                               struct hd_setting *ret_setting, struct hd_diag *diag)
{
    struct hd_setting setting = { .variant = 0 };
    struct hd_word scenario = hd_word_of(text), variant;
    /* A program's name is its path: it has slashes of its own. */
    bool has_variant = scenario_index(catalogue, scenario) < 0 &&
                       hd_word_split(scenario, '/', &scenario, &variant);
    enum hd_error error;

    error = hd_scenario_parse(catalogue, scenario, &setting.scenario, diag);
    if (!error && has_variant)
        error = hd_variant_parse(setting.scenario, variant, &setting.variant, diag);
    if (error)
        return error;
    hd_workload_default(setting.scenario, &setting.workload);
    *ret_setting = setting;
    return HD_OK;
}
