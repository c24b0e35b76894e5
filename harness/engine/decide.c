/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Deciding: who goes on, at every point that is not forced.  It runs on the stack of the actor that
 * stands there, and hands over directly.
 */
#include "engine/step.h"

static bool must_go_slow(const struct hd_engine *engine)
{
    return engine->launching || engine->strategy->ops->sees_forced || engine->yielding ||
           engine->options.stops;
}

static struct hd_context *end_here(struct hd_engine *engine, enum hd_end end)
{
    engine->end = end;
    return &engine->driver;
}

/*
 * Who yields is passed over until each of those who could go on at that time has taken a step, or
 * cannot any more; faults don't count.  With less, two who spin would keep each other going while a
 * third waits.
 *
 * Source     Musuvathi, Qadeer: "Fair Stateless Model Checking", PLDI 2008.
 * Departs    the paper counts windows from yield to yield; here the wait begins with each yield.
 */
static void wake_yielding(struct hd_engine *engine)
{
    hd_actor_set others = engine->enabled & ~engine->optional;

    for (hd_actor_set set = engine->yielding; set; set &= set - 1) {
        struct hd_actor *actor = engine->actor[__builtin_ctzll(set)];

        actor->wanted &= others;
        if (!actor->wanted)
            engine->enabled |= actor->bit;
    }
}

/* Nobody who yields has to wait for this one any more. */
static void stop_yielding_to(struct hd_engine *engine, hd_actor_set next)
{
    for (hd_actor_set set = engine->yielding; set; set &= set - 1)
        engine->actor[__builtin_ctzll(set)]->wanted &= ~next;
    engine->yielding &= ~next;
    engine->slow = must_go_slow(engine);
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
    choice->enabled_count = hd_set_count(engine->enabled);
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

static struct hd_context *decide(struct hd_engine *engine)
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
    if (HD_UNLIKELY(engine->yielding))
        stop_yielding_to(engine, hd_actor_bit(next));
    return &engine->actor[next]->context;
}

/* The next actor to run to its first point; after the last, the first decision. */
struct hd_context *hd_launch_next(struct hd_engine *engine)
{
    while (engine->launched < engine->actors) {
        struct hd_actor *actor = engine->actor[engine->launched++];

        if (actor->view->state != HD_OFF && actor->kind != HD_KIND_THREAD)
            return &actor->context;
    }
    engine->launching = false;
    engine->slow = must_go_slow(engine);
    return decide(engine);
}

struct hd_context *hd_go_to(struct hd_engine *engine)
{
    return engine->launching ? hd_launch_next(engine) : decide(engine);
}

void hd_switch_point(struct hd_actor *self)
{
    struct hd_engine *engine = self->engine;
    struct hd_context *next = hd_go_to(engine);

    if (next != &self->context)
        hd_hand_over(engine, &self->context, next);
    if (HD_UNLIKELY(engine->abandoning))
        longjmp(self->base, 1);
    if (HD_UNLIKELY(engine->options.stops))
        hd_stop_for_debugger(self);
}
