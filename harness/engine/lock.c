/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Locks.  A lock operation is disabled, not attempted, while it cannot succeed; a trylock is always
 * enabled, and fails.  Every actor keeps a list of what it holds, for the balance oracle and for
 * the answer to "who holds it, since when?".
 */
#include "engine/step.h"

static void now_holds(struct hd_actor *self, const void *lock, bool shared)
{
    if (self->quiet)
        return;
    HD_ASSERT_IS(self->held_count, <, HD_HELD_MAX);
    self->held[self->held_count++] = (struct hd_held){
        .lock = lock,
        .object = self->view->pending.object,
        .since = self->engine->length - 1,
        .shared = shared,
    };
}

/* False if the actor does not hold it. */
static bool no_longer_holds(struct hd_actor *actor, const void *lock)
{
    for (uint32_t i = actor->held_count; i-- > 0;) {
        if (actor->held[i].lock != lock)
            continue;
        actor->held_count--;
        for (uint32_t j = i; j < actor->held_count; j++)
            actor->held[j] = actor->held[j + 1];
        return true;
    }
    return false;
}

static bool holds(const struct hd_actor *actor, const void *lock)
{
    for (uint32_t i = 0; i < actor->held_count; i++)
        if (actor->held[i].lock == lock)
            return true;
    return false;
}

static uint32_t owner_word(const struct hd_actor *self)
{
    return (uint32_t)self->id + 1;
}

static void taken(struct hd_actor *self, const void *lock, bool shared)
{
    hd_record(self, 0, true);
    now_holds(self, lock, shared);
    hd_edge_acquire(self, lock);
    hd_reconsider_at(self->engine, lock);
}

static void not_taken(struct hd_actor *self, uint64_t holder)
{
    hd_record(self, holder, false);
}

static void dropped(struct hd_actor *self, struct hd_actor *owner, const void *lock)
{
    hd_edge_release(self, lock);
    if (!self->quiet)
        no_longer_holds(owner, lock);
    hd_record(self, 0, true);
    hd_reconsider_at(self->engine, lock);
}

/* An operation that waits for its turn: pends, blocks if it must, and comes back when it can. */
static struct hd_actor *lock_point(const struct hd_site *site, enum hd_op op, void *p, size_t bytes)
{
    struct hd_actor *self = hd_current;

    hd_pend(self, site, op, p, bytes);
    hd_condition(self);
    hd_point(self);
    hd_condition_met(self);
    hd_touch(self);
    return self;
}

static struct hd_actor *free_point(const struct hd_site *site, enum hd_op op, void *p, size_t bytes)
{
    struct hd_actor *self = hd_current;

    hd_pend(self, site, op, p, bytes);
    hd_point(self);
    hd_touch(self);
    return self;
}

static void unheld(struct hd_actor *self)
{
    hd_incident(self, HD_ORACLE_BALANCE, "unlock-unheld", "unlocks a lock that it does not hold",
                self->view->site, self->view->pending.object, UINT32_MAX);
    hd_finish(self, HD_END_CUT);
}

void hd_lock_(const struct hd_site *site, uint32_t *held)
{
    struct hd_actor *self = lock_point(site, HD_OP_LOCK, held, sizeof *held);

    *held = owner_word(self);
    taken(self, held, false);
}

bool hd_trylock_(const struct hd_site *site, uint32_t *held)
{
    struct hd_actor *self = free_point(site, HD_OP_TRYLOCK, held, sizeof *held);

    if (*held) {
        not_taken(self, *held - 1);
        return false;
    }
    *held = owner_word(self);
    taken(self, held, false);
    return true;
}

void hd_unlock_(const struct hd_site *site, uint32_t *held, bool owner_only)
{
    struct hd_actor *self = free_point(site, HD_OP_UNLOCK, held, sizeof *held);
    struct hd_engine *engine = self->engine;
    struct hd_actor *owner = self;

    if (!*held || (owner_only && *held != owner_word(self)))
        unheld(self);
    if (*held - 1 < engine->actors)
        owner = engine->actor[*held - 1];
    *held = 0;
    dropped(self, owner, held);
}

void hd_down_read_(const struct hd_site *site, struct hd_rwsem *s)
{
    struct hd_actor *self = lock_point(site, HD_OP_READ_LOCK, s, 8);

    s->readers++;
    taken(self, s, true);
}

bool hd_down_read_trylock_(const struct hd_site *site, struct hd_rwsem *s)
{
    struct hd_actor *self = free_point(site, HD_OP_TRYLOCK, s, 8);

    if (s->writer || (s->fair && s->queued)) {
        not_taken(self, s->writer ? s->writer - 1 : UINT32_MAX);
        return false;
    }
    s->readers++;
    taken(self, s, true);
    return true;
}

void hd_up_read_(const struct hd_site *site, struct hd_rwsem *s)
{
    struct hd_actor *self = free_point(site, HD_OP_READ_UNLOCK, s, 8);

    if (!s->readers || (!self->quiet && !holds(self, s)))
        unheld(self);
    s->readers--;
    dropped(self, self, s);
}

void hd_down_write_(const struct hd_site *site, struct hd_rwsem *s)
{
    struct hd_actor *self;

    if (s->fair) {
        self = free_point(site, HD_OP_QUEUE_LOCK, s, 8);
        s->queued++;
        hd_record(self, s->queued, true);
        hd_reconsider(self->engine);
    }
    self = lock_point(site, HD_OP_WRITE_LOCK, s, 8);
    if (s->fair)
        s->queued--;
    s->writer = owner_word(self);
    taken(self, s, false);
}

bool hd_down_write_trylock_(const struct hd_site *site, struct hd_rwsem *s)
{
    struct hd_actor *self = free_point(site, HD_OP_TRYLOCK, s, 8);

    if (s->writer || s->readers) {
        not_taken(self, s->writer ? s->writer - 1 : UINT32_MAX);
        return false;
    }
    s->writer = owner_word(self);
    taken(self, s, false);
    return true;
}

void hd_up_write_(const struct hd_site *site, struct hd_rwsem *s)
{
    struct hd_actor *self = free_point(site, HD_OP_UNLOCK, s, 8);

    if (s->writer != owner_word(self))
        unheld(self);
    s->writer = 0;
    dropped(self, self, s);
}

hd_actor_id hd_engine_holder(const struct hd_engine *engine, const struct hd_actor *blocked,
                             uint32_t *ret_since)
{
    const void *lock = (const void *)(uintptr_t)blocked->address;

    *ret_since = 0;
    if (blocked->rcu_waits) { /* a grace period waits for sections */
        const struct hd_actor *reader = engine->actor[__builtin_ctzll(blocked->rcu_waits)];

        *ret_since = reader->rcu_since;
        return reader->id;
    }
    for (unsigned i = 0; lock && i < engine->actors; i++) {
        const struct hd_actor *actor = engine->actor[i];

        for (uint32_t j = 0; j < actor->held_count; j++)
            if (actor->held[j].lock == lock) {
                *ret_since = actor->held[j].since;
                return actor->id;
            }
    }
    return HD_ACTOR_NONE;
}
