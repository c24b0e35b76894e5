/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A portfolio: several strategies share the executions, and those that show new classes get more.
 *
 * Every execution is one of a member's.  Half of them go round, each member as often as its share
 * says; half go to a member drawn in proportion to its share and its credit: how often, lately, an
 * execution of its own was of a class (see classes.h) that none before had shown.
 *
 * Source     portfolios: Huberman, Lukose, Hogg, "An Economics Approach to Hard Computational
 *            Problems", Science 1997; who gets the next turn is a bandit's question: Auer,
 *            Cesa-Bianchi, Fischer, "Finite-time Analysis of the Multiarmed Bandit Problem",
 *            Machine Learning 2002.
 * Guarantee  each member's, in half of its share of the executions at least.
 * Departs    from the bandits that come with bounds on regret: what is new becomes rare, so old
 *            credit must fade; and half of the turns are not for sale, to keep the members'
 *            guarantees. The shares are those that bench/find.c found to do well over the whole
 *            catalogue: a few delays or demotions find most races of the kernel's kind, and the
 *            others are there for what these two miss.
 * Cost       the member's, and O(steps) after an execution; a few allocations, when created.
 */
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "base/prng.h"
#include "strategy/classes.h"
#include "strategy/create.h"

#define CLASSES 4096u /* remembered; a power of two */
#define CREDIT  1024u /* of one new class, to begin with; then it fades by a sixteenth a turn */

/* The one list of members. */
static const struct member {
    enum hd_error (*create)(const struct hd_strategy_options *, struct hd_strategy **);
    uint32_t share;
} members[] = {
    { hd_pct_create, 10 }, { hd_delay_create, 6 },  { hd_rff_create, 1 },
    { hd_pos_create, 1 },  { hd_random_create, 1 }, { hd_surw_create, 1 },
};
#define MEMBERS (sizeof members / sizeof members[0])
#define SHARES  20 /* their sum */

struct portfolio {
    struct hd_strategy base; /* first: portfolio_of() relies on it */
    struct hd_prng prng;
    struct hd_strategy *member[MEMBERS]; /* owned */
    uint32_t credit[MEMBERS];
    int32_t due[MEMBERS]; /* turns owed to it, in 1/SHARES; they sum to 0 */
    uint32_t turn;        /* executions so far */
    uint32_t current;     /* member */
    uint64_t classes[CLASSES];
    struct hd_class_scratch scratch;
};

static_assert(offsetof(struct portfolio, base) == 0,
              "portfolio_of() casts a strategy to the portfolio around it");

static struct portfolio *portfolio_of(struct hd_strategy *strategy)
{
    return (struct portfolio *)strategy;
}

/* Nobody has so little credit that it could not earn more. */
static uint32_t weight(const struct portfolio *portfolio, uint32_t m)
{
    return members[m].share * (portfolio->credit[m] + CREDIT / 8);
}

static uint32_t draw(struct portfolio *portfolio)
{
    uint32_t sum = 0, drawn, m = 0;

    for (uint32_t i = 0; i < MEMBERS; i++)
        sum += weight(portfolio, i);
    for (drawn = hd_prng_below(&portfolio->prng, sum); drawn >= weight(portfolio, m); m++)
        drawn -= weight(portfolio, m);
    return m;
}

/* Whom the most is owed to; every member is evenly spread. */
static uint32_t go_round(struct portfolio *portfolio)
{
    uint32_t next = 0;

    for (uint32_t m = 0; m < MEMBERS; m++) {
        portfolio->due[m] += (int32_t)members[m].share;
        if (portfolio->due[m] > portfolio->due[next])
            next = m;
    }
    portfolio->due[next] -= SHARES;
    return next;
}

static bool portfolio_begin(struct hd_strategy *strategy)
{
    struct portfolio *portfolio = portfolio_of(strategy);
    struct hd_strategy *member;

    portfolio->current = portfolio->turn++ % 2 ? draw(portfolio) : go_round(portfolio);
    member = portfolio->member[portfolio->current];
    return member->ops->begin(member);
}

static hd_actor_id portfolio_pick(struct hd_strategy *strategy, const struct hd_choice *choice)
{
    struct hd_strategy *member = portfolio_of(strategy)->member[portfolio_of(strategy)->current];

    return member->ops->pick(member, choice);
}

/* From then on it is not.  A class that has made room for another would be new once more. */
static bool is_new(struct portfolio *portfolio, uint64_t class_hash)
{
    uint64_t *slot = &portfolio->classes[class_hash % CLASSES];

    if (*slot == class_hash)
        return false;
    *slot = class_hash;
    return true;
}

static void portfolio_end(struct hd_strategy *strategy, const struct hd_trace *trace)
{
    struct portfolio *portfolio = portfolio_of(strategy);
    struct hd_strategy *member = portfolio->member[portfolio->current];
    uint32_t *credit = &portfolio->credit[portfolio->current];

    member->ops->end(member, trace);
    *credit -= *credit / 16;
    if (is_new(portfolio, hd_class_hash(trace, &portfolio->scratch) | 1))
        *credit += CREDIT / 16;
}

static void portfolio_free(struct hd_strategy *strategy)
{
    struct portfolio *portfolio = portfolio_of(strategy);

    for (uint32_t i = 0; i < MEMBERS; i++)
        hd_strategy_free(portfolio->member[i]);
    hd_dealloc(portfolio);
}

static const struct hd_strategy_ops portfolio_ops = {
    .name = "portfolio",
    .begin = portfolio_begin,
    .pick = portfolio_pick,
    .end = portfolio_end,
    .free = portfolio_free,
};

enum hd_error hd_portfolio_create(const struct hd_strategy_options *options,
                                  struct hd_strategy **ret_strategy)
{
    struct portfolio *portfolio = hd_alloc_array(1, sizeof *portfolio);
    enum hd_error error = HD_OK;

    if (!portfolio)
        return HD_E_NOMEM;
    portfolio->base.ops = &portfolio_ops;
    hd_prng_seed(&portfolio->prng, hd_seed_derive(options->seed, MEMBERS));
    for (uint32_t i = 0; i < MEMBERS && !error; i++) {
        /* With the seed they would have alone: each goes through the same executions. */
        portfolio->credit[i] = CREDIT;
        error = members[i].create(options, &portfolio->member[i]);
        HD_ASSERT(error || !portfolio->member[i]->ops->sees_forced);
    }
    if (error)
        portfolio_free(&portfolio->base);
    else
        *ret_strategy = &portfolio->base;
    return error;
}
