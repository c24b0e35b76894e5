/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Depth-first search: every schedule, or every one with at most so many preemptions.
 *
 * The stack holds the choices of the latest execution, each with the actors not tried there yet.
 * The next execution repeats them up to the deepest choice that has one left, takes it, and from
 * there on goes on with whoever runs, so that schedules with few preemptions come early.
 *
 * Source     stateless search: Godefroid, "Model Checking for Programming Languages using
 *            VeriSoft", POPL 1997.  Preemption bound: Musuvathi, Qadeer, "Iterative Context
 *            Bounding for Systematic Testing of Multithreaded Programs", PLDI 2007.
 * Guarantee  each schedule within the bound exactly once; begin() is false when none is left.
 * Departs    a forced move is no choice and never a preemption.  An execution with more choices
 *            than the stack has room for goes on without branching; the stack then grows and that
 *            one execution is repeated.  Where it cannot grow, or where an execution differs from
 *            its own past, hd_strategy_complete() is false.
 * Cost       O(1) a choice, 16 bytes each; allocates in end() only, by doubling.
 */
#include <stddef.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "strategy/create.h"
#include "strategy/default.h"

/* Choices; more than a scenario has within the default step limit. */
#define DFS_ROOM_FIRST 16384

struct frame {
    hd_actor_set untried;
    hd_actor_id chosen;
};

struct dfs {
    struct hd_strategy base; /* first: dfs_of() relies on it */
    uint32_t bound;          /* preemptions allowed; HD_NO_BOUND for any number */
    uint32_t preemptions;    /* made in this execution */
    uint32_t missed;         /* choices of this execution that found no room */
    size_t depth, room;      /* frames[0 .. depth - 1] are choices of the latest execution */
    struct frame *frames;
    bool started;
    bool again;   /* the latest execution is to be repeated with a larger stack */
    bool partial; /* something was left out */
};

static_assert(offsetof(struct dfs, base) == 0, "dfs_of() casts a strategy to the dfs around it");

static struct dfs *dfs_of(struct hd_strategy *strategy)
{
    return (struct dfs *)strategy;
}

/* To the next schedule: the deepest choice that has an untried actor; false if none has. */
static bool advance(struct dfs *dfs)
{
    for (; dfs->depth > 0; dfs->depth--) {
        struct frame *top = &dfs->frames[dfs->depth - 1];

        if (top->untried) {
            top->chosen = hd_set_nth(top->untried, 0);
            top->untried &= top->untried - 1;
            return true;
        }
    }
    return false;
}

static bool dfs_begin(struct hd_strategy *strategy)
{
    struct dfs *dfs = dfs_of(strategy);

    if (dfs->started && !dfs->again && !advance(dfs))
        return false;
    dfs->started = true;
    dfs->again = false;
    dfs->preemptions = 0;
    dfs->missed = 0;
    return true;
}

/* A choice not met before: goes on, and leaves the others for later if the bound allows it. */
static struct frame first_visit(const struct dfs *dfs, const struct hd_choice *choice)
{
    hd_actor_id chosen = hd_go_on(choice);
    bool bounded = chosen == choice->running && dfs->preemptions >= dfs->bound;

    return (struct frame){
        .untried = bounded ? 0 : choice->enabled & ~hd_actor_bit(chosen),
        .chosen = chosen,
    };
}

static hd_actor_id dfs_pick(struct hd_strategy *strategy, const struct hd_choice *choice)
{
    struct dfs *dfs = dfs_of(strategy);
    hd_actor_id chosen;

    if (choice->index < dfs->depth) {
        chosen = dfs->frames[choice->index].chosen;
    } else if (dfs->depth < dfs->room) {
        HD_ASSERT_IS(choice->index, ==, dfs->depth);
        dfs->frames[dfs->depth] = first_visit(dfs, choice);
        chosen = dfs->frames[dfs->depth++].chosen;
    } else {
        dfs->missed++;
        chosen = hd_go_on(choice);
    }

    if (HD_UNLIKELY(!hd_set_has(choice->enabled, chosen))) {
        dfs->partial = true; /* it was enabled here before: the program is not deterministic */
        return HD_ACTOR_NONE;
    }
    if (chosen != choice->running && hd_set_has(choice->enabled, choice->running))
        dfs->preemptions++;
    return chosen;
}

static void dfs_end(struct hd_strategy *strategy, const struct hd_trace *trace)
{
    struct dfs *dfs = dfs_of(strategy);
    size_t room = dfs->room;
    struct frame *frames;

    (void)trace;
    if (!dfs->missed)
        return;
    while (room < dfs->room + dfs->missed)
        room *= 2;
    frames = hd_realloc_array(dfs->frames, room, sizeof *frames);
    if (!frames) {
        dfs->partial = true;
        return;
    }
    dfs->frames = frames;
    dfs->room = room;
    dfs->again = true;
}

static void dfs_free(struct hd_strategy *strategy)
{
    struct dfs *dfs = dfs_of(strategy);

    hd_dealloc(dfs->frames);
    hd_dealloc(dfs);
}

static bool dfs_complete(const struct hd_strategy *strategy)
{
    return !((const struct dfs *)strategy)->partial;
}

static const struct hd_strategy_ops dfs_ops = {
    .name = "dfs",
    .begin = dfs_begin,
    .pick = dfs_pick,
    .end = dfs_end,
    .free = dfs_free,
    .complete = dfs_complete,
};

enum hd_error hd_dfs_create(const struct hd_strategy_options *options,
                            struct hd_strategy **ret_strategy)
{
    struct dfs *dfs = hd_alloc_array(1, sizeof *dfs);
    struct frame *frames = hd_alloc_array(DFS_ROOM_FIRST, sizeof *frames);

    if (!dfs || !frames) {
        hd_dealloc(frames);
        hd_dealloc(dfs);
        return HD_E_NOMEM;
    }
    dfs->base.ops = &dfs_ops;
    dfs->bound = options->preemptions;
    dfs->room = DFS_ROOM_FIRST;
    dfs->frames = frames;
    *ret_strategy = &dfs->base;
    return HD_OK;
}
