/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For people: what went wrong and what to do, then the sums; what is in order is a line a file. */
#include "gate/formats.h"

#include <inttypes.h>

#include "report/story.h"

/* From so many scenarios on, a quarter of all, nobody has broken each of them. */
#define MANY 3

const char *hd_gate_hint(const struct hd_gate_result *result)
{
    if (result->scenarios_failed < MANY || 4 * result->scenarios_failed < result->scenarios)
        return NULL;
    return "Many scenarios fail: look at what they share before any of them. Run the tests of the "
           "engine and of the models' common code (ctest -R 'engine|oracle|determinism').";
}

void hd_gate_sums(const struct hd_gate_result *result, FILE *out)
{
    fprintf(out, "%" PRIu32 " checks: %" PRIu32 " passed, %" PRIu32 " failed", result->check_count,
            result->counts[HD_GATE_PASSED], result->counts[HD_GATE_FAILED]);
    for (unsigned i = HD_GATE_SKIPPED; i < HD_GATE_FAILED; i++)
        if (result->counts[i])
            fprintf(out, ", %" PRIu32 " %s", result->counts[i],
                    hd_gate_outcome_word((enum hd_gate_outcome)i));
    fputc('\n', out);
}

const char *hd_gate_verdict(const struct hd_gate_result *result)
{
    switch (result->outcome) {
    case HD_GATE_FAILED:
        return "the gate is closed";
    case HD_GATE_ERROR:
        return "no verdict: something could not be done";
    case HD_GATE_STOPPED:
        return "no verdict: stopped before complete";
    default:
        return "the gate is open";
    }
}

static void print_check(const struct hd_gate_check *check, FILE *out)
{
    fprintf(out, "  %s: %s: %s\n", check->name, hd_gate_outcome_word(check->outcome), check->text);
    if (check->where)
        fprintf(out, "    in %s() (%s:%" PRIu32 ")\n", check->where->function,
                hd_site_file(check->where), check->where->line);
    if (check->advice[0])
        fprintf(out, "    %s\n", check->advice);
}

enum hd_error hd_gate_text(const struct hd_gate_result *result, FILE *out)
{
    for (uint32_t i = 0; i < result->group_count; i++) {
        const struct hd_gate_group *group = &result->groups[i];
        uint32_t passed = 0;

        for (uint32_t j = 0; j < group->count; j++)
            passed += result->checks[group->first + j].outcome == HD_GATE_PASSED;
        fprintf(out, "%s: %" PRIu32 " of %" PRIu32 " passed\n", group->name, passed, group->count);
        for (uint32_t j = 0; j < group->count; j++) {
            const struct hd_gate_check *check = &result->checks[group->first + j];

            if (check->outcome != HD_GATE_PASSED || check->step >= HD_GATE_PROOF)
                print_check(check, out);
        }
    }
    hd_gate_sums(result, out);
    if (hd_gate_hint(result))
        fprintf(out, "%s\n", hd_gate_hint(result));
    fprintf(out, "%s\n", hd_gate_verdict(result));
    return HD_OK;
}
