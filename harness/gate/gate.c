/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gate: plan, do, count. */
#include "gate/gate.h"

#include <string.h>

#include "base/alloc.h"

const char *hd_gate_step_word(enum hd_gate_step step)
{
    static const char *const words[] = {
#define WORD(name, word, summary) word,
        HD_GATE_STEPS(WORD)
#undef WORD
    };

    return words[step];
}

const char *hd_gate_outcome_word(enum hd_gate_outcome outcome)
{
    static const char *const words[] = {
#define WORD(name, word) word,
        HD_GATE_OUTCOMES(WORD)
#undef WORD
    };

    return words[outcome];
}

static bool is_about(const struct hd_gate_result *result, uint32_t before,
                     const struct hd_scenario *scenario, bool failed)
{
    for (uint32_t i = 0; i < before; i++)
        if (result->checks[i].setting.scenario == scenario &&
            (!failed || result->checks[i].outcome == HD_GATE_FAILED))
            return true;
    return false;
}

static void count(struct hd_gate_result *result)
{
    for (uint32_t i = 0; i < result->check_count; i++) {
        const struct hd_gate_check *check = &result->checks[i];
        const struct hd_scenario *scenario = check->setting.scenario;

        result->counts[check->outcome]++;
        if (result->outcome < check->outcome)
            result->outcome = check->outcome;
        if (!scenario)
            continue;
        result->scenarios += !is_about(result, i, scenario, false);
        result->scenarios_failed +=
            check->outcome == HD_GATE_FAILED && !is_about(result, i, scenario, true);
    }
}

enum hd_error hd_gate(const struct hd_gate_options *options, struct hd_gate_result *ret_result,
                      struct hd_diag *diag)
{
    struct hd_gate gate = { .options = options };
    enum hd_error error;

    if (options->time_ns)
        gate.deadline_ns = hd_gate_now() + options->time_ns;
    error = hd_gate_plan(&gate, diag);
    if (!error)
        error = hd_gate_do(&gate, diag);
    if (error) {
        hd_gate_free(&gate.result);
        return error;
    }
    hd_gate_write_findings(&gate);
    count(&gate.result);
    *ret_result = gate.result;
    return HD_OK;
}

void hd_gate_free(struct hd_gate_result *result)
{
    for (uint32_t i = 0; i < result->check_count; i++) {
        hd_case_free(result->checks[i].finding);
        hd_dealloc(result->checks[i].path);
    }
    for (uint32_t i = 0; i < result->group_count; i++) {
        hd_case_free(result->groups[i].the_case);
        hd_dealloc(result->groups[i].name);
    }
    hd_dealloc(result->checks);
    hd_dealloc(result->groups);
    memset(result, 0, sizeof *result);
}
