/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The first pass: who need not take part?  What is left of an actor that is dropped goes too. */
#include "input/lists.h"
#include "minimise/shrink.h"

/* Does the role have as many instances as this parameter says? */
static bool counts(const struct hd_scenario *scenario, unsigned role, unsigned param)
{
    return role < hd_list_count(scenario, HD_LIST_ROLES) &&
           scenario->roles[role].count_param == param + 1;
}

static void remove_role(struct hd_case *the_case, unsigned role)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < the_case->segment_count; i++)
        if (the_case->segments[i].role != role)
            the_case->segments[kept++] = the_case->segments[i];
    the_case->segment_count = kept;
}

/* One instance less of all roles that the parameter counts; those behind it move up. */
static void remove_instance(struct hd_case *the_case, unsigned param, unsigned instance)
{
    uint32_t kept = 0;

    the_case->setting.workload.params[param]--;
    for (uint32_t i = 0; i < the_case->segment_count; i++) {
        struct hd_segment segment = the_case->segments[i];

        if (counts(the_case->setting.scenario, segment.role, param)) {
            if (segment.instance == instance)
                continue;
            segment.instance = (uint8_t)(segment.instance - (segment.instance > instance));
        }
        the_case->segments[kept++] = segment;
    }
    the_case->segment_count = kept;
}

static bool drop_a_role(struct hd_shrink *shrink)
{
    unsigned roles = hd_list_count(shrink->best->setting.scenario, HD_LIST_ROLES);

    for (unsigned role = 0; role < roles; role++) {
        struct hd_case *candidate;

        if (shrink->best->setting.workload.off[role])
            continue;
        candidate = hd_shrink_copy(shrink);
        if (candidate) {
            candidate->setting.workload.off[role] = 1;
            remove_role(candidate, role);
        }
        if (hd_shrink_try(shrink, candidate))
            return true;
        if (hd_shrink_is_over(shrink))
            return false;
    }
    return false;
}

static bool drop_an_instance(struct hd_shrink *shrink, unsigned param)
{
    const struct hd_setting *setting = &shrink->best->setting;
    uint64_t count = setting->workload.params[param];

    if (count <= 1 || count <= setting->scenario->params[param].min)
        return false;
    for (unsigned instance = (unsigned)count; instance-- > 0;) {
        struct hd_case *candidate = hd_shrink_copy(shrink);

        if (candidate)
            remove_instance(candidate, param, instance);
        if (hd_shrink_try(shrink, candidate))
            return true;
        if (hd_shrink_is_over(shrink))
            return false;
    }
    return false;
}

static bool counts_any(const struct hd_scenario *scenario, unsigned param)
{
    unsigned roles = hd_list_count(scenario, HD_LIST_ROLES);

    for (unsigned role = 0; role < roles; role++)
        if (counts(scenario, role, param))
            return true;
    return false;
}

bool hd_pass_actors(struct hd_shrink *shrink)
{
    const struct hd_scenario *scenario = shrink->best->setting.scenario;
    unsigned params = hd_list_count(scenario, HD_LIST_PARAMS);

    if (drop_a_role(shrink))
        return true;
    for (unsigned param = 0; param < params; param++)
        if (counts_any(scenario, param) && drop_an_instance(shrink, param))
            return true;
    return false;
}
