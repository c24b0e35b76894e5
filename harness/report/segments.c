/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What became of each segment of a guided replay, in words. */
#include "report/story.h"

#include <inttypes.h>
#include <stdio.h>

#include "input/names.h"

/* "flusher", "writer[1]", "rcu", or a fault's name; also where this setting has no such actor. */
static const char *segment_actor(struct hd_story *story, const struct hd_segment *segment)
{
    const struct hd_scenario *scenario = story->scenario;
    hd_actor_id actor =
        hd_engine_actor_find(story->report->engine, segment->role, segment->instance);

    if (actor < story->actor_count)
        return story->actors[actor].name;
    if (segment->role == HD_ROLE_RCU)
        return "rcu";
    if (segment->role >= HD_ROLE_FAULT)
        return scenario->faults[segment->role - HD_ROLE_FAULT];
    return segment->instance ? hd_pool_format(&story->pool, "%s[%u]",
                                              scenario->roles[segment->role].name,
                                              (unsigned)segment->instance)
                             : scenario->roles[segment->role].name;
}

static const char *segment_end(struct hd_story *story, const struct hd_segment *segment)
{
    char name[2 * HD_NAME_BYTES];

    switch (segment->until) {
    case HD_UNTIL_LANDMARK:
        if (segment->nth)
            return hd_pool_format(&story->pool, "until %s#%" PRIu32,
                                  story->scenario->landmarks[segment->landmark].name, segment->nth);
        return hd_pool_format(&story->pool, "until %s",
                              story->scenario->landmarks[segment->landmark].name);
    case HD_UNTIL_AFTER:
        hd_name_format(name, sizeof name, segment->name, segment->index);
        return hd_pool_format(&story->pool, "after %s.%s", name, hd_op_word(segment->op));
    case HD_UNTIL_BLOCKED:
        return "until blocked";
    case HD_UNTIL_END:
        return "until end";
    case HD_UNTIL_COUNT:
        return hd_pool_format(&story->pool, "for %" PRIu32, segment->count);
    case HD_UNTIL_CHOICES:
        return hd_pool_format(&story->pool, "for %" PRIu32 " choices", segment->count);
    }
    return "?";
}

/* Why it was not carried out. */
static const char *reason(struct hd_story *story, const struct hd_segment *segment,
                          const struct hd_segment_report *report, const struct hd_story_fact *fact)
{
    switch (report->outcome) {
    case HD_CARRIED:
        return "carried out";
    case HD_NOT_BLOCKED:
        if (!fact->holder)
            return hd_pool_format(&story->pool, "not carried out: %s waits in %s() (%s%s%s)",
                                  fact->actor, fact->function ? fact->function : "?", fact->op,
                                  fact->object ? " " : "", fact->object ? fact->object : "");
        return hd_pool_format(
            &story->pool, "not carried out: %s waits for %s (%s), held by %s since step %" PRIu32,
            fact->actor, fact->object ? fact->object : fact->op,
            fact->function ? fact->function : fact->op, fact->holder, fact->since);
    case HD_NOT_ENDED:
        return hd_pool_format(&story->pool, "not carried out: %s ended before", fact->actor);
    case HD_NOT_REACHED:
        if (segment->until == HD_UNTIL_LANDMARK)
            return hd_pool_format(&story->pool, "%s was never reached",
                                  story->scenario->landmarks[segment->landmark].name);
        return "its end was never reached";
    case HD_NOTHING_TO_DO:
        return hd_pool_format(&story->pool, "nothing to do for %s", fact->actor);
    case HD_NOT_PRESENT:
        return "not carried out: this variant or workload has no such actor or place";
    }
    return "?";
}

static const char *const outcome_words[] = {
    [HD_CARRIED] = "carried out",   [HD_NOT_BLOCKED] = "blocked",
    [HD_NOT_ENDED] = "ended",       [HD_NOT_REACHED] = "never reached",
    [HD_NOTHING_TO_DO] = "nothing to do", [HD_NOT_PRESENT] = "not present",
};

void hd_story_segments(struct hd_story *story)
{
    const struct hd_report *report = story->report;

    if (!report->segments || !report->the_case)
        return;
    story->segments.items =
        hd_pool_array(&story->pool, report->segment_count, sizeof *story->segments.items);
    if (!story->segments.items)
        return;
    for (uint32_t i = 0; i < report->segment_count; i++) {
        const struct hd_segment_report *told = &report->segments[i];
        const struct hd_segment *segment = &report->the_case->segments[told->segment];
        struct hd_story_fact *fact = &story->segments.items[story->segments.count++];
        bool blocked = told->outcome == HD_NOT_BLOCKED;

        *fact = (struct hd_story_fact){
            .actor = segment_actor(story, segment),
            .outcome = outcome_words[told->outcome],
            .number = told->segment + 1,
            .since = HD_STEP_NONE,
        };
        if (blocked) {
            fact->op = hd_op_word(told->pending.op);
            fact->object = hd_story_object(story, report->engine, told->pending.object);
            fact->function = told->site ? told->site->function : NULL;
        }
        if (blocked && told->holder < story->actor_count) {
            fact->holder = hd_story_actor_name(story, told->holder);
            fact->since = told->since;
        }
        fact->sentence = hd_pool_format(&story->pool, "segment %" PRIu32 " (run %s %s): %s",
                                        fact->number, fact->actor, segment_end(story, segment),
                                        reason(story, segment, told, fact));
    }
}
