/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Could an operation be carried out where only some of the events came before it?
 *
 * One rule for each kind of operation that blocks, from what the trace says of the same object.  A
 * rule may be generous, where the trace doesn't say all (set-up holds a lock, say): then a schedule
 * is tried that turns out not to be there, which costs an execution.  It is never strict without
 * proof, since that would lose one.
 *
 * Cost: a walk over the events on the object.
 */
#include "base/assert.h"
#include "strategy/dpor_path.h"
#include "strategy/dpor_slot.h"

bool hd_path_blocks(enum hd_op op)
{
    switch (op) {
    case HD_OP_LOCK:
    case HD_OP_WRITE_LOCK:
    case HD_OP_READ_LOCK:
    case HD_OP_WAIT:
    case HD_OP_AWAIT:
    case HD_OP_SERVE:
    case HD_OP_RCU_WAIT:
    case HD_OP_START:
    case HD_OP_BEGIN:
    case HD_OP_JOIN:
    case HD_OP_PASS:
        return true;
    default:
        return false;
    }
}

/* The events on the object, latest first: `for (link = first(...); link; link = older(...))`. */
static uint32_t latest(const struct hd_path *path, const struct hd_step *step)
{
    uint32_t slot = hd_path_slot_of(path, step, 0);

    return slot ? path->slots[slot].head : 0;
}

static uint32_t older(const struct hd_path *path, const struct hd_step *step, uint32_t link)
{
    const struct hd_path_event *event = &path->events[link - 1];
    bool second = event->slot[1] && event->slot[1] == hd_path_slot_of(path, step, 0);

    return event->older[second];
}

/* ---- Locks ----------------------------------------------------------------------------------- */

/* How many more hold the lock after the step than before it. */
static int32_t taken_by(const struct hd_step *step)
{
    switch ((enum hd_op)step->op) {
    case HD_OP_LOCK:
    case HD_OP_WRITE_LOCK:
    case HD_OP_READ_LOCK:
        return 1;
    case HD_OP_TRYLOCK:
        return step->outcome ? 1 : 0;
    case HD_OP_UNLOCK:
    case HD_OP_READ_UNLOCK:
        return -1;
    default:
        return 0;
    }
}

/* An operation that wants the lock for itself: nobody may hold it. */
static bool may_take_alone(const struct hd_path *path, const struct hd_path_next *next,
                           const uint32_t *limit)
{
    int32_t all = 0, removed = 0;
    bool held = false; /* at the start: it was dropped before it was taken */

    for (uint32_t link = latest(path, &next->step); link; link = older(path, &next->step, link)) {
        int32_t taken = taken_by(&path->events[link - 1].step);

        all += taken;
        held = taken ? taken < 0 : held;
        removed += hd_path_kept(path, link - 1, limit) ? 0 : taken;
    }
    if (!next->pending)
        return removed == 0; /* in the end it was free, whoever held it at the start */
    return all + held <= removed;
}

/* No writer may hold it, nor queue if it is fair.  A trylock is a writer's if UNLOCK ended it. */
static bool may_share(const struct hd_path *path, const struct hd_path_next *next,
                      const uint32_t *limit)
{
    hd_actor_set ends_as_writer = 0, known = 0;
    int32_t writers = 0, queued = 0;
    bool fair = false;

    for (uint32_t link = latest(path, &next->step); link; link = older(path, &next->step, link)) {
        const struct hd_step *step = &path->events[link - 1].step;
        bool kept = hd_path_kept(path, link - 1, limit);
        hd_actor_set bit = hd_actor_bit(step->actor);

        if (step->op == HD_OP_UNLOCK || step->op == HD_OP_READ_UNLOCK) {
            ends_as_writer =
                step->op == HD_OP_UNLOCK ? ends_as_writer | bit : ends_as_writer & ~bit;
            known |= bit;
            writers -= kept && step->op == HD_OP_UNLOCK;
        } else if (step->op == HD_OP_WRITE_LOCK ||
                   (step->op == HD_OP_TRYLOCK && step->outcome && (ends_as_writer & known & bit))) {
            writers += kept;
            queued -= kept && step->op == HD_OP_WRITE_LOCK;
        } else if (step->op == HD_OP_QUEUE_LOCK) {
            queued += kept;
            fair = true;
        }
    }
    return writers <= 0 && !(fair && queued > 0);
}

/* ---- Waiting --------------------------------------------------------------------------------- */

/* Somebody must have woken after it prepared. */
static bool may_wake(const struct hd_path *path, const struct hd_path_next *next,
                     const uint32_t *limit)
{
    for (uint32_t link = latest(path, &next->step); link; link = older(path, &next->step, link)) {
        const struct hd_step *step = &path->events[link - 1].step;

        if (!hd_path_kept(path, link - 1, limit))
            continue;
        if (step->op == HD_OP_WAKE)
            return true;
        if (step->op == HD_OP_PREPARE && step->actor == next->step.actor)
            return false;
    }
    return true; /* it prepared in a way of its own */
}

/* What the count was before the first event on it. */
static bool began_done(const struct hd_path_event *event)
{
    uint32_t done = (uint32_t)event->step.value;

    if (event->step.op == HD_OP_COMPLETE)
        return done == UINT32_MAX || done > 1; /* after complete_all() nothing is known */
    return true;
}

static bool may_pass(const struct hd_path *path, const struct hd_path_next *next,
                     const uint32_t *limit, uint32_t first)
{
    const struct hd_path_event *event = NULL;
    hd_actor_id actor = next->step.actor;

    for (uint32_t link = latest(path, &next->step); link; link = older(path, &next->step, link)) {
        event = &path->events[link - 1];
        if (event->step.op != HD_OP_COMPLETE && event->step.op != HD_OP_AWAIT)
            continue;
        if (hd_path_kept(path, link - 1, limit))
            return (uint32_t)event->step.value != 0;
    }
    if (hd_path_before(path, first)[actor] == path->count[actor]) /* it waited there already */
        return hd_set_has(path->events[first].enabled, actor);
    return event && (event->step.op == HD_OP_COMPLETE || event->step.op == HD_OP_AWAIT)
               ? began_done(event)
               : true;
}

/* There must be an item: more pushed than served.  A queue that set-up filled counts as endless. */
static bool may_serve(const struct hd_path *path, const struct hd_path_next *next,
                      const uint32_t *limit)
{
    int32_t items = 0;

    if (path->length == 0 || hd_set_has(path->events[0].enabled, next->step.actor))
        return true;
    for (uint32_t link = latest(path, &next->step); link; link = older(path, &next->step, link)) {
        enum hd_op op = (enum hd_op)path->events[link - 1].step.op;

        if (hd_path_kept(path, link - 1, limit))
            items += (op == HD_OP_PUSH) - (op == HD_OP_SERVE);
    }
    return items > 0;
}

static bool may_start(const struct hd_path *path, const struct hd_path_next *next,
                      const uint32_t *limit)
{
    const struct hd_path_actor *known = &path->actors[next->step.actor];

    if (known->after && next->pending)
        return false; /* nobody ends earlier by doing less */
    for (hd_actor_set set = known->after; set; set &= set - 1)
        if (limit[__builtin_ctzll(set)] < path->count[__builtin_ctzll(set)])
            return false;
    if (!known->mark)
        return true;
    for (uint32_t link = latest(path, &next->step); link; link = older(path, &next->step, link)) {
        const struct hd_step *step = &path->events[link - 1].step;

        if (step->op == HD_OP_MARK && step->value == known->mark - 1u &&
            hd_path_kept(path, link - 1, limit))
            return true;
    }
    return false;
}

/* A thread begins once it was spawned, and is joined once it has ended. */
static bool has_come(const struct hd_path *path, const struct hd_path_next *next,
                     const uint32_t *limit, enum hd_op op)
{
    for (uint32_t link = latest(path, &next->step); link; link = older(path, &next->step, link))
        if (path->events[link - 1].step.op == op && hd_path_kept(path, link - 1, limit))
            return true;
    return false;
}

/* ---- RCU ------------------------------------------------------------------------------------- */

/* All sections that were open at `begin` must have ended; a link. */
static bool may_end_grace(const struct hd_path *path, const uint32_t *limit, uint32_t begin)
{
    hd_actor_set ended = 0, looked = 0;
    uint32_t link = path->slots[HD_SLOT_BARE].head;

    for (; link > begin; link = path->events[link - 1].older[0]) {
        const struct hd_step *step = &path->events[link - 1].step;
        hd_actor_set bit = hd_actor_bit(step->actor);

        if (step->op == HD_OP_RCU_UNLOCK && step->value == 0) /* the earliest is looked at last */
            ended = hd_path_kept(path, link - 1, limit) ? ended | bit : ended & ~bit;
    }
    for (; link; link = path->events[link - 1].older[0]) {
        const struct hd_step *step = &path->events[link - 1].step;
        hd_actor_set bit = hd_actor_bit(step->actor);

        if ((step->op != HD_OP_RCU_LOCK && step->op != HD_OP_RCU_UNLOCK) || (looked & bit))
            continue;
        looked |= bit;
        if ((step->op == HD_OP_RCU_LOCK || step->value != 0) && !(ended & bit))
            return false;
    }
    return true;
}

/* How many RCU_CALLs came before, up to a link. */
static uint32_t calls_before(const struct hd_path *path, uint32_t link)
{
    uint32_t calls = 0;

    for (; link; link = path->events[link - 1].older[0])
        calls += path->events[link - 1].step.op == HD_OP_RCU_CALL;
    return calls;
}

/* The n-th RCU_CALL, from 0; a link, 0 if there are fewer. */
static uint32_t find_call(const struct hd_path *path, uint32_t n)
{
    uint32_t left = calls_before(path, path->slots[HD_SLOT_BARE].head);

    for (uint32_t link = path->slots[HD_SLOT_BARE].head; link;
         link = path->events[link - 1].older[0])
        if (path->events[link - 1].step.op == HD_OP_RCU_CALL && --left == n)
            return link;
    return 0;
}

/* The next callback must have been queued, and its grace period have ended. */
static bool may_call_back(const struct hd_path *path, const struct hd_path_next *next,
                          const uint32_t *limit)
{
    uint32_t served = 0, call;

    if (path->length == 0 || hd_set_has(path->events[0].enabled, next->step.actor))
        return true; /* set-up queued some */
    for (uint32_t i = 0; i < path->count[next->step.actor]; i++)
        served += path->events[hd_path_of(path, next->step.actor, i)].step.op == HD_OP_SERVE;
    call = find_call(path, served);
    return call && hd_path_kept(path, call - 1, limit) && may_end_grace(path, limit, call);
}

/* The RCU_SYNC that this actor's RCU_WAIT belongs to; a link. */
static uint32_t sync_of(const struct hd_path *path, hd_actor_id actor)
{
    uint32_t link = path->slots[HD_SLOT_BARE].head;

    while (link && (path->events[link - 1].step.op != HD_OP_RCU_SYNC ||
                    path->events[link - 1].step.actor != actor))
        link = path->events[link - 1].older[0];
    return link;
}

uint32_t hd_path_barrier(const struct hd_path *path, hd_actor_id actor)
{
    uint32_t sync = sync_of(path, actor), wanted, served = 0, last = 0;

    if (!sync || path->events[sync - 1].step.value == 0 || path->rcu == HD_ACTOR_NONE)
        return 0;
    wanted = calls_before(path, sync);
    if (path->events[0].enabled & hd_actor_bit(path->rcu))
        wanted = UINT32_MAX; /* set-up queued some */
    for (uint32_t i = 0; i < path->count[path->rcu]; i++) {
        uint32_t k = hd_path_of(path, path->rcu, i);

        served += path->events[k].step.op == HD_OP_SERVE;
        if (served > wanted)
            break;
        last = k + 1;
    }
    return wanted ? last : 0;
}

static bool may_end_wait(const struct hd_path *path, const struct hd_path_next *next,
                         const uint32_t *limit)
{
    uint32_t sync = sync_of(path, next->step.actor), last;

    if (!sync)
        return true;
    if (path->events[sync - 1].step.value == 0)
        return may_end_grace(path, limit, sync);
    last = hd_path_barrier(path, next->step.actor);
    return !next->pending && (!last || hd_path_kept(path, last - 1, limit));
}

bool hd_path_may_go(const struct hd_path *path, const struct hd_path_next *next,
                    const uint32_t *limit, uint32_t first)
{
    switch ((enum hd_op)next->step.op) {
    case HD_OP_LOCK:
    case HD_OP_WRITE_LOCK:
        return may_take_alone(path, next, limit);
    case HD_OP_READ_LOCK:
        return may_share(path, next, limit);
    case HD_OP_WAIT:
    case HD_OP_PASS:
        return may_wake(path, next, limit);
    case HD_OP_AWAIT:
        return may_pass(path, next, limit, first);
    case HD_OP_SERVE:
        return next->step.object == HD_OBJECT_NONE ? may_call_back(path, next, limit)
                                                   : may_serve(path, next, limit);
    case HD_OP_RCU_WAIT:
        return may_end_wait(path, next, limit);
    case HD_OP_START:
        return may_start(path, next, limit);
    case HD_OP_BEGIN:
        return has_come(path, next, limit, HD_OP_SPAWN);
    case HD_OP_JOIN:
        return has_come(path, next, limit, HD_OP_EXIT);
    default:
        return true;
    }
}

struct hd_step hd_path_guess(const struct hd_path *path, const struct hd_path_next *next,
                             const uint32_t *limit)
{
    struct hd_step step = next->step;
    int32_t held = 0;

    step.outcome = 1;
    if (step.op != HD_OP_TRYLOCK || step.bytes != sizeof(uint32_t))
        return step; /* a reader's and a writer's trylock look the same */
    for (uint32_t link = latest(path, &step); link; link = older(path, &step, link))
        if (hd_path_kept(path, link - 1, limit))
            held += taken_by(&path->events[link - 1].step);
    step.outcome = held <= 0;
    return step;
}
