/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RCU as an engine primitive: a grace period is a predicate.  It has elapsed when every section
 * that was open at its start has ended.
 *
 * Happens-before: the end of a section, before the return of a grace period that waited for it; the
 * return of a grace period, before sections that begin later; a callback, before the return of a
 * barrier that waited for it, which is no grace period.  A section inside the grace period
 * that ends before it returns is ordered before it only, which is what the kernel promises.
 */
#include "engine/rcu.h"
#include "engine/step.h"

void hd_rcu_read_lock_(const struct hd_site *site)
{
    struct hd_actor *self = hd_current;

    hd_pend_bare(self, site, HD_OP_RCU_LOCK);
    hd_point(self);
    if (self->engine->urcu)
        hd_urcu_read_lock(self->engine->urcu, self->id);
    if (!self->rcu_nesting++)
        self->rcu_since = self->engine->length;
    hd_record(self, self->rcu_nesting, true);
    hd_edge_acquire_own(self, &self->engine->clocks.graces);
}

static hd_actor_set open_sections(const struct hd_engine *engine, const struct hd_actor *except)
{
    hd_actor_set open = 0;

    for (unsigned i = 0; i < engine->actors; i++)
        if (engine->actor[i]->rcu_nesting && engine->actor[i] != except)
            open |= hd_actor_bit((hd_actor_id)i);
    return open;
}

/* A section is about to end: for liburcu too, nobody who waits for it may have gone on. */
static void witness_open(struct hd_engine *engine, hd_actor_set bit)
{
    for (unsigned i = 0; i < engine->actors; i++)
        if (engine->actor[i]->rcu_waits & bit)
            hd_urcu_must_wait(engine->urcu, (hd_actor_id)i);
    for (uint32_t i = engine->callbacks_head; i != engine->callbacks_tail; i++)
        if (engine->callbacks[i % HD_CALLBACKS_MAX].waits & bit)
            hd_urcu_not_called(engine->urcu, i);
}

/* Nobody waits for this section any more. */
static void section_ended(struct hd_engine *engine, hd_actor_set bit)
{
    for (unsigned i = 0; i < engine->actors; i++)
        engine->actor[i]->rcu_waits &= ~bit;
    for (uint32_t i = engine->callbacks_head; i != engine->callbacks_tail; i++)
        engine->callbacks[i % HD_CALLBACKS_MAX].waits &= ~bit;
    hd_reconsider(engine);
}

void hd_rcu_read_unlock_(const struct hd_site *site)
{
    struct hd_actor *self = hd_current;

    hd_pend_bare(self, site, HD_OP_RCU_UNLOCK);
    hd_point(self);
    if (!self->rcu_nesting) {
        hd_incident(self, HD_ORACLE_BALANCE, "unlock-unheld",
                    "ends an RCU section it has not begun", site, HD_OBJECT_NONE, UINT32_MAX);
        hd_finish(self, HD_END_CUT);
    }
    self->rcu_nesting--;
    if (self->engine->urcu) {
        if (!self->rcu_nesting)
            witness_open(self->engine, self->bit);
        hd_urcu_read_unlock(self->engine->urcu, self->id);
    }
    if (!self->rcu_nesting) /* an inner one ends nothing */
        hd_edge_release_own(self, &self->engine->clocks.sections);
    hd_record(self, self->rcu_nesting, true);
    if (!self->rcu_nesting)
        section_ended(self->engine, self->bit);
}

/* What an RCU_SYNC begins and an RCU_WAIT has seen the end of: their value. */
enum { GRACE, BARRIER };

/* Waits for what self->rcu_waits or ->wanted says. */
static void wait_for_rcu(struct hd_actor *self, const struct hd_site *site, uint64_t value)
{
    hd_pend_bare(self, site, HD_OP_RCU_WAIT);
    self->view->pending.value = value;
    hd_condition(self);
    hd_point(self);
    hd_condition_met(self);
    hd_record(self, value, true);
}

void hd_synchronize_rcu_(const struct hd_site *site)
{
    struct hd_actor *self = hd_current;
    struct hd_engine *engine = self->engine;

    hd_pend_bare(self, site, HD_OP_RCU_SYNC);
    hd_point(self);
    if (engine->urcu && !self->quiet)
        hd_urcu_begin(engine->urcu, self->id);
    /* Its own open section counts: a grace period inside one waits for ever. */
    self->rcu_waits = open_sections(engine, NULL);
    hd_record(self, GRACE, true);
    if (engine->urcu && self->rcu_waits)
        hd_urcu_must_wait(engine->urcu, self->id);
    wait_for_rcu(self, site, GRACE);
    hd_edge_acquire_own(self, &engine->clocks.sections);
    hd_edge_release_own(self, &engine->clocks.graces);
    if (engine->urcu && !self->quiet)
        hd_urcu_end(engine->urcu, self->id, !open_sections(engine, NULL));
}

void hd_call_rcu_(const struct hd_site *site, void (*fn)(void *), void *argument)
{
    struct hd_actor *self = hd_current;
    struct hd_engine *engine = self->engine;
    struct hd_callback *callback;

    HD_ASSERT(engine->setting.scenario->uses_rcu_callbacks); /* the passport declares it */
    hd_pend_bare(self, site, HD_OP_RCU_CALL);
    hd_point(self);
    HD_ASSERT_IS(engine->callbacks_tail - engine->callbacks_head, <, HD_CALLBACKS_MAX);
    if (engine->urcu)
        hd_urcu_call(engine->urcu, engine->callbacks_tail);
    callback = &engine->callbacks[engine->callbacks_tail++ % HD_CALLBACKS_MAX];
    *callback = (struct hd_callback){ fn, argument, open_sections(engine, NULL), 0 };
    hd_edge_release_own(self, &callback->clock);
    hd_record(self, (uintptr_t)argument, true);
    hd_reconsider(engine);
}

/* One turn of the service actor "rcu": called when the first callback's grace period has elapsed.
 */
void hd_rcu_serve(struct hd_actor *self)
{
    struct hd_engine *engine = self->engine;
    struct hd_callback *callback = &engine->callbacks[engine->callbacks_head % HD_CALLBACKS_MAX];

    if (engine->urcu)
        hd_urcu_called(engine->urcu, engine->callbacks_head, !open_sections(engine, NULL));
    hd_edge_acquire_own(self, &engine->clocks.sections);
    hd_edge_acquire_own(self, &callback->clock);
    hd_record(self, (uintptr_t)callback->argument, true);
    callback->function(callback->argument);
    hd_edge_release_own(self, &engine->clocks.callbacks); /* before rcu_barrier()'s return */
    engine->callbacks_head++;
    hd_reconsider(engine);
}

void hd_rcu_barrier_(const struct hd_site *site)
{
    struct hd_actor *self = hd_current;

    /* A step of its own: which callbacks it waits for depends on who has called before it. */
    hd_pend_bare(self, site, HD_OP_RCU_SYNC);
    hd_point(self);
    self->wanted = self->engine->callbacks_tail;
    hd_record(self, BARRIER, true);
    wait_for_rcu(self, site, BARRIER);
    hd_edge_acquire_own(self, &self->engine->clocks.callbacks);
}
