/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where could a segment end instead?  At every landmark that its actor came to in this execution,
 * and after every operation on something that has a name.  Whether it still fails there is for the
 * pass to find out.
 */
#include <stdlib.h>
#include <string.h>

#include "input/names.h"
#include "minimise/words.h"

unsigned hd_wording_rank(const struct hd_segment *segment)
{
    switch (segment->until) {
    case HD_UNTIL_END:
        return 0;
    case HD_UNTIL_BLOCKED:
        return 1;
    case HD_UNTIL_LANDMARK:
        return segment->nth ? 3 : 2;
    case HD_UNTIL_AFTER:
        return 4;
    case HD_UNTIL_COUNT:
    case HD_UNTIL_CHOICES:
        break;
    }
    return 5;
}

int hd_landmark_of(const struct hd_scenario *scenario, unsigned variant, const char *function)
{
    const struct hd_landmark_info *landmarks = scenario->landmarks;

    for (int i = 0; landmarks && landmarks[i].name; i++)
        if (landmarks[i].names[variant] && !strcmp(landmarks[i].names[variant], function))
            return i;
    return -1;
}

/* What is being looked for, and where one is.  Positions are counts of the actor's own steps. */
struct search {
    const struct hd_engine *engine;
    const struct hd_trace *trace;
    const struct hd_segment *segment;
    hd_actor_id actor;
    uint32_t begin, end; /* the segment's first position, and where it ends now */
    uint32_t hits[HD_LANDMARKS_MAX]; /* entries so far */
    bool since[HD_LANDMARKS_MAX];    /* one of them behind begin */
    struct hd_wording *wordings;
    uint32_t count, found;
};

/* Keeps the best and nearest, in order. */
static void add(struct search *search, struct hd_segment segment, uint32_t position)
{
    struct hd_wording *wordings = search->wordings;
    struct hd_wording wording = {
        .segment = segment,
        .distance = position > search->end ? position - search->end : search->end - position,
        .order = search->found++,
    };
    unsigned rank = hd_wording_rank(&segment);
    uint32_t at = search->count;

    if (rank >= hd_wording_rank(search->segment))
        return;
    while (at > 0 && (hd_wording_rank(&wordings[at - 1].segment) > rank ||
                      (hd_wording_rank(&wordings[at - 1].segment) == rank &&
                       wordings[at - 1].distance > wording.distance)))
        at--;
    if (at == HD_WORDINGS_MAX)
        return;
    if (search->count < HD_WORDINGS_MAX)
        search->count++;
    memmove(&wordings[at + 1], &wordings[at], (search->count - at - 1) * sizeof *wordings);
    wordings[at] = wording;
}

static struct hd_segment same_actor(const struct search *search, enum hd_until until)
{
    return (struct hd_segment){ .until = until,
                                .role = search->segment->role,
                                .instance = search->segment->instance,
                                .index = -1 };
}

/* The actor has entered a function; it stands at `position`. */
static void add_landmark(struct search *search, const char *function, uint32_t position)
{
    const struct hd_setting *setting = hd_engine_setting(search->engine);
    int landmark = hd_landmark_of(setting->scenario, setting->variant, function);
    struct hd_segment segment = same_actor(search, HD_UNTIL_LANDMARK);

    if (landmark < 0)
        return;
    search->hits[landmark]++;
    if (position <= search->begin)
        return;
    segment.landmark = (uint8_t)landmark;
    if (!search->since[landmark])
        add(search, segment, position);
    search->since[landmark] = true;
    segment.nth = search->hits[landmark];
    add(search, segment, position);
}

/* Only what is named itself: not the nearest thing that is. */
static void add_after(struct search *search, const struct hd_step *step, uint32_t position)
{
    struct hd_segment segment = same_actor(search, HD_UNTIL_AFTER);
    char name[HD_NAME_BYTES];
    int length;

    if (position <= search->begin || !step->outcome)
        return;
    segment.op = step->op;
    if (step->object != HD_OBJECT_NONE) {
        length = hd_object_format(search->engine, step->object, name, sizeof name);
        if (length < 0 || (size_t)length >= sizeof name ||
            !hd_name_parse(hd_word_of(name), segment.name, &segment.index) ||
            hd_object_find(search->engine, segment.name, segment.index) != step->object)
            return;
    }
    add(search, segment, position);
}

/* Through the trace and the notes beside it. */
static void walk(struct search *search)
{
    const struct hd_trace *trace = search->trace;
    uint32_t position = 0, note = 0;

    for (uint32_t i = 0; i <= trace->length; i++) {
        for (; note < trace->note_count && trace->notes[note].at <= i; note++)
            if (trace->notes[note].actor == search->actor && trace->notes[note].enter)
                add_landmark(search, trace->notes[note].site->what, position);
        if (i < trace->length && trace->steps[i].actor == search->actor)
            add_after(search, &trace->steps[i], ++position);
    }
}

uint32_t hd_wordings(const struct hd_engine *engine, const struct hd_case *the_case,
                     const struct hd_attempt *attempt, const uint32_t *steps, uint32_t index,
                     struct hd_wording wordings[HD_WORDINGS_MAX])
{
    const struct hd_segment *segment = &the_case->segments[index];
    struct search search = { .engine = engine,
                             .trace = &attempt->execution.trace,
                             .segment = segment,
                             .wordings = wordings };
    uint32_t count;
    const struct hd_segment_report *reports = hd_guided_reports(attempt->guided, &count);

    search.actor = hd_engine_actor_find(engine, segment->role, segment->instance);
    if (index >= count || search.actor == HD_ACTOR_NONE)
        return 0;
    for (uint32_t i = 0; i < reports[index].first_step; i++)
        search.begin += search.trace->steps[i].actor == search.actor;
    search.end = search.begin + steps[index];
    if (segment->until == HD_UNTIL_COUNT && steps[index] > segment->count)
        search.end = search.begin + segment->count; /* the last segment, and then the default */
    if (!hd_is_stuck(&attempt->execution, search.actor))
        add(&search, same_actor(&search, HD_UNTIL_END), search.end);
    add(&search, same_actor(&search, HD_UNTIL_BLOCKED), search.end);
    walk(&search);
    return search.count;
}
