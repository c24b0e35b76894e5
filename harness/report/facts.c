/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stood still at the end: locks that were held, and actors that could not go on. */
#include "report/story.h"

#include <inttypes.h>

static void tell_held(struct hd_story *story, const struct hd_hold *hold)
{
    struct hd_story_fact *fact = &story->held.items[story->held.count++];
    const char *object = hd_story_object(story, story->report->engine, hold->object);

    *fact = (struct hd_story_fact){
        .actor = hd_story_actor_name(story, hold->actor),
        .op = hold->shared ? "shared" : "exclusive",
        .object = object,
        .since = hold->since,
        .number = HD_STEP_NONE,
    };
    if (object)
        fact->sentence = hd_pool_format(&story->pool, "%s held %s%s since step %" PRIu32,
                                        fact->actor, object, hold->shared ? " (shared)" : "",
                                        hold->since);
    else
        fact->sentence = hd_pool_format(&story->pool,
                                        "%s was in an RCU read section since step %" PRIu32,
                                        fact->actor, hold->since);
}

static void tell_stuck(struct hd_story *story, const struct hd_stuck *stuck)
{
    struct hd_story_fact *fact = &story->stuck.items[story->stuck.count++];
    const char *what, *where;

    *fact = (struct hd_story_fact){
        .actor = hd_story_actor_name(story, stuck->actor),
        .op = hd_op_word(stuck->op),
        .object = hd_story_object(story, story->report->engine, stuck->object),
        .function = stuck->site ? stuck->site->function : NULL,
        .since = HD_STEP_NONE,
        .number = HD_STEP_NONE,
    };
    what = fact->object ? fact->object : fact->op;
    where = fact->function ? fact->function : fact->op;
    if (stuck->holder >= story->actor_count) {
        fact->sentence = hd_pool_format(&story->pool, "%s waits for ever in %s() (%s%s%s)",
                                        fact->actor, where, fact->op, fact->object ? " " : "",
                                        fact->object ? fact->object : "");
        return;
    }
    fact->holder = hd_story_actor_name(story, stuck->holder);
    fact->since = stuck->since;
    fact->sentence =
        hd_pool_format(&story->pool, "%s waits for %s (%s), held by %s since step %" PRIu32,
                       fact->actor, what, where, fact->holder, stuck->since);
}

void hd_story_standstill(struct hd_story *story)
{
    const struct hd_execution *execution = story->report->execution;
    struct hd_waits waits;

    if (!hd_waits_compute(&story->pool, &execution->trace, &waits))
        return;
    story->held.items = hd_pool_array(&story->pool, waits.held_count, sizeof *story->held.items);
    story->stuck.items =
        hd_pool_array(&story->pool, execution->stuck_count, sizeof *story->stuck.items);
    if (!story->held.items || !story->stuck.items)
        return;
    for (uint32_t i = 0; i < waits.held_count; i++)
        tell_held(story, &waits.held[i]);
    for (uint32_t i = 0; i < execution->stuck_count; i++)
        tell_stuck(story, &execution->stuck[i]);
}
