/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where a guided replay went otherwise than the case's own execution: each attempt (a trylock, a
 * tryget) and each wait, by the same actor on the same object for the same time, that had another
 * outcome.  Steps have no numbers in common, so they are paired by who, what and how-manieth.
 */
#include "report/story.h"

#include <inttypes.h>
#include <string.h>

/* One side of the comparison. */
struct side {
    const struct hd_engine *engine;
    const struct hd_trace *trace;
    struct hd_waits waits;
    const char **names; /* [i]: of step i's object, or "" */
};

static bool is_compared(uint8_t op)
{
    return hd_op_tries(op) || op == HD_OP_LOCK || op == HD_OP_READ_LOCK || op == HD_OP_WRITE_LOCK;
}

static bool name_objects(struct hd_story *story, struct side *side)
{
    side->names = hd_pool_array(&story->pool, side->trace->length, sizeof *side->names);
    if (!side->names)
        return false;
    for (uint32_t i = 0; i < side->trace->length; i++) {
        const struct hd_step *step = &side->trace->steps[i];
        const char *name =
            is_compared(step->op) ? hd_story_object(story, side->engine, step->object) : NULL;

        side->names[i] = name ? name : "";
    }
    return true;
}

/* Are these the same operation, by the same actor, on an object of the same name? */
static bool same(const struct side *a, uint32_t i, const struct side *b, uint32_t j)
{
    return a->trace->steps[i].op == b->trace->steps[j].op &&
           a->trace->steps[i].actor == b->trace->steps[j].actor &&
           strcmp(a->names[i], b->names[j]) == 0;
}

/* The reference's counterpart of step `at`, or HD_STEP_NONE. */
static uint32_t counterpart(const struct side *here, uint32_t at, const struct side *there)
{
    uint32_t rank = 0;

    for (uint32_t i = 0; i < at; i++)
        rank += same(here, i, here, at);
    for (uint32_t i = 0; i < there->trace->length; i++)
        if (same(here, at, there, i) && rank-- == 0)
            return i;
    return HD_STEP_NONE;
}

static const char *outcome_of(const struct side *side, uint32_t at)
{
    if (!side->trace->steps[at].outcome)
        return "failed";
    return side->waits.steps[at].waited ? "waited" : "succeeded";
}

static void tell(struct hd_story *story, const struct side *here, uint32_t at, const char *before,
                 const char *reference)
{
    const struct hd_step *step = &here->trace->steps[at];
    const struct hd_wait *wait = &here->waits.steps[at];
    const struct hd_site *site = here->trace->wheres[at].site;
    const char *held = "";
    struct hd_story_fact *fact = &story->differences.items[story->differences.count++];

    *fact = (struct hd_story_fact){
        .actor = hd_story_actor_name(story, step->actor),
        .op = hd_op_word(step->op),
        .object = hd_story_object(story, here->engine, step->object),
        .function = site ? site->function : NULL,
        .outcome = outcome_of(here, at),
        .number = at,
        .since = HD_STEP_NONE,
    };
    if (wait->holder < story->actor_count) {
        fact->holder = hd_story_actor_name(story, wait->holder);
        fact->since = wait->since;
        held = hd_pool_format(&story->pool, ", %s held by %s since step %" PRIu32,
                              fact->object ? fact->object : "it", fact->holder, fact->since);
    }
    fact->sentence = hd_pool_format(&story->pool, "%s: %s %s at step %" PRIu32 "%s; in `%s` it %s",
                                    fact->actor, fact->function ? fact->function : fact->op,
                                    fact->outcome, at, held, reference, before);
}

void hd_story_differences(struct hd_story *story)
{
    const struct hd_report *report = story->report;
    const struct hd_setting *setting;
    struct side here = { .engine = report->engine, .trace = &report->execution->trace };
    struct side there = { .engine = report->reference_engine };
    uint32_t room = 0;

    if (!report->reference || !report->reference_engine)
        return;
    there.trace = &report->reference->trace;
    setting = hd_engine_setting(there.engine);
    for (uint32_t i = 0; i < here.trace->length; i++)
        room += is_compared(here.trace->steps[i].op);
    story->differences.items =
        hd_pool_array(&story->pool, room, sizeof *story->differences.items);
    if (!story->differences.items || !name_objects(story, &here) || !name_objects(story, &there) ||
        !hd_waits_compute(&story->pool, here.trace, &here.waits) ||
        !hd_waits_compute(&story->pool, there.trace, &there.waits))
        return;
    for (uint32_t i = 0; i < here.trace->length; i++) {
        uint32_t other;

        if (!is_compared(here.trace->steps[i].op))
            continue;
        other = counterpart(&here, i, &there);
        if (other != HD_STEP_NONE && strcmp(outcome_of(&here, i), outcome_of(&there, other)) != 0)
            tell(story, &here, i, outcome_of(&there, other),
                 setting->scenario->variants[setting->variant].name);
    }
}
