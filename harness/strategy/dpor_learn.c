/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Learning from an execution: its new events join the path, its new states become nodes, and each
 * of its races is reversed: what would have to be done at the first one's node for the second to
 * come there is put into that node's wakeup tree, unless somebody who sleeps there covers it.
 *
 * A race whose other order is covered by steps that the path keeps for as long as it keeps the race
 * is not looked at again; with most of the races it ends there.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "strategy/dpor_worker.h"

/* ---- Events ---------------------------------------------------------------------------------- */

/* What has no place in a reduction: its effect depends on when others arrive, which is no step. */
static bool is_supported(const struct hd_step *step)
{
    return step->op != HD_OP_SLEEP && step->op != HD_OP_YIELD;
}

/* The first repeated step that is not what it was; UINT32_MAX if there is none. */
static uint32_t difference(const struct hd_dpor *dpor, const struct hd_trace *trace)
{
    uint32_t repeated = dpor->path.length;

    for (uint32_t k = 0; k < repeated; k++)
        if (k >= trace->length ||
            memcmp(&dpor->path.events[k].step, &trace->steps[k], sizeof *trace->steps) != 0)
            return k;
    return dpor->astray ? trace->length : UINT32_MAX;
}

static enum hd_error push_steps(struct hd_dpor *dpor, const struct hd_execution *execution)
{
    const struct hd_trace *trace = &execution->trace;
    bool tried = dpor->asked > trace->length && !dpor->blocked;
    bool early = !execution->whole && !dpor->blocked;
    enum hd_error error = HD_OK;

    for (uint32_t k = dpor->path.length; k < trace->length && !error; k++) {
        bool last = early && !tried && k + 1 == trace->length;

        if (!is_supported(&trace->steps[k]))
            return HD_E_UNSUPPORTED;
        error = hd_path_push(&dpor->path, &trace->steps[k], dpor->decisions[k].enabled,
                             last ? HD_PATH_LAST : HD_PATH_STEP);
    }
    if (!error && early && tried) {
        const struct hd_decision *decision = &dpor->decisions[trace->length];
        struct hd_step step = hd_engine_views(dpor->engine)[decision->picked].pending;

        step.outcome = 1;
        step.value = 0;
        error = hd_path_push(&dpor->path, &step, decision->enabled, HD_PATH_TRIED);
    }
    return error;
}

/* ---- Nodes ----------------------------------------------------------------------------------- */

/* The branch that was taken is known now. */
static void know_branch(struct hd_dpor *dpor)
{
    const struct hd_path_event *event = &dpor->path.events[dpor->branch];
    struct hd_node *node = dpor->nodes[dpor->branch];
    hd_actor_set bit = hd_actor_bit(event->step.actor);
    bool shared = node->shared;

    if (shared)
        pthread_mutex_lock(&dpor->tree->lock);
    HD_ASSERT(node->unknown & bit);
    node->unknown &= ~bit;
    node->steps[event->step.actor] = event->step;
    if (event->final)
        node->final |= bit;
    if (shared) {
        hd_node_list(dpor->tree, node);
        pthread_cond_broadcast(&dpor->tree->changed);
        pthread_mutex_unlock(&dpor->tree->lock);
    }
}

static bool make_room(struct hd_dpor *dpor, uint32_t depth)
{
    uint32_t room = dpor->room ? dpor->room : 256;
    struct hd_node **nodes;

    while (room < depth)
        room *= 2;
    if (room == dpor->room)
        return true;
    nodes = hd_realloc_array(dpor->nodes, room, sizeof(struct hd_node *));
    if (!nodes)
        return false;
    dpor->nodes = nodes;
    dpor->room = room;
    return true;
}

/* The state before event k: its own step sleeps from now on, for it is being explored. */
static enum hd_error add_node(struct hd_dpor *dpor, uint32_t k)
{
    const struct hd_path_event *event = &dpor->path.events[k];
    const struct hd_decision *decision = &dpor->decisions[k];
    hd_actor_set own = hd_actor_bit(event->step.actor);
    struct hd_node *node = hd_node_new(dpor->tree, &dpor->spare);

    if (!node)
        return HD_E_NOMEM;
    node->parent = k ? dpor->nodes[k - 1] : NULL;
    node->depth = k;
    node->via = k ? dpor->path.events[k - 1].step.actor : HD_ACTOR_NONE;
    node->pending = decision->rest;
    node->refs = node->begun = 1;
    node->asleep = decision->asleep | own;
    node->final = (dpor->final & decision->asleep) | (event->final ? own : 0);
    for (hd_actor_set set = decision->asleep; set; set &= set - 1)
        node->steps[__builtin_ctzll(set)] = dpor->steps[__builtin_ctzll(set)];
    node->steps[event->step.actor] = event->step;
    dpor->nodes[k] = node;
    dpor->depth = k + 1;
    return HD_OK;
}

static enum hd_error add_nodes(struct hd_dpor *dpor)
{
    uint32_t first = 0;

    if (dpor->depth) {
        know_branch(dpor);
        first = dpor->branch + 1;
    }
    if (!make_room(dpor, dpor->path.length))
        return HD_E_NOMEM;
    for (uint32_t k = first; k < dpor->path.length; k++)
        if (add_node(dpor, k))
            return HD_E_NOMEM;
    return HD_OK;
}

/* ---- Races ----------------------------------------------------------------------------------- */

/* Does a sleeping actor's branch cover the suffix?  If so, does it for all executions that go on
 * from event `until`? */
static bool sleeper_covers(const struct hd_node *node, const struct hd_suffix *suffix,
                           uint32_t until, bool *ret_surely)
{
    for (hd_actor_set set = node->asleep; set; set &= set - 1) {
        hd_actor_id actor = (hd_actor_id)__builtin_ctzll(set);

        if (!hd_suffix_may_begin(suffix, &node->steps[actor],
                                 node->final & hd_actor_bit(actor)))
            continue;
        *ret_surely = hd_suffix_surely_begins(suffix, actor, until);
        return true;
    }
    return false;
}

static enum hd_error reverse(struct hd_dpor *dpor, struct hd_path_race *race,
                             const struct hd_step *pending)
{
    struct hd_node *node = dpor->nodes[race->first];
    bool shared = node->shared, surely = false, added;
    struct hd_suffix suffix;
    enum hd_error error = HD_OK;

    hd_suffix_make(&suffix, &dpor->path, race, pending);
    if (shared) {
        pthread_mutex_lock(&dpor->tree->lock);
        while (node->unknown && !atomic_load(&dpor->tree->stopping))
            pthread_cond_wait(&dpor->tree->changed, &dpor->tree->lock);
    }
    if (sleeper_covers(node, &suffix, race->second, &surely))
        race->settled = surely;
    else
        error = hd_wake_insert(&dpor->pool, &node->pending, &suffix, &added);
    if (shared) {
        hd_node_list(dpor->tree, node);
        pthread_mutex_unlock(&dpor->tree->lock);
    }
    return error;
}

static enum hd_error reverse_races(struct hd_dpor *dpor)
{
    enum hd_error error = HD_OK;

    for (uint32_t i = 0; i < dpor->path.race_count && !error; i++)
        if (!dpor->path.races[i].settled)
            error = reverse(dpor, &dpor->path.races[i], NULL);
    return error;
}

/* An operation that was left over: what could it have come before? */
static enum hd_error reverse_pending(struct hd_dpor *dpor, hd_actor_id actor, bool early)
{
    struct hd_path *path = &dpor->path;
    struct hd_step step = hd_engine_views(dpor->engine)[actor].pending;
    uint32_t races = path->race_count, last = path->length - 1;
    bool fault = hd_set_has(dpor->faults, actor);
    enum hd_error error = HD_OK;

    step.outcome = 1;
    step.value = fault ? path->actors[actor].fault : step.op == HD_OP_RCU_WAIT ? step.value : 0;
    if (early && hd_set_has(path->events[last].enabled, actor)) {
        struct hd_path_race race = { .first = last, .second = UINT32_MAX };

        error = reverse(dpor, &race, &step); /* before the step that ended it all */
    }
    if (fault || hd_path_blocks((enum hd_op)step.op)) {
        error = error ? error : hd_path_pend(path, &step);
        for (uint32_t i = races; i < path->race_count && !error; i++)
            error = reverse(dpor, &path->races[i], &step);
        path->race_count = races;
    }
    return error;
}

static enum hd_error reverse_all_pending(struct hd_dpor *dpor, bool early)
{
    const struct hd_view *views = hd_engine_views(dpor->engine);
    hd_actor_id last = dpor->path.events[dpor->path.length - 1].step.actor;
    enum hd_error error = HD_OK;

    for (unsigned i = 0; i < dpor->tree->width && !error; i++) {
        if (views[i].state == HD_ENDED || views[i].state == HD_OFF || (early && i == last))
            continue;
        if (views[i].pending.op == HD_OP_SLEEP || views[i].pending.op == HD_OP_YIELD)
            return HD_E_UNSUPPORTED;
        error = reverse_pending(dpor, (hd_actor_id)i, early);
    }
    return error;
}

/* ---- Other workers --------------------------------------------------------------------------- */

static void share_up_to(struct hd_dpor *dpor, uint32_t depth)
{
    for (uint32_t k = 0; k < depth; k++)
        if (!dpor->nodes[k]->shared) {
            dpor->nodes[k]->shared = true;
            hd_node_list(dpor->tree, dpor->nodes[k]);
        }
}

/* Somebody waits for work: gives away what is nearest to the root. */
static void give_work(struct hd_dpor *dpor)
{
    for (uint32_t k = 0; k < dpor->depth; k++)
        if (!dpor->nodes[k]->shared && dpor->nodes[k]->pending) {
            pthread_mutex_lock(&dpor->tree->lock);
            share_up_to(dpor, k + 1);
            pthread_mutex_unlock(&dpor->tree->lock);
            return;
        }
}

void hd_dpor_retire(struct hd_strategy *worker)
{
    struct hd_dpor *dpor = hd_dpor_of(worker);
    struct hd_dpor_tree *tree = dpor->tree;
    bool worked = dpor->depth > 0;

    pthread_mutex_lock(&tree->lock);
    share_up_to(dpor, dpor->depth);
    while (dpor->depth) {
        dpor->nodes[dpor->depth - 1]->refs--;
        hd_dpor_leave(dpor);
    }
    if (worked && --tree->working == 0)
        pthread_cond_broadcast(&tree->changed);
    pthread_mutex_unlock(&tree->lock);
    hd_path_cut(&dpor->path, 0);
}

double hd_dpor_progress(const struct hd_strategy *worker)
{
    const struct hd_dpor *dpor = (const struct hd_dpor *)worker;
    double done = 0, part = 1;

    for (uint32_t k = 0; k < dpor->depth; k++) {
        struct hd_node *node = dpor->nodes[k];
        uint32_t begun, all;

        hd_node_lock(dpor->tree, node);
        begun = all = node->begun;
        for (const struct hd_wake *wake = node->pending; wake; wake = wake->next)
            all++;
        hd_node_unlock(dpor->tree, node);
        done += part * (begun - 1) / all;
        part /= all;
    }
    return done + part;
}

enum hd_error hd_dpor_learn(struct hd_strategy *worker, const struct hd_execution *execution,
                            struct hd_dpor_lesson *ret_lesson)
{
    struct hd_dpor *dpor = hd_dpor_of(worker);
    bool early = !execution->whole && !dpor->blocked;
    enum hd_error error;

    ret_lesson->blocked = dpor->blocked;
    ret_lesson->differs = difference(dpor, &execution->trace);
    if (ret_lesson->differs != UINT32_MAX)
        return HD_E_NONDETERMINISTIC;
    error = push_steps(dpor, execution);
    ret_lesson->class = hd_path_class(&dpor->path);
    if (!error && !dpor->path.length) {
        pthread_mutex_lock(&dpor->tree->lock); /* nobody does anything */
        dpor->tree->working--;
        pthread_cond_broadcast(&dpor->tree->changed);
        pthread_mutex_unlock(&dpor->tree->lock);
        return HD_OK;
    }
    if (!error)
        error = add_nodes(dpor);
    if (!error && !dpor->blocked)
        error = reverse_races(dpor);
    if (!error && !dpor->blocked)
        error = reverse_all_pending(dpor, early);
    if (!error && atomic_load_explicit(&dpor->tree->idle, memory_order_relaxed))
        give_work(dpor);
    return error;
}
