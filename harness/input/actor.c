/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/actor.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/assert.h"
#include "input/lists.h"

static_assert(HD_ROLE_FAULT + HD_FAULTS_MAX <= UINT8_MAX, "a role fits a byte");

uint64_t hd_actor_instances(const struct hd_setting *setting, unsigned role)
{
    unsigned count_param = setting->scenario->roles[role].count_param;

    return count_param ? setting->workload.params[count_param - 1] : 1;
}

int hd_actor_format(char *text, size_t bytes, const struct hd_setting *setting, unsigned role,
                    unsigned instance)
{
    if (role == HD_ROLE_RCU)
        return snprintf(text, bytes, "rcu");
    if (role >= HD_ROLE_FAULT)
        return snprintf(text, bytes, "%s",
                        hd_list_name(setting->scenario, HD_LIST_FAULTS, role - HD_ROLE_FAULT));
    return hd_name_format(text, bytes, hd_list_name(setting->scenario, HD_LIST_ROLES, role),
                          hd_actor_instances(setting, role) > 1 ? (int)instance : -1);
}

static enum hd_error fail_unknown(const struct hd_setting *setting, struct hd_word word,
                                  struct hd_diag *diag)
{
    struct hd_offer offer = hd_offer_to(word);
    unsigned faults = hd_list_count(setting->scenario, HD_LIST_FAULTS);

    hd_list_offer(setting->scenario, HD_LIST_ROLES, &offer);
    if (setting->scenario->uses_rcu_callbacks)
        hd_offer_add(&offer, "rcu");
    for (unsigned i = 0; i < faults; i++)
        if (setting->workload.faults[i] == HD_FAULT_CHOICE)
            hd_offer_add(&offer, setting->scenario->faults[i]);
    return hd_offer_fail(&offer, "an actor", diag);
}

/* An actor that is no role: the RCU service, or a fault that the schedule may arm. */
static enum hd_error other_parse(const struct hd_setting *setting, struct hd_word word,
                                 uint8_t *ret_role, struct hd_diag *diag)
{
    int fault = hd_list_find(setting->scenario, HD_LIST_FAULTS, word);

    if (setting->scenario->uses_rcu_callbacks && hd_word_is(word, "rcu")) {
        *ret_role = HD_ROLE_RCU;
        return HD_OK;
    }
    if (fault < 0)
        return fail_unknown(setting, word, diag);
    if (setting->workload.faults[fault] != HD_FAULT_CHOICE)
        return hd_fail(diag, HD_E_RANGE,
                       "expected an actor that takes part, found '%s', a fault that the workload "
                       "does not set to 'choice'", hd_quote(word).text);
    *ret_role = (uint8_t)(HD_ROLE_FAULT + fault);
    return HD_OK;
}

static enum hd_error instance_parse(const struct hd_setting *setting, unsigned role,
                                    struct hd_word word, int32_t index, uint8_t *ret_instance,
                                    struct hd_diag *diag)
{
    uint64_t count = hd_actor_instances(setting, role);
    const char *name = setting->scenario->roles[role].name;

    if (setting->workload.off[role] || count == 0)
        return hd_fail(diag, HD_E_RANGE,
                       "expected an actor that takes part, found '%s', which the workload "
                       "switches off", hd_quote(word).text);
    if (count > HD_ACTORS_MAX)
        count = HD_ACTORS_MAX; /* no engine has more, and an instance must fit its byte */
    if (index < 0 ? count > 1 : (uint64_t)index >= count)
        return hd_fail(diag, HD_E_RANGE, "expected %s[I] with I in 0..%" PRIu64 ", found '%s'",
                       name, count - 1, hd_quote(word).text);
    *ret_instance = (uint8_t)(index < 0 ? 0 : index);
    return HD_OK;
}

enum hd_error hd_actor_parse(const struct hd_setting *setting, struct hd_word word,
                             uint8_t *ret_role, uint8_t *ret_instance, struct hd_diag *diag)
{
    char name[HD_NAME_BYTES];
    int32_t index;
    int role = -1;
    enum hd_error error;

    if (hd_name_parse(word, name, &index))
        role = hd_list_find(setting->scenario, HD_LIST_ROLES, hd_word_of(name));
    if (role >= 0) {
        error = instance_parse(setting, (unsigned)role, word, index, ret_instance, diag);
        if (!error)
            *ret_role = (uint8_t)role;
        return error;
    }
    error = other_parse(setting, word, ret_role, diag);
    if (!error)
        *ret_instance = 0;
    return error;
}
