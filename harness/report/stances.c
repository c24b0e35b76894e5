/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What each actor is about to do at each moment, and whether it can.  The engine's predicate for
 * that, hd_can_go(), looks at memory; here the steps before and after must do, so the rules below
 * repeat it for what a trace shows.
 *
 * Cost: moments times actors; what waits for something else than a lock looks back through the
 * trace, so quadratic in the steps at worst.
 */
#include "report/story.h"

#include <inttypes.h>
#include <string.h>

/* What an actor's stance follows from; all of 32 bits, to be compared byte by byte. */
struct seen {
    uint32_t kind, at, since;
};

struct standing {
    struct hd_story *story;
    const struct hd_trace *trace;
    struct hd_waits waits;          /* as of the moment */
    uint32_t moment;
    uint32_t next[HD_ACTORS_MAX];   /* each actor's next step, or HD_STEP_NONE */
    struct seen seen[HD_ACTORS_MAX];
    bool *preempted; /* [m]: who took the step before moment m could have gone on */
};

/* What an actor stands before. */
struct pending {
    struct hd_step step;
    const struct hd_site *site;
    uint32_t at; /* the step that it will become, or HD_STEP_NONE */
};

const char *hd_stance_word(enum hd_stance_kind kind)
{
    static const char *const words[] = {
        [HD_STANCE_NEXT] = "next",   [HD_STANCE_WAITS] = "waits for", [HD_STANCE_IDLE] = "idle",
        [HD_STANCE_FAILS] = "fails", [HD_STANCE_ENDED] = "ended",
        [HD_STANCE_OFF] = "takes no part",
    };

    return words[kind];
}

/* A queue that was not empty in the beginning gives more than it is given. */
static bool has_item(const struct standing *standing, hd_object_id queue)
{
    enum hd_op puts = queue == HD_OBJECT_NONE ? HD_OP_RCU_CALL : HD_OP_PUSH;
    int64_t items = 0, least = 0, now = 0;

    for (uint32_t i = 0; i < standing->trace->length; i++) {
        const struct hd_step *step = &standing->trace->steps[i];

        if (i == standing->moment)
            now = items;
        if (step->object != queue || (step->op != puts && step->op != HD_OP_SERVE))
            continue;
        items += step->op == puts ? 1 : -1;
        least = items < least ? items : least;
    }
    if (standing->moment == standing->trace->length)
        now = items;
    return now > least;
}

/* Has the queue been woken since the actor prepared to wait on it? */
static bool was_woken(const struct standing *standing, const struct hd_step *wait)
{
    for (uint32_t i = standing->moment; i-- > 0;) {
        const struct hd_step *step = &standing->trace->steps[i];

        if (step->object == wait->object && step->op == HD_OP_WAKE)
            return true;
        if (step->object == wait->object && step->op == HD_OP_PREPARE &&
            step->actor == wait->actor)
            return false;
    }
    return false;
}

/* The latest step that says how often it was completed and not yet waited for does so. */
static bool is_complete(const struct standing *standing, hd_object_id completion)
{
    for (uint32_t i = standing->moment; i-- > 0;) {
        const struct hd_step *step = &standing->trace->steps[i];

        if (step->object == completion &&
            (step->op == HD_OP_COMPLETE || step->op == HD_OP_AWAIT))
            return step->value != 0;
    }
    return false;
}

/* A fair lock lets no reader in while a writer queues for it. */
static bool has_queued_writer(const struct standing *standing, hd_object_id lock)
{
    uint32_t queued = 0;

    for (uint32_t i = 0; i < standing->moment; i++) {
        const struct hd_step *step = &standing->trace->steps[i];

        if (step->object == lock && step->op == HD_OP_QUEUE_LOCK)
            queued++;
        else if (step->object == lock && step->op == HD_OP_WRITE_LOCK && queued > 0)
            queued--;
    }
    return queued > 0;
}

/* Another actor's read section that began before this one began to wait for readers. */
static const struct hd_hold *reader_before(const struct standing *standing, hd_actor_id actor)
{
    uint32_t began = standing->moment;

    while (began > 0 && standing->trace->steps[began - 1].actor != actor)
        began--;
    for (uint32_t i = 0; i < standing->waits.held_count; i++) {
        const struct hd_hold *hold = &standing->waits.held[i];

        if (hold->object == HD_OBJECT_NONE && hold->actor != actor && hold->since < began)
            return hold;
    }
    return NULL;
}

static bool may_start(const struct standing *standing, hd_actor_id actor)
{
    const struct hd_engine *engine = standing->story->report->engine;
    uint8_t role, instance;
    unsigned after;

    hd_engine_actor_role(engine, actor, &role, &instance);
    after = hd_engine_setting(engine)->workload.after[role];
    if (after < HD_AFTER_END) {
        for (uint32_t i = 0; i < standing->moment; i++)
            if (standing->trace->steps[i].op == HD_OP_MARK &&
                standing->trace->steps[i].value == after - HD_AFTER_MARK)
                return true;
        return false;
    }
    for (unsigned other = 0; other < standing->story->actor_count; other++) {
        hd_engine_actor_role(engine, (hd_actor_id)other, &role, &instance);
        if (role == after - HD_AFTER_END && standing->seen[other].kind != HD_STANCE_ENDED &&
            standing->seen[other].kind != HD_STANCE_OFF)
            return false;
    }
    return true;
}

/* Is nothing known that is in the way? */
static bool can_go(const struct standing *standing, const struct pending *pending,
                   const struct hd_hold **ret_hold)
{
    const struct hd_step *step = &pending->step;

    switch ((enum hd_op)step->op) {
    case HD_OP_LOCK:
    case HD_OP_WRITE_LOCK:
    case HD_OP_READ_LOCK:
        *ret_hold = hd_waits_obstacle(&standing->waits, step);
        return !*ret_hold &&
               (step->op != HD_OP_READ_LOCK || !has_queued_writer(standing, step->object));
    case HD_OP_RCU_WAIT:
        *ret_hold = reader_before(standing, step->actor);
        return !*ret_hold;
    case HD_OP_WAIT:
        return was_woken(standing, step);
    case HD_OP_AWAIT:
        return is_complete(standing, step->object);
    case HD_OP_SERVE:
        return has_item(standing, step->object);
    case HD_OP_START:
        return may_start(standing, step->actor);
    case HD_OP_YIELD:
        return pending->at == standing->moment;
    default:
        return true;
    }
}

static const char *describe(struct standing *standing, const struct pending *pending)
{
    struct hd_story *story = standing->story;
    const char *object = hd_story_object(story, story->report->engine, pending->step.object);

    return hd_pool_format(&story->pool, "%s%s%s%s%s%s", hd_op_word(pending->step.op),
                          object ? " " : "", object ? object : "", pending->site ? " in " : "",
                          pending->site ? pending->site->function : "", pending->site ? "()" : "");
}

static const char *obstacle(struct standing *standing, const struct pending *pending,
                            const struct hd_hold *hold)
{
    struct hd_story *story = standing->story;
    const char *object = hd_story_object(story, story->report->engine, pending->step.object);

    if (pending->step.op == HD_OP_START)
        return "its start condition";
    if (!hold && pending->step.op == HD_OP_READ_LOCK)
        return hd_pool_format(&story->pool, "%s, for which a writer queues", object);
    if (!hold)
        return hd_pool_format(&story->pool, "%s%s%s", hd_op_word(pending->step.op),
                              object ? " " : "", object ? object : "");
    return hd_pool_format(&story->pool, "%s, held by %s since step %" PRIu32,
                          object ? object : "RCU readers", hd_story_actor_name(story, hold->actor),
                          hold->since);
}

/* False: it does not stand before anything any more, or never did. */
static bool pending_of(const struct standing *standing, hd_actor_id actor,
                       struct pending *ret_pending)
{
    const struct hd_view *view = &hd_engine_views(standing->story->report->engine)[actor];
    uint32_t at = standing->next[actor];

    if (at != HD_STEP_NONE) {
        *ret_pending =
            (struct pending){ standing->trace->steps[at], standing->trace->wheres[at].site, at };
        return true;
    }
    if (view->state == HD_ENDED || view->state == HD_OFF)
        return false;
    *ret_pending = (struct pending){ view->pending, view->site, HD_STEP_NONE };
    return true;
}

static enum hd_stance_kind kind_of(const struct standing *standing, hd_actor_id actor,
                                   const struct pending *pending, const struct hd_hold **ret_hold)
{
    const struct hd_verdict *verdict = standing->story->verdict;

    if (standing->moment == standing->trace->length && !verdict->holds &&
        verdict->actor == actor && verdict->oracle != HD_ORACLE_DEADLOCK)
        return HD_STANCE_FAILS;
    if (can_go(standing, pending, ret_hold))
        return HD_STANCE_NEXT;
    return pending->step.op == HD_OP_SERVE ? HD_STANCE_IDLE : HD_STANCE_WAITS;
}

/* Adds an entry if the actor stands otherwise than before. */
static void look_at(struct standing *standing, hd_actor_id actor)
{
    struct hd_story *story = standing->story;
    const struct hd_hold *hold = NULL;
    struct hd_stance stance = { .moment = standing->moment, .actor = actor, .text = "" };
    struct pending pending = { .at = HD_STEP_NONE };
    bool stands = pending_of(standing, actor, &pending);
    struct seen seen;

    if (stands)
        stance.kind = kind_of(standing, actor, &pending, &hold);
    else
        stance.kind = story->actors[actor].steps ? HD_STANCE_ENDED : HD_STANCE_OFF;
    seen = (struct seen){ stance.kind, pending.at, hold ? hold->since : HD_STEP_NONE };
    if (standing->moment > 0 && memcmp(&seen, &standing->seen[actor], sizeof seen) == 0)
        return;
    standing->seen[actor] = seen;
    if (stance.kind == HD_STANCE_FAILS)
        stance.text = story->verdict->kind;
    else if (stance.kind == HD_STANCE_NEXT)
        stance.text = describe(standing, &pending);
    else if (stance.kind == HD_STANCE_WAITS)
        stance.text = obstacle(standing, &pending, hold);
    story->scenes.stances[story->scenes.stance_count++] = stance;
}

const struct hd_stance *hd_stance_at(const struct hd_scenes *scenes, hd_actor_id actor,
                                     uint32_t moment)
{
    const struct hd_stance *found = NULL;

    for (uint32_t i = 0; i < scenes->stance_count && scenes->stances[i].moment <= moment; i++)
        if (scenes->stances[i].actor == actor)
            found = &scenes->stances[i];
    return found;
}

/* Stuck actors are told of at the end; nothing is handed over to them. */
static void mark_switches(struct standing *standing)
{
    struct hd_story *story = standing->story;
    uint32_t moment = 0;
    hd_actor_id running = HD_ACTOR_NONE;

    for (uint32_t i = 0; i < story->row_count; i++) {
        struct hd_story_row *row = &story->rows[i];

        row->switched =
            row->kind != HD_ROW_STUCK && running != HD_ACTOR_NONE && row->actor != running;
        row->preempts = row->switched && standing->preempted[moment];
        moment += row->kind == HD_ROW_STEP;
        row->moment = moment;
        running = row->actor;
    }
}

void hd_story_stances(struct hd_story *story)
{
    const struct hd_trace *trace = &story->report->execution->trace;
    struct standing standing = { .story = story, .trace = trace };
    uint32_t *after = hd_pool_array(&story->pool, trace->length, sizeof *after);

    standing.waits.held = hd_pool_array(&story->pool, trace->length, sizeof(struct hd_hold));
    story->scenes.stances = hd_pool_array(
        &story->pool, ((size_t)trace->length + 1) * story->actor_count, sizeof(struct hd_stance));
    standing.preempted = hd_pool_array(&story->pool, (size_t)trace->length + 1, sizeof(bool));
    if (!after || !standing.waits.held || !story->scenes.stances || !standing.preempted)
        return;
    for (unsigned i = 0; i < HD_ACTORS_MAX; i++)
        standing.next[i] = HD_STEP_NONE;
    for (uint32_t i = trace->length; i-- > 0;) {
        after[i] = standing.next[trace->steps[i].actor];
        standing.next[trace->steps[i].actor] = i;
    }
    for (uint32_t i = 0; i <= trace->length; i++) {
        standing.moment = i;
        for (unsigned actor = 0; actor < story->actor_count; actor++)
            look_at(&standing, (hd_actor_id)actor);
        if (i > 0)
            standing.preempted[i] =
                standing.seen[trace->steps[i - 1].actor].kind == HD_STANCE_NEXT;
        if (i == trace->length)
            break;
        hd_waits_apply(&standing.waits, trace, i);
        standing.next[trace->steps[i].actor] = after[i];
    }
    mark_switches(&standing);
}
