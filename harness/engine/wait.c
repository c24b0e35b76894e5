/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Blocking: the one predicate, and what waits by itself: queues, completions, marks, time. */
#include "engine/step.h"

/* Sleepers wake in the order of their deadlines. */
static bool earliest(const struct hd_engine *engine, const struct hd_actor *sleeper)
{
    for (hd_actor_set set = engine->conditional; set; set &= set - 1) {
        const struct hd_actor *other = engine->actor[__builtin_ctzll(set)];

        if (other->view->pending.op == HD_OP_SLEEP && other->wanted < sleeper->wanted)
            return false;
    }
    return true;
}

static bool may_start(const struct hd_engine *engine, const struct hd_actor *actor)
{
    unsigned after = engine->setting.workload.after[actor->role];

    if (after >= HD_AFTER_END)
        return engine->role_live[after - HD_AFTER_END] == 0;
    return engine->marks & 1u << (after - HD_AFTER_MARK);
}

static bool rcu_can_go(const struct hd_engine *engine, const struct hd_actor *actor)
{
    if (actor->view->pending.value) /* rcu_barrier: that many callbacks have run */
        return engine->callbacks_head >= actor->wanted;
    return actor->rcu_waits == 0;
}

static bool queue_can_go(const struct hd_engine *engine, const struct hd_actor *actor)
{
    if (actor->kind == HD_KIND_RCU)
        return engine->callbacks_head != engine->callbacks_tail &&
               engine->callbacks[engine->callbacks_head % HD_CALLBACKS_MAX].waits == 0;
    return ((const struct hd_queue *)(uintptr_t)actor->address)->head !=
           ((const struct hd_queue *)(uintptr_t)actor->address)->tail;
}

bool hd_can_go(const struct hd_engine *engine, const struct hd_actor *actor)
{
    const void *p = (const void *)(uintptr_t)actor->address;

    if (actor->checked && !(actor->object && actor->object->live))
        return true; /* goes on to touch dead memory, and that is the verdict */
    if (actor->ready)
        return actor->ready(actor);
    switch ((enum hd_op)actor->view->pending.op) {
    case HD_OP_LOCK:
        return *(const uint32_t *)p == 0;
    case HD_OP_WRITE_LOCK:
        return !((const struct hd_rwsem *)p)->writer && !((const struct hd_rwsem *)p)->readers;
    case HD_OP_READ_LOCK:
        return !((const struct hd_rwsem *)p)->writer &&
               !(((const struct hd_rwsem *)p)->fair && ((const struct hd_rwsem *)p)->queued);
    case HD_OP_WAIT:
        return ((const struct hd_waitq *)p)->generation != (uint32_t)actor->wanted;
    case HD_OP_AWAIT:
        return ((const struct hd_completion *)p)->done != 0;
    case HD_OP_SERVE:
        return queue_can_go(engine, actor);
    case HD_OP_RCU_WAIT:
        return rcu_can_go(engine, actor);
    case HD_OP_SLEEP:
        return earliest(engine, actor);
    case HD_OP_START:
        return may_start(engine, actor);
    default:
        return true;
    }
}

static struct hd_actor *word_point(const struct hd_site *site, enum hd_op op, void *p)
{
    struct hd_actor *self = hd_current;

    hd_pend(self, site, op, p, 4);
    hd_point(self);
    hd_touch(self);
    return self;
}

uint32_t hd_prepare_(const struct hd_site *site, struct hd_waitq *q)
{
    struct hd_actor *self = word_point(site, HD_OP_PREPARE, q);

    hd_record(self, q->generation, true);
    hd_edge_acquire(self, q); /* set_current_state() is a full barrier, paired with the waker's */
    return q->generation;
}

void hd_wait_(const struct hd_site *site, struct hd_waitq *q, uint32_t ticket)
{
    struct hd_actor *self = hd_current;

    hd_pend(self, site, HD_OP_WAIT, q, 4);
    self->wanted = ticket;
    hd_condition(self);
    hd_point(self);
    hd_condition_met(self);
    hd_touch(self);
    hd_record(self, q->generation, true);
    hd_edge_acquire(self, q);
}

void hd_wake_(const struct hd_site *site, struct hd_waitq *q)
{
    struct hd_actor *self = word_point(site, HD_OP_WAKE, q);

    hd_edge_release(self, q);
    q->generation++;
    hd_record(self, q->generation, true);
    hd_reconsider(self->engine);
}

void hd_complete_(const struct hd_site *site, struct hd_completion *c, bool all)
{
    struct hd_actor *self = word_point(site, HD_OP_COMPLETE, c);

    hd_edge_release(self, c);
    if (all)
        c->done = UINT32_MAX;
    else if (c->done != UINT32_MAX)
        c->done++;
    hd_record(self, c->done, true);
    hd_reconsider(self->engine);
}

void hd_await_(const struct hd_site *site, struct hd_completion *c)
{
    struct hd_actor *self = hd_current;

    hd_pend(self, site, HD_OP_AWAIT, c, 4);
    hd_condition(self);
    hd_point(self);
    hd_condition_met(self);
    hd_touch(self);
    if (c->done != UINT32_MAX)
        c->done--;
    hd_record(self, c->done, true);
    hd_edge_acquire(self, c);
    hd_reconsider(self->engine);
}

void hd_push_(const struct hd_site *site, struct hd_queue *q, void *item)
{
    struct hd_actor *self = word_point(site, HD_OP_PUSH, q);

    HD_ASSERT_IS(q->tail - q->head, <, HD_QUEUE_MAX); /* part of the contract */
    q->items[q->tail % HD_QUEUE_MAX] = item;
    hd_edge_release(self, q);
    q->tail++;
    hd_record(self, (uintptr_t)item, true);
    hd_reconsider(self->engine);
}

void hd_mark_(const struct hd_site *site, unsigned id)
{
    struct hd_actor *self = hd_current;
    struct hd_engine *engine = self->engine;

    HD_ASSERT_IS(id, <, HD_MARKS_MAX);
    hd_pend_bare(self, site, HD_OP_MARK);
    hd_point(self);
    hd_edge_release_own(self, &engine->clocks.start[HD_AFTER_MARK + id]);
    engine->marks |= 1u << id;
    hd_record(self, id, true);
    hd_reconsider(engine);
}

bool hd_fault_(const struct hd_site *site, unsigned id)
{
    struct hd_actor *self = hd_current;
    struct hd_engine *engine = self->engine;
    bool happens;

    HD_ASSERT_IS(id, <, HD_FAULTS_MAX);
    if (engine->setting.workload.faults[id] != HD_FAULT_CHOICE) /* settled: no step */
        return engine->setting.workload.faults[id] == HD_FAULT_ON;
    hd_pend_bare(self, site, HD_OP_FAULT);
    hd_point(self);
    happens = engine->armed & 1u << id;
    hd_record(self, id, happens);
    if (happens)
        hd_edge_acquire_own(self, &engine->clocks.arm[id]);
    return happens;
}

void hd_sleep_(const struct hd_site *site, uint64_t nanoseconds)
{
    struct hd_actor *self = hd_current;
    struct hd_engine *engine = self->engine;

    hd_pend_bare(self, site, HD_OP_SLEEP);
    self->wanted = engine->now + nanoseconds;
    hd_condition(self);
    if (!self->quiet)
        hd_reconsider(engine); /* it may have become the earliest in another's place */
    hd_point(self);
    hd_condition_met(self);
    if (engine->now < self->wanted)
        engine->now = self->wanted;
    hd_record(self, engine->now, true);
    hd_reconsider(engine);
}

uint64_t hd_now_(const struct hd_site *site)
{
    struct hd_actor *self = hd_current;

    hd_pend_bare(self, site, HD_OP_CLOCK);
    hd_point(self);
    hd_record(self, self->engine->now, true);
    return self->engine->now;
}
