/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Threads: actors that begin when another one says so.  An actor of this kind is not launched with
 * the others.  It lies at the bottom of its stack, with BEGIN pending, until it is spawned; an
 * execution that spawns none of them pays for none.
 *
 * The four operations of a thread's life touch its word, and nothing else does.
 */
#include "engine/step.h"

enum { NOT_SPAWNED, SPAWNED, BEGUN, ENDED };

static const struct hd_site begin_site = { "begin", __FILE__, "begin", __LINE__ };
static const struct hd_site exit_site = { "exit", __FILE__, "exit", __LINE__ };

uint32_t *hd_thread_word(const struct hd_actor *thread)
{
    struct hd_engine *engine = thread->engine;
    size_t offset = engine->setting.scenario->roles[thread->role].queue_offset +
                    (size_t)HD_UNIT * thread->instance;

    return (uint32_t *)(void *)((char *)engine->state + offset);
}

void hd_thread_reset(struct hd_actor *thread)
{
    hd_pend(thread, &begin_site, HD_OP_BEGIN, hd_thread_word(thread), sizeof(uint32_t));
}

static void carry_out(struct hd_actor *self, uint32_t *word, uint32_t state)
{
    hd_touch(self);
    *word = state;
    hd_record(self, state, true);
}

void hd_thread_body(struct hd_actor *self)
{
    struct hd_engine *engine = self->engine;
    uint32_t *word = hd_thread_word(self);

    carry_out(self, word, BEGUN);
    hd_edge_acquire(self, word);
    engine->setting.scenario->roles[self->role].run(engine->state, self->instance);
    hd_pend(self, &exit_site, HD_OP_EXIT, word, sizeof *word);
    hd_point(self);
    hd_edge_release(self, word);
    carry_out(self, word, ENDED);
    engine->tasks_live--;
    engine->role_live[self->role]--;
    hd_reconsider(engine);
}

void hd_spawn_(const struct hd_site *site, hd_actor_id actor)
{
    struct hd_actor *self = hd_current;
    struct hd_engine *engine = self->engine;
    struct hd_actor *thread = engine->actor[actor];
    uint32_t *word = hd_thread_word(thread);

    HD_ASSERT(thread->kind == HD_KIND_THREAD && *word == NOT_SPAWNED);
    hd_pend(self, site, HD_OP_SPAWN, word, sizeof *word);
    hd_point(self);
    hd_edge_release(self, word);
    carry_out(self, word, SPAWNED);
    engine->tasks_live++;
    engine->enabled |= thread->bit;
}

static bool has_ended(const struct hd_actor *self)
{
    return *(const uint32_t *)(uintptr_t)self->address == ENDED;
}

void hd_join_(const struct hd_site *site, hd_actor_id actor)
{
    struct hd_actor *self = hd_current;
    uint32_t *word = hd_thread_word(self->engine->actor[actor]);

    hd_pend(self, site, HD_OP_JOIN, word, sizeof *word);
    self->ready = has_ended;
    hd_condition(self);
    hd_point(self);
    hd_condition_met(self);
    carry_out(self, word, ENDED);
    hd_edge_acquire(self, word);
}
