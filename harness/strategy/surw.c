/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Selectively uniform random walk: every order of the operations that matter is equally likely.
 *
 * For each execution one object is selected, of those that an earlier one has shown actors to
 * conflict on.  Whose operation on it comes next is drawn in proportion to how many each actor has
 * still to come, as they were counted then; that actor runs until it has taken it.
 *
 * Source     Zhao, Wolff, Mathur, Roychoudhury: "Selectively Uniform Concurrency Testing", ASPLOS
 *            2025.
 * Guarantee  if the counts are right and none of the selected operations blocks, each order of them
 *            has the same probability; with all operations on the object in one actor's hand
 *            against one of another's, 1/(n + 1), where a random walk has 1/2^n.
 * Departs    from the paper in three ways.  What is selected is an object drawn anew for each
 *            execution, or, one time in four, everything.  The counts are those of the latest
 *            execution, not of a profile, and the first execution, which has none, is a random
 *            walk.  And the paper lets all actors walk at random up to their selected operations;
 *            here the intended one alone goes on, for a schedule that switches at every other step
 *            never gets far where an actor must stand still for long.
 * Cost       O(n) a step and a choice; O(steps) after an execution; one allocation, when created.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "base/prng.h"
#include "strategy/classes.h"
#include "strategy/create.h"

#define OBJECTS 128u /* remembered; others don't count */
#define PROBES  8u

struct object {
    uint32_t allocation; /* + 1; 0: free */
    hd_actor_set actors; /* who touched it */
    bool written;        /* by one of them at least, or the like: their order matters */
    uint16_t count[HD_ACTORS_MAX];
};

struct surw {
    struct hd_strategy base; /* first: surw_of() relies on it */
    struct hd_prng prng;
    uint32_t seen;             /* steps of this execution already looked at */
    uint32_t selected;         /* allocation + 1; 0: everything */
    hd_actor_id intended;      /* HD_ACTOR_NONE: to be drawn */
    uint32_t total[HD_ACTORS_MAX]; /* steps of the latest execution */
    uint32_t left[HD_ACTORS_MAX];  /* selected operations still to come */
    struct object objects[OBJECTS];
};

static_assert(offsetof(struct surw, base) == 0, "surw_of() casts a strategy to the surw around it");

static struct surw *surw_of(struct hd_strategy *strategy)
{
    return (struct surw *)strategy;
}

/* Where the allocation is, or would be; NULL if there is no room. */
static struct object *find(struct surw *surw, uint32_t allocation)
{
    uint32_t slot = (uint32_t)(hd_mix64(allocation + 1) % OBJECTS);

    for (uint32_t i = 0; i < PROBES; i++) {
        struct object *object = &surw->objects[(slot + i) % OBJECTS];

        if (object->allocation == 0 || object->allocation == allocation + 1)
            return object;
    }
    return NULL;
}

static void select_everything(struct surw *surw)
{
    surw->selected = 0;
    memcpy(surw->left, surw->total, sizeof surw->left);
}

static bool is_shared(const struct object *object)
{
    return object->written && (object->actors & (object->actors - 1));
}

static bool surw_begin(struct hd_strategy *strategy)
{
    struct surw *surw = surw_of(strategy);
    uint32_t met = 0;

    surw->seen = 0;
    surw->intended = HD_ACTOR_NONE;
    select_everything(surw);
    if (hd_prng_below(&surw->prng, 4) == 0)
        return true;
    for (uint32_t i = 0; i < OBJECTS; i++) {
        const struct object *object = &surw->objects[i];

        if (!is_shared(object) || hd_prng_below(&surw->prng, ++met) != 0)
            continue;
        surw->selected = object->allocation;
        for (uint32_t actor = 0; actor < HD_ACTORS_MAX; actor++)
            surw->left[actor] = object->count[actor];
    }
    return true; /* a random search exhausts nothing; the budget ends it */
}

static bool is_selected(const struct surw *surw, const struct hd_step *step)
{
    return surw->selected == 0 || (step->object != HD_OBJECT_NONE
                                   && hd_object_allocation(step->object) + 1 == surw->selected);
}

/* In proportion to what is left; who has more to come than was counted has at least one. */
static hd_actor_id draw(struct surw *surw, hd_actor_set among)
{
    uint32_t sum = 0, drawn;

    for (hd_actor_set set = among; set; set &= set - 1) {
        uint32_t left = surw->left[hd_set_nth(set, 0)];

        sum += left ? left : 1;
    }
    drawn = hd_prng_below(&surw->prng, sum);
    for (hd_actor_set set = among;; set &= set - 1) {
        uint32_t left = surw->left[hd_set_nth(set, 0)];

        left = left ? left : 1;
        if (drawn < left)
            return hd_set_nth(set, 0);
        drawn -= left;
    }
}

/* The steps since the last choice, forced ones included. */
static void catch_up(struct surw *surw, const struct hd_trace *trace)
{
    for (; surw->seen < trace->length; surw->seen++) {
        const struct hd_step *step = &trace->steps[surw->seen];

        if (!is_selected(surw, step))
            continue;
        surw->left[step->actor] -= surw->left[step->actor] > 0;
        if (step->actor == surw->intended)
            surw->intended = HD_ACTOR_NONE;
    }
}

/* The intended actor goes on up to its selected operation and takes it.  Only where it cannot,
 * being blocked, is another drawn; so nothing that is selected overtakes it. */
static hd_actor_id surw_pick(struct hd_strategy *strategy, const struct hd_choice *choice)
{
    struct surw *surw = surw_of(strategy);

    catch_up(surw, choice->trace);
    if (!hd_set_has(choice->enabled, surw->intended))
        surw->intended = draw(surw, choice->enabled);
    return surw->intended;
}

static void surw_end(struct hd_strategy *strategy, const struct hd_trace *trace)
{
    struct surw *surw = surw_of(strategy);

    memset(surw->total, 0, sizeof surw->total);
    memset(surw->objects, 0, sizeof surw->objects);
    for (uint32_t i = 0; i < trace->length; i++) {
        const struct hd_step *step = &trace->steps[i];
        struct object *object;

        surw->total[step->actor]++;
        if (step->object == HD_OBJECT_NONE)
            continue;
        object = find(surw, hd_object_allocation(step->object));
        if (!object)
            continue;
        object->allocation = hd_object_allocation(step->object) + 1;
        object->actors |= hd_actor_bit(step->actor);
        if (object->count[step->actor] < UINT16_MAX)
            object->count[step->actor]++;
        object->written |= hd_step_writes(step);
    }
}

static void surw_free(struct hd_strategy *strategy)
{
    hd_dealloc(surw_of(strategy));
}

static const struct hd_strategy_ops surw_ops = {
    .name = "surw",
    .begin = surw_begin,
    .pick = surw_pick,
    .end = surw_end,
    .free = surw_free,
};

enum hd_error hd_surw_create(const struct hd_strategy_options *options,
                             struct hd_strategy **ret_strategy)
{
    struct surw *surw = hd_alloc_array(1, sizeof *surw);

    if (!surw)
        return HD_E_NOMEM;
    surw->base.ops = &surw_ops;
    hd_prng_seed(&surw->prng, options->seed);
    *ret_strategy = &surw->base;
    return HD_OK;
}
