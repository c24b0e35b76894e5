/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An actor's life: a pthread that takes part in execution after execution. */
#include <signal.h>

#include "engine/rcu.h"
#include "engine/step.h"

__thread struct hd_actor *hd_current __attribute__((tls_model("initial-exec")));

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
    next = hd_go_to(engine);
    if (next != &self->context)
        hd_hand_over(engine, &self->context, next);
    if (engine->quitting || self->execution != engine->execution)
        return false;
    if (HD_UNLIKELY(engine->options.stops))
        hd_stop_for_debugger(self);
    hd_condition_met(self);
    return true;
}

/* Tasks and services alike, if the workload gives them a start condition. */
static void wait_for_start(struct hd_actor *self)
{
    struct hd_engine *engine = self->engine;
    unsigned after = engine->setting.workload.after[self->role];
    static const struct hd_site site = { "start", __FILE__, "start", __LINE__ };

    if (after == HD_AFTER_NONE)
        return;
    hd_pend_bare(self, &site, HD_OP_START);
    hd_condition(self);
    hd_point(self);
    hd_condition_met(self);
    hd_record(self, self->role, true);
    hd_edge_acquire_own(self, &engine->clocks.start[after]);
}

static bool service_body(struct hd_actor *self)
{
    struct hd_engine *engine = self->engine;

    if (self->kind == HD_KIND_SERVICE)
        wait_for_start(self);
    self->active = false; /* at rest nothing has to be abandoned */
    while (service_wait(self)) {
        self->active = true;
        engine->tasks_live++; /* in the middle of an item it is no different from a task */
        if (self->kind == HD_KIND_RCU) {
            hd_rcu_serve(self);
        } else {
            const struct hd_role_info *role = &engine->setting.scenario->roles[self->role];
            struct hd_queue *q =
                (struct hd_queue *)(void *)((char *)engine->state + role->queue_offset);
            void *item = q->items[q->head % HD_QUEUE_MAX];

            q->head++;
            hd_edge_acquire(self, q);
            hd_record(self, (uintptr_t)item, true);
            hd_reconsider(engine);
            role->serve(engine->state, item);
        }
        engine->tasks_live--;
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
    hd_edge_release_own(self, &engine->clocks.arm[self->instance]);
    engine->armed |= 1u << self->instance;
    hd_record(self, self->instance, true);
}

static void task_body(struct hd_actor *self)
{
    struct hd_engine *engine = self->engine;

    wait_for_start(self);
    engine->tasks_live++;
    engine->setting.scenario->roles[self->role].run(engine->state, self->instance);
    engine->tasks_live--;
    hd_edge_release_own(self, &engine->clocks.start[HD_AFTER_END + self->role]);
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
    else if (self->kind == HD_KIND_THREAD)
        hd_thread_body(self);
    else if (self->kind == HD_KIND_TASK)
        task_body(self);
    else
        return service_body(self);
    return true;
}

/* It leaves this execution, one way or another. */
static void leave(struct hd_actor *self)
{
    self->active = false;
    if (self->engine->urcu)
        hd_urcu_close(self->rcu_nesting);
}

static void ended(struct hd_actor *self)
{
    struct hd_engine *engine = self->engine;

    leave(self);
    engine->enabled &= ~self->bit;
    engine->optional &= ~self->bit;
    engine->views[self->id].state = HD_ENDED;
    hd_tsan_release(&self->token);
    hd_hand_over(engine, &self->context, hd_go_to(engine));
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
        leave(self);
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
