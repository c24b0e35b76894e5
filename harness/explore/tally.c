/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sums and findings.  Equal findings are one; which of them is kept must not depend on who ran
 * what, so the earliest execution wins, and of more than HD_FINDINGS_MAX the later ones are only
 * counted among the violations.
 */
#include "explore/tally.h"

#include <string.h>

#include "base/prng.h"

static uint64_t mix_text(uint64_t hash, const char *text)
{
    while (*text)
        hash = hd_mix64(hash ^ (unsigned char)*text++) + UINT64_C(0x9e3779b97f4a7c15);
    return hd_mix64(hash ^ 0x100); /* outside the bytes: "ab", "c" differs from "a", "bc" */
}

uint64_t hd_fingerprint(const struct hd_setting *setting, const struct hd_verdict *verdict)
{
    uint64_t hash = mix_text(0, setting->scenario->name);

    hash = mix_text(hash, setting->scenario->variants[setting->variant].name);
    hash = mix_text(hash, verdict->kind);
    return mix_text(hash, verdict->site ? verdict->site : "");
}

static struct hd_finding *find(struct hd_explore_result *tally, uint64_t fingerprint)
{
    for (unsigned i = 0; i < tally->finding_count; i++)
        if (tally->findings[i].fingerprint == fingerprint)
            return &tally->findings[i];
    return NULL;
}

static enum hd_error add_finding(struct hd_explore_result *tally, const struct hd_engine *engine,
                                 const struct hd_execution *execution, uint64_t number)
{
    uint64_t fingerprint = hd_fingerprint(hd_engine_setting(engine), &execution->verdict);
    struct hd_finding *finding = find(tally, fingerprint);
    enum hd_error error;

    if (finding) {
        finding->hits++;
        return HD_OK;
    }
    if (tally->finding_count == HD_FINDINGS_MAX)
        return HD_OK;
    finding = &tally->findings[tally->finding_count];
    *finding = (struct hd_finding){ .execution = number,
                                    .fingerprint = fingerprint,
                                    .hits = 1,
                                    .digest = execution->digest };
    hd_verdict_format(&execution->verdict, finding->verdict, sizeof finding->verdict);
    error = hd_case_from_execution(engine, execution, &finding->the_case);
    if (!error)
        tally->finding_count++;
    return error;
}

enum hd_error hd_tally_add(struct hd_explore_result *tally, const struct hd_engine *engine,
                           const struct hd_execution *execution, uint64_t number, bool wanted)
{
    tally->executions++;
    tally->steps += execution->trace.length;
    if (tally->choices_max < execution->trace.choices)
        tally->choices_max = execution->trace.choices;
    if (execution->cut) {
        tally->redundant++;
        return HD_OK;
    }
    tally->digest += execution->digest;
    if (execution->verdict.holds)
        return HD_OK;
    tally->violations++;
    return wanted ? add_finding(tally, engine, execution, number) : HD_OK;
}

void hd_tally_merge(struct hd_explore_result *into, struct hd_explore_result *from)
{
    into->executions += from->executions;
    into->steps += from->steps;
    into->violations += from->violations;
    into->redundant += from->redundant;
    into->digest += from->digest;
    if (into->choices_max < from->choices_max)
        into->choices_max = from->choices_max;
    for (unsigned i = 0; i < from->finding_count; i++) {
        struct hd_finding *theirs = &from->findings[i];
        struct hd_finding *ours = find(into, theirs->fingerprint);

        if (ours) {
            ours->hits += theirs->hits;
        } else if (into->finding_count < HD_FINDINGS_MAX) {
            into->findings[into->finding_count++] = *theirs;
            theirs->the_case = NULL;
        }
    }
    hd_explore_result_free(from);
}

void hd_explore_result_free(struct hd_explore_result *result)
{
    for (unsigned i = 0; i < result->finding_count; i++)
        if (result->findings[i].the_case)
            hd_case_free(result->findings[i].the_case);
    memset(result, 0, sizeof *result);
}
