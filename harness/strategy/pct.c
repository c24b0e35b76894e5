/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Probabilistic concurrency testing: strict random priorities with d - 1 random demotions.
 *
 * Put the actors in a random order and always run the first that can run, so that each runs on
 * until it blocks; at d - 1 random choices, send the one whose turn it is to the back.  A bug of
 * depth d needs d constraints met: the order guesses one of them, each demotion one more.
 *
 * Source     Burckhardt, Kothari, Musuvathi, Nagarakatte: "A Randomized Scheduler with
 *            Probabilistic Guarantees of Finding Bugs", ASPLOS 2010.
 * Guarantee  one execution finds a bug of depth d with probability >= 1 / (n * k^(d-1)), for n
 *            actors and at most k choices.
 * Departs    from the paper in three ways.  k counts choices where the paper counts every step: a
 *            demotion where nobody else can run changes nothing.  k is not given but learnt (a
 *            first guess may be given), so the guarantee holds from the first execution on that is
 *            as long as any.  A demotion comes just before the demoted actor's step, not just after
 *            the step before it, so it also meets an actor that was blocked meanwhile.
 * Cost       O(n + d) a choice; one allocation, when created.
 */
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "base/prng.h"
#include "strategy/create.h"

#define PCT_DEPTH_DEFAULT 3

struct pct {
    struct hd_strategy base; /* first: pct_of() relies on it */
    struct hd_prng prng;
    uint32_t depth;     /* d */
    uint32_t choices;   /* k: of the longest execution so far or the first guess; at least 1 */
    uint32_t admitted;  /* actors seen in this execution */
    hd_actor_set known; /* which ones */

    /* Of known actors.  1 .. d - 1: demoted.  d and above: in the initial order.  The larger runs
     * first, and no two known actors share a value.  0 for the others. */
    uint32_t priority[HD_ACTORS_MAX];

    /* [i], for 1 <= i < d: the choice, of 0 .. k - 1, that demotes its best actor to i. */
    uint32_t demote_at[HD_PCT_DEPTH_MAX];
};

static_assert(offsetof(struct pct, base) == 0, "pct_of() casts a strategy to the pct around it");

static struct pct *pct_of(struct hd_strategy *strategy)
{
    return (struct pct *)strategy;
}

static bool pct_begin(struct hd_strategy *strategy)
{
    struct pct *pct = pct_of(strategy);

    pct->admitted = 0;
    pct->known = 0;
    memset(pct->priority, 0, sizeof pct->priority);
    for (uint32_t i = 1; i < pct->depth; i++)
        pct->demote_at[i] = hd_prng_below(&pct->prng, pct->choices);
    return true; /* a random search exhausts nothing; the budget ends it */
}

/* Inserts the actor at a uniformly random rank: every order of the actors is equally likely. */
static void pct_admit(struct pct *pct, hd_actor_id actor)
{
    uint32_t rank = pct->depth + hd_prng_below(&pct->prng, pct->admitted + 1);

    HD_ASSERT_IS(pct->priority[actor], ==, 0);
    HD_ASSERT_IS(pct->admitted, <, HD_ACTORS_MAX);
    for (hd_actor_set set = pct->known; set; set &= set - 1) {
        hd_actor_id other = hd_set_nth(set, 0);

        pct->priority[other] += pct->priority[other] >= rank;
    }
    pct->priority[actor] = rank;
    pct->known |= hd_actor_bit(actor);
    pct->admitted++;
}

static hd_actor_id pct_best(const struct pct *pct, hd_actor_set enabled)
{
    hd_actor_id best = hd_set_nth(enabled, 0);

    for (hd_actor_set set = enabled & (enabled - 1); set; set &= set - 1) {
        hd_actor_id actor = hd_set_nth(set, 0);

        HD_ASSERT_IS(pct->priority[actor], !=, pct->priority[best]);
        if (pct->priority[actor] > pct->priority[best])
            best = actor;
    }
    return best;
}

static hd_actor_id pct_pick(struct hd_strategy *strategy, const struct hd_choice *choice)
{
    struct pct *pct = pct_of(strategy);

    for (hd_actor_set set = choice->enabled & ~pct->known; set; set &= set - 1)
        pct_admit(pct, hd_set_nth(set, 0));
    for (uint32_t i = 1; i < pct->depth; i++)
        if (pct->demote_at[i] == choice->index)
            pct->priority[pct_best(pct, choice->enabled)] = i;
    return pct_best(pct, choice->enabled);
}

/* k must bound the length of an execution, or its last choices would never see a demotion. */
static void pct_end(struct hd_strategy *strategy, const struct hd_trace *trace)
{
    struct pct *pct = pct_of(strategy);

    if (pct->choices < trace->choices)
        pct->choices = trace->choices;
}

static void pct_free(struct hd_strategy *strategy)
{
    hd_dealloc(pct_of(strategy));
}

static const struct hd_strategy_ops pct_ops = {
    .name = "pct",
    .begin = pct_begin,
    .pick = pct_pick,
    .end = pct_end,
    .free = pct_free,
};

enum hd_error hd_pct_create(const struct hd_strategy_options *options,
                            struct hd_strategy **ret_strategy)
{
    uint32_t depth = options->depth ? options->depth : PCT_DEPTH_DEFAULT;
    struct pct *pct;

    if (depth > HD_PCT_DEPTH_MAX)
        return HD_E_RANGE;
    pct = hd_alloc_array(1, sizeof *pct);
    if (!pct)
        return HD_E_NOMEM;
    pct->base.ops = &pct_ops;
    pct->depth = depth;
    pct->choices = options->choices ? options->choices : 1;
    hd_prng_seed(&pct->prng, options->seed);
    *ret_strategy = &pct->base;
    return HD_OK;
}
