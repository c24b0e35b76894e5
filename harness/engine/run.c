/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One execution, from set-up to its end.
 *
 * The driver resets the arena, runs set-up, and hands over to actor 0.  Each actor runs to its
 * first point and hands over to the next, so that at the first choice every pending operation is
 * known.  From then on whoever stands at a point decides, and hands over directly.  Whoever decides
 * that this was the end hands over to the driver.
 *
 * An execution may leave actors in the middle of their bodies: cut, violated, stuck; but also, when
 * it is complete, a fault that nobody needed and a task that never had to start.  Each is handed
 * the word once more, finds `abandoning` set, and jumps to the bottom of its stack: nothing of the
 * body's frames, and nothing that a sanitizer keeps of them, is left.
 */
#include <string.h>

#include "engine/rcu.h"
#include "engine/step.h"

static void reset_actor(struct hd_engine *engine, unsigned i)
{
    struct hd_actor *actor = engine->actor[i];
    struct hd_view *view = &engine->views[i];

    actor->depth = 0;
    actor->deeper = 0;
    actor->rcu_nesting = 0;
    actor->rcu_waits = 0;
    actor->held_count = 0;
    actor->hold_count = 0;
    for (unsigned landmark = 0; landmark < engine->landmarks; landmark++)
        actor->landmark_hits[landmark] = 0;
    actor->ready = NULL;
    actor->late = UINT32_MAX;
    view->landmarks = 0;
    view->steps = 0;
    view->landmark_hits = actor->landmark_hits;
    if (actor->kind != HD_KIND_RCU && actor->kind != HD_KIND_FAULT &&
        engine->setting.workload.off[actor->role]) {
        view->state = HD_OFF;
    } else {
        view->state = HD_BLOCKED;
        if (actor->kind == HD_KIND_TASK || actor->kind == HD_KIND_THREAD)
            engine->role_live[actor->role]++;
        if (actor->kind == HD_KIND_FAULT)
            engine->optional |= actor->bit;
    }
}

static void reset(struct hd_engine *engine, struct hd_strategy *strategy)
{
    engine->strategy = strategy;
    engine->enabled = engine->conditional = engine->optional = engine->yielding = 0;
    engine->length = engine->note_count = engine->name_count = 0;
    engine->trace.preemptions = 0;
    engine->choice.index = 0;
    engine->choice.running = HD_ACTOR_NONE;
    engine->tasks_live = engine->launched = 0;
    engine->end = HD_END_NONE;
    engine->recovering = false;
    engine->incident.holds = true;
    engine->now = 0;
    engine->marks = engine->armed = 0;
    engine->callbacks_head = engine->callbacks_tail = 0;
    memset(engine->role_live, 0, sizeof engine->role_live);
    if (!++engine->execution) { /* after 2^32: what ghosts say of execution n could be mistaken */
        hd_arena_forget_ghosts(&engine->arena);
        engine->execution = 1;
    }
    for (unsigned i = 0; i < engine->actors; i++)
        reset_actor(engine, i);
    if (engine->hb_on) {
        hd_hb_reset(&engine->hb, engine->actors);
        memset(&engine->clocks, 0, sizeof engine->clocks);
        engine->sync_count = 1;
    }
    hd_arena_reset(&engine->arena);
    if (engine->urcu)
        hd_urcu_reset(engine->urcu);
}

/* Set-up and check run in the driver, as an actor whose operations are no steps. */
static void run_quiet(struct hd_engine *engine, void (*function)(void *))
{
    if (function && !setjmp(engine->check_base))
        function(engine->state);
}

/* Actors in the middle of their bodies go back to the bottom of their stacks. */
static void abandon(struct hd_engine *engine)
{
    engine->abandoning = true;
    for (unsigned i = 0; i < engine->actors; i++)
        if (engine->actor[i]->active)
            hd_hand_over(engine, &engine->driver, &engine->actor[i]->context);
    engine->abandoning = false;
}

/* Reports read sites as they lie. */
static void locate_all(struct hd_engine *engine)
{
    for (uint32_t i = 0; i < engine->length; i++)
        hd_locate(engine, engine->wheres[i].site);
    for (uint32_t i = 0; i < engine->note_count; i++)
        hd_locate(engine, engine->notes[i].site);
    for (unsigned i = 0; i < engine->actors; i++)
        hd_locate(engine, engine->views[i].site);
}

/* A program's variables are there once, however many engines there are: they take turns. */
static pthread_mutex_t image_lock = PTHREAD_MUTEX_INITIALIZER;

static void run(struct hd_engine *engine, struct hd_strategy *strategy)
{
    const struct hd_scenario *scenario = engine->setting.scenario;
    struct hd_actor *before = hd_current;
    struct hd_context *first;

    hd_current = &engine->setup;
    hd_context_adopt(&engine->driver);
    reset(engine, strategy);
    engine->state = hd_arena_alloc(&engine->arena, HD_ACTOR_SETUP, scenario->state_bytes, 0, NULL);
    hd_owned(engine->state);
    for (unsigned i = 0; i < engine->actors; i++)
        if (engine->actor[i]->kind == HD_KIND_THREAD)
            hd_thread_reset(engine->actor[i]);
    run_quiet(engine, scenario->setup);
    if (engine->end == HD_END_NONE) {
        engine->launching = engine->slow = true;
        hd_tsan_release(&engine->start_token);
        first = hd_launch_next(engine);
        if (first != &engine->driver)
            hd_hand_over(engine, &engine->driver, first);
        abandon(engine);
        for (unsigned i = 0; i < engine->actors; i++)
            hd_tsan_acquire(&engine->actor[i]->token);
    }
    engine->launching = engine->slow = false;
    engine->enabled = 0;
    if (engine->describe && scenario->image)
        locate_all(engine);
    engine->trace.length = engine->length;
    engine->trace.note_count = engine->note_count;
    engine->trace.choices = engine->choice.index;
    hd_current = before;
}

void hd_engine_run(struct hd_engine *engine, struct hd_strategy *strategy)
{
    bool shared = engine->setting.scenario->image != NULL;

    if (shared)
        pthread_mutex_lock(&image_lock);
    run(engine, strategy);
    if (shared)
        pthread_mutex_unlock(&image_lock);
}

void hd_engine_check(struct hd_engine *engine)
{
    struct hd_actor *before = hd_current;

    hd_current = &engine->setup;
    run_quiet(engine, engine->setting.scenario->check);
    hd_current = before;
}

void hd_incident(struct hd_actor *self, enum hd_oracle oracle, const char *kind, const char *detail,
                 const struct hd_site *site, hd_object_id object, uint32_t other_step)
{
    struct hd_engine *engine = self->engine;
    struct hd_verdict *incident = &engine->incident;

    if (!(engine->oracles & 1u << oracle))
        return;
    if (incident->holds) {
        hd_locate(engine, site);
        *incident = (struct hd_verdict){
            .oracle = oracle,
            .kind = kind,
            .detail = detail,
            .site = site ? site->function : NULL,
            .where = site,
            .step = engine->length,
            .actor = self->quiet ? HD_ACTOR_NONE : self->id,
            .object = object,
            .other_step = other_step,
            .stack_depth = self->quiet ? 0 : self->depth,
        };
        for (uint32_t i = 0; i < incident->stack_depth; i++)
            hd_locate(engine, incident->stack[i] = self->calls[i]);
    }
    hd_finish(self, HD_END_VIOLATED);
}
