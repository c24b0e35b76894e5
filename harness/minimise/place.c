/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "minimise/place.h"

#include "minimise/words.h"

uint32_t hd_steps_before(const struct hd_trace *trace, hd_actor_id actor, uint32_t step)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < step && i < trace->length; i++)
        count += trace->steps[i].actor == actor;
    return count;
}

/* The functions that the actor is in, as the notes tell. */
struct calls {
    const char *names[HD_CALL_DEPTH_MAX];
    uint32_t depth;
    int landmark; /* the first entered since its latest step */
};

static void follow(struct calls *calls, const struct hd_note *note,
                   const struct hd_setting *setting)
{
    if (note->depth >= HD_CALL_DEPTH_MAX)
        return;
    calls->depth = note->depth;
    if (!note->enter)
        return;
    calls->names[calls->depth++] = note->site->what;
    if (calls->landmark < 0)
        calls->landmark = hd_landmark_of(setting->scenario, setting->variant, note->site->what);
}

/* The actor has taken all its steps: does it wait, or did it take a wrong one that is none? */
static void stand_at_the_end(const struct hd_execution *execution, struct hd_place *place)
{
    const struct hd_verdict *verdict = &execution->verdict;

    if (!verdict->holds && verdict->actor == place->actor)
        place->site = verdict->where;
    for (uint32_t i = 0; i < execution->stuck_count; i++) {
        const struct hd_stuck *stuck = &execution->stuck[i];

        if (stuck->actor != place->actor)
            continue;
        place->waits = true;
        place->site = stuck->site;
        place->step = (struct hd_step){
            .actor = stuck->actor, .op = stuck->op, .object = stuck->object
        };
    }
}

struct hd_place hd_place_at(const struct hd_engine *engine, const struct hd_execution *execution,
                            hd_actor_id actor, uint32_t nth)
{
    const struct hd_trace *trace = &execution->trace;
    struct calls calls = { .landmark = -1 };
    struct hd_place place = { .actor = actor, .landmark = -1 };
    uint32_t note = 0;

    for (uint32_t i = 0; i <= trace->length && !place.taken; i++) {
        for (; note < trace->note_count && trace->notes[note].at <= i; note++)
            if (trace->notes[note].actor == actor)
                follow(&calls, &trace->notes[note], hd_engine_setting(engine));
        if (i == trace->length || trace->steps[i].actor != actor)
            continue;
        if (place.nth == nth) {
            place.taken = true;
            place.step = trace->steps[i];
            place.site = trace->wheres[i].site;
        } else {
            place.nth++;
            calls.landmark = -1;
        }
    }
    if (!place.taken)
        stand_at_the_end(execution, &place);
    place.function = calls.depth ? calls.names[calls.depth - 1] : NULL;
    place.landmark = calls.landmark;
    return place;
}

struct hd_place hd_place_of_step(const struct hd_engine *engine,
                                 const struct hd_execution *execution, uint32_t step)
{
    hd_actor_id actor = execution->trace.steps[step].actor;

    return hd_place_at(engine, execution, actor, hd_steps_before(&execution->trace, actor, step));
}
