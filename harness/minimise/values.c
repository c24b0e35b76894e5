/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The last pass: what the workload needs not say.  Faults go off, start conditions and parameters
 * go back to their defaults, or as near to them as still fails.  Parameters that count actors are
 * the first pass's.
 */
#include "input/lists.h"
#include "input/workload.h"
#include "minimise/shrink.h"

static bool try_workload(struct hd_shrink *shrink, const struct hd_workload *workload)
{
    struct hd_case *candidate;

    if (hd_workload_check(shrink->best->setting.scenario, workload, NULL))
        return false; /* it would wait for itself */
    candidate = hd_shrink_copy(shrink);
    if (candidate)
        candidate->setting.workload = *workload;
    return hd_shrink_try(shrink, candidate);
}

/* As try_workload(), with nothing of an actor left that arms the fault. */
static bool try_fault(struct hd_shrink *shrink, unsigned fault, enum hd_fault_mode mode)
{
    struct hd_case *candidate = hd_shrink_copy(shrink);
    uint32_t kept = 0;

    if (candidate) {
        candidate->setting.workload.faults[fault] = (uint8_t)mode;
        for (uint32_t i = 0; i < candidate->segment_count; i++)
            if (candidate->segments[i].role != HD_ROLE_FAULT + fault)
                candidate->segments[kept++] = candidate->segments[i];
        candidate->segment_count = kept;
    }
    return hd_shrink_try(shrink, candidate);
}

/* Off is less than always, and always less than somewhere. */
static bool lower_faults(struct hd_shrink *shrink)
{
    const struct hd_setting *setting = &shrink->best->setting;
    unsigned faults = hd_list_count(setting->scenario, HD_LIST_FAULTS);

    for (unsigned i = 0; i < faults; i++) {
        unsigned mode = setting->workload.faults[i];

        if (mode != HD_FAULT_OFF && try_fault(shrink, i, HD_FAULT_OFF))
            return true;
        if (mode == HD_FAULT_CHOICE && try_fault(shrink, i, HD_FAULT_ON))
            return true;
    }
    return false;
}

/* The default is plainest, then none at all. */
static bool lower_conditions(struct hd_shrink *shrink, const struct hd_workload *defaults)
{
    const struct hd_setting *setting = &shrink->best->setting;
    unsigned roles = hd_list_count(setting->scenario, HD_LIST_ROLES);

    for (unsigned i = 0; i < roles; i++) {
        struct hd_workload workload = setting->workload;
        uint8_t after = workload.after[i];

        if (after == defaults->after[i])
            continue;
        workload.after[i] = defaults->after[i];
        if (try_workload(shrink, &workload))
            return true;
        workload.after[i] = HD_AFTER_NONE;
        if (after != HD_AFTER_NONE && try_workload(shrink, &workload))
            return true;
    }
    return false;
}

static bool counts_actors(const struct hd_scenario *scenario, unsigned param)
{
    unsigned roles = hd_list_count(scenario, HD_LIST_ROLES);

    for (unsigned i = 0; i < roles; i++)
        if (scenario->roles[i].count_param == param + 1)
            return true;
    return false;
}

/* All the way to the default, else half of it, else one. */
static bool lower_param(struct hd_shrink *shrink, unsigned param, uint64_t standard)
{
    struct hd_workload workload = shrink->best->setting.workload;
    uint64_t now = workload.params[param];
    uint64_t tries[3];

    if (now == standard)
        return false;
    tries[0] = standard;
    tries[1] = standard < now ? standard + (now - standard) / 2 : now + (standard - now + 1) / 2;
    tries[2] = standard < now ? now - 1 : now + 1;
    for (unsigned i = 0; i < 3; i++) {
        workload.params[param] = tries[i];
        if (try_workload(shrink, &workload))
            return true;
    }
    return false;
}

bool hd_pass_values(struct hd_shrink *shrink)
{
    const struct hd_scenario *scenario = shrink->best->setting.scenario;
    unsigned params = hd_list_count(scenario, HD_LIST_PARAMS);
    struct hd_workload defaults;

    hd_workload_default(scenario, &defaults);
    if (lower_faults(shrink) || lower_conditions(shrink, &defaults))
        return true;
    for (unsigned i = 0; i < params; i++)
        if (!counts_actors(scenario, i) && lower_param(shrink, i, defaults.params[i]))
            return true;
    return false;
}
