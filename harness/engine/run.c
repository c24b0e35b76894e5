/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One execution, from set-up to its end.
 *
 * The driver resets the arena, runs set-up, and hands over to actor 0.  Each actor runs to its first
 * point and hands over to the next, so that at the first choice every pending operation is known.  From
 * then on whoever stands at a point decides, and hands over directly.  Whoever decides that this was
 * the end hands over to the driver.
 *
 * An execution that ends in the middle leaves actors in the middle of their bodies.  Each is handed the
 * word once more, finds `abandoning` set, and jumps to the bottom of its stack: nothing of the
 * body's frames, and nothing that a sanitizer keeps of them, is left.
 */
#include <signal.h>
#include <string.h>

#include "engine/rcu.h"
#include "engine/step.h"

__thread struct hd_actor *hd_current __attribute__((tls_model("initial-exec")));

/* ---- Deciding ---------------------------------------------------------------------------------- */

static bool must_go_slow(const struct hd_engine *engine)
{
    return engine->launching || engine->strategy->ops->sees_forced || engine->yielding;
}

static struct hd_context *end_here(struct hd_engine *engine, enum hd_end end)
{
    engine->end = end;
    return &engine->driver;
}

/* A yielding actor may go on once another has taken a step, or if nobody else can. */
static void wake_yielding(struct hd_engine *engine)
{
    hd_actor_set alone = engine->enabled & ~engine->optional ? 0 : engine->yielding;

    for (hd_actor_set set = engine->yielding; set; set &= set - 1) {
        const struct hd_actor *actor = engine->actor[__builtin_ctzll(set)];

        if (actor->wanted != engine->length || (alone & actor->bit))
            engine->enabled |= actor->bit;
    }
}

/* What strategies see of each actor; only kept up for those that look at blocked ones. */
static void fill_states(struct hd_engine *engine)
{
    for (unsigned i = 0; i < engine->actors; i++) {
        struct hd_view *view = &engine->views[i];

        if (view->state == HD_ENDED || view->state == HD_OFF)
            continue;
        if (hd_set_has(engine->enabled, (hd_actor_id)i))
            view->state = HD_RUNNABLE;
        else
            view->state = view->pending.op == HD_OP_SERVE ? HD_IDLE : HD_BLOCKED;
    }
}

static hd_actor_id ask(struct hd_engine *engine)
{
    struct hd_choice *choice = &engine->choice;
    hd_actor_id picked;

    choice->enabled = engine->enabled;
    choice->enabled_count = (uint32_t)__builtin_popcountll(engine->enabled);
    engine->trace.length = engine->length;
    if (engine->strategy->ops->sees_forced)
        fill_states(engine);
    picked = engine->strategy->ops->pick(engine->strategy, choice);
    if (picked == HD_ACTOR_NONE)
        return picked;
    HD_ASSERT(hd_set_has(engine->enabled, picked));
    engine->chosen = choice->enabled_count > 1;
    choice->index += engine->chosen;
    return picked;
}

struct hd_context *hd_decide(struct hd_engine *engine)
{
    hd_actor_set enabled;
    hd_actor_id running = engine->choice.running, next;

    if (HD_UNLIKELY(engine->yielding))
        wake_yielding(engine);
    enabled = engine->enabled;
    if (HD_UNLIKELY(!(enabled & ~engine->optional))) {
        if (!engine->tasks_live)
            return end_here(engine, HD_END_COMPLETE); /* a fault that comes too late is none */
        if (!enabled)
            return end_here(engine, HD_END_STUCK);
    }
    if ((enabled & (enabled - 1)) || engine->strategy->ops->sees_forced) {
        next = ask(engine);
        if (next == HD_ACTOR_NONE)
            return end_here(engine, HD_END_CUT);
    } else {
        next = (hd_actor_id)__builtin_ctzll(enabled);
        engine->chosen = false;
    }
    if (next != running && hd_set_has(enabled, running))
        engine->trace.preemptions++;
    engine->choice.running = next;
    if (HD_UNLIKELY(engine->yielding)) {
        engine->yielding &= ~hd_actor_bit(next);
        engine->slow = must_go_slow(engine);
    }
    return &engine->actor[next]->context;
}

/* The next actor to run to its first point; after the last, the first decision. */
static struct hd_context *launch_next(struct hd_engine *engine)
{
    while (engine->launched < engine->actors) {
        struct hd_actor *actor = engine->actor[engine->launched++];

        if (actor->view->state != HD_OFF)
            return &actor->context;
    }
    engine->launching = false;
    engine->slow = must_go_slow(engine);
    return hd_decide(engine);
}

static struct hd_context *go_on(struct hd_engine *engine)
{
    return engine->launching ? launch_next(engine) : hd_decide(engine);
}

/* ---- An actor's life ------------------------------------------------------------------------------ */

void hd_switch_point(struct hd_actor *self)
{
    struct hd_engine *engine = self->engine;
    struct hd_context *next = go_on(engine);

    if (next != &self->context)
        hd_hand_over(engine, &self->context, next);
    if (HD_UNLIKELY(engine->abandoning))
        longjmp(self->base, 1);
}

_Noreturn void hd_finish(struct hd_actor *self, enum hd_end end)
{
    struct hd_engine *engine = self->engine;

    engine->end = end;
    if (self->quiet)
        longjmp(engine->check_base, 1);
    hd_hand_over(engine, &self->context, &engine->driver);
    longjmp(self->base, 1); /* handed the word once more: to be abandoned */
}

/* A service rests in here between items, and from one execution to the next.  False: this is
 * another execution, or the end of all. */
static bool service_wait(struct hd_actor *self)
{
    struct hd_engine *engine = self->engine;
    static const struct hd_site site = { "serve", __FILE__, "serve", __LINE__ };
    struct hd_context *next;

    if (self->kind == HD_KIND_RCU) {
        hd_pend_bare(self, &site, HD_OP_SERVE);
    } else {
        const struct hd_role_info *role = &engine->setting.scenario->roles[self->role];

        hd_pend(self, &site, HD_OP_SERVE, (char *)engine->state + role->queue_offset, 4);
    }
    hd_condition(self);
    hd_tsan_release(&self->token);
    next = go_on(engine);
    if (next != &self->context)
        hd_hand_over(engine, &self->context, next);
    if (engine->quitting || self->execution != engine->execution)
        return false;
    hd_condition_met(self);
    return true;
}

static bool service_body(struct hd_actor *self)
{
    struct hd_engine *engine = self->engine;
    const struct hd_role_info *role = &engine->setting.scenario->roles[self->role];

    self->active = false; /* at rest nothing has to be abandoned */
    while (service_wait(self)) {
        self->active = true;
        if (self->kind == HD_KIND_RCU) {
            hd_rcu_serve(self);
        } else {
            struct hd_queue *q = (struct hd_queue *)(void *)((char *)engine->state + role->queue_offset);
            void *item = q->items[q->head % HD_QUEUE_MAX];

            q->head++;
            hd_edge_acquire(self, q);
            hd_record(self, (uintptr_t)item, true);
            hd_reconsider(engine);
            role->serve(engine->state, item);
        }
        self->active = false;
    }
    return false;
}

static void fault_body(struct hd_actor *self)
{
    struct hd_engine *engine = self->engine;
    static const struct hd_site site = { "arm", __FILE__, "arm", __LINE__ };

    hd_pend_bare(self, &site, HD_OP_ARM);
    hd_point(self);
    hd_edge_release_own(self, &engine->arm_clock);
    engine->armed |= 1u << self->instance;
    hd_record(self, self->instance, true);
}

static void task_body(struct hd_actor *self)
{
    struct hd_engine *engine = self->engine;
    static const struct hd_site site = { "start", __FILE__, "start", __LINE__ };

    if (engine->setting.workload.after[self->role] != HD_AFTER_NONE) {
        hd_pend_bare(self, &site, HD_OP_START);
        hd_condition(self);
        hd_point(self);
        hd_condition_met(self);
        hd_record(self, self->role, true);
        hd_edge_acquire_own(self, &engine->mark_clock);
    }
    engine->tasks_live++;
    engine->setting.scenario->roles[self->role].run(engine->state, self->instance);
    engine->tasks_live--;
    hd_edge_release_own(self, &engine->mark_clock); /* for those that wait for ROLE.end */
    engine->role_live[self->role]--;
    hd_reconsider(engine);
}

/* False: the actor has been taken to another execution without ending this one. */
static bool body(struct hd_actor *self)
{
    struct hd_engine *engine = self->engine;

    self->execution = engine->execution;
    self->active = true;
    engine->enabled |= self->bit;
    hd_tsan_acquire(&engine->start_token);
    if (self->kind == HD_KIND_FAULT)
        fault_body(self);
    else if (self->kind == HD_KIND_TASK)
        task_body(self);
    else
        return service_body(self);
    return true;
}

static void ended(struct hd_actor *self)
{
    struct hd_engine *engine = self->engine;

    self->active = false;
    engine->enabled &= ~self->bit;
    engine->optional &= ~self->bit;
    engine->views[self->id].state = HD_ENDED;
    hd_tsan_release(&self->token);
    hd_hand_over(engine, &self->context, go_on(engine));
}

void *hd_actor_thread(void *argument)
{
    struct hd_actor *self = argument;
    struct hd_engine *engine = self->engine;
    sigset_t all;

    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL); /* a signal must not find us impersonated */
    hd_current = self;
    if (engine->urcu)
        hd_urcu_register();
    hd_context_park(&self->context);
    if (setjmp(self->base)) { /* abandoned */
        self->active = false;
        hd_tsan_release(&self->token);
        hd_hand_over(engine, &self->context, &engine->driver);
    }
    while (!engine->quitting)
        if (body(self))
            ended(self);
    if (engine->urcu)
        hd_urcu_unregister();
    return NULL;
}

/* ---- The driver ------------------------------------------------------------------------------------ */

static void reset_actor(struct hd_engine *engine, unsigned i)
{
    struct hd_actor *actor = engine->actor[i];
    struct hd_view *view = &engine->views[i];

    actor->depth = 0;
    actor->rcu_nesting = 0;
    actor->rcu_waits = 0;
    actor->held_count = 0;
    actor->hold_count = 0;
    memset(actor->landmark_hits, 0, sizeof actor->landmark_hits);
    view->landmarks = 0;
    view->steps = 0;
    view->landmark_hits = actor->landmark_hits;
    if (actor->kind <= HD_KIND_SERVICE && engine->setting.workload.off[actor->role]) {
        view->state = HD_OFF;
    } else {
        view->state = HD_BLOCKED;
        if (actor->kind == HD_KIND_TASK)
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
    engine->rcu_clock = engine->grace_clock = engine->mark_clock = engine->arm_clock = 0;
    memset(engine->role_live, 0, sizeof engine->role_live);
    if (!++engine->execution) { /* after 2^32: what ghosts say of execution n could be mistaken */
        hd_arena_forget_ghosts(&engine->arena);
        engine->execution = 1;
    }
    for (unsigned i = 0; i < engine->actors; i++)
        reset_actor(engine, i);
    if (engine->hb_on)
        hd_hb_reset(&engine->hb, engine->actors);
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

void hd_engine_run(struct hd_engine *engine, struct hd_strategy *strategy)
{
    const struct hd_scenario *scenario = engine->setting.scenario;
    struct hd_actor *before = hd_current;
    struct hd_context *first;

    hd_current = &engine->setup;
    hd_context_adopt(&engine->driver);
    reset(engine, strategy);
    engine->state = hd_arena_alloc(&engine->arena, HD_ACTOR_SETUP, scenario->state_bytes, 0, NULL);
    hd_owned(engine->state);
    engine->launching = engine->slow = true;
    run_quiet(engine, scenario->setup);
    if (engine->end == HD_END_NONE) {
        hd_tsan_release(&engine->start_token);
        first = launch_next(engine);
        if (first != &engine->driver)
            hd_hand_over(engine, &engine->driver, first);
        if (engine->end != HD_END_COMPLETE || engine->tasks_live)
            abandon(engine);
        for (unsigned i = 0; i < engine->actors; i++)
            hd_tsan_acquire(&engine->actor[i]->token);
    }
    engine->launching = engine->slow = false;
    engine->enabled = 0;
    engine->trace.length = engine->length;
    engine->trace.note_count = engine->note_count;
    engine->trace.choices = engine->choice.index;
    hd_current = before;
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
            incident->stack[i] = self->calls[i];
    }
    hd_finish(self, HD_END_VIOLATED);
}
