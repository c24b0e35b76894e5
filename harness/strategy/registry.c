/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one list of strategies that have a name on the command line. */
#include "heddle/strategy.h"

#include <string.h>

#include "strategy/create.h"

const struct hd_strategy_info hd_strategies[] = {
    {
        .name = "random",
        .summary = "goes on or draws an enabled actor, as often as a patience drawn each time says",
        .create = hd_random_create,
    },
    {
        .name = "pct",
        .summary = "random priorities, d - 1 demotions: a bug of depth d with p >= 1/(n k^(d-1))",
        .create = hd_pct_create,
    },
    {
        .name = "pos",
        .summary = "partial order sampling: priorities drawn anew where operations conflict",
        .create = hd_pos_create,
    },
    {
        .name = "surw",
        .summary = "selectively uniform: all orders of an object's operations equally likely",
        .create = hd_surw_create,
    },
    {
        .name = "delay",
        .summary = "a fixed round with up to d delays: each such schedule with p >= 1/((d+1) k^d)",
        .create = hd_delay_create,
    },
    {
        .name = "rff",
        .summary = "reads-from fuzzing: which read is to see which write, learnt from the past",
        .create = hd_rff_create,
    },
    {
        .name = "portfolio",
        .summary = "all of the above but dfs in turn, more often those that show new classes",
        .create = hd_portfolio_create,
    },
    {
        .name = "dfs",
        .summary = "depth-first: every schedule within the preemption bound, each exactly once",
        .exhausts = true,
        .create = hd_dfs_create,
    },
};
const size_t hd_strategy_count = sizeof hd_strategies / sizeof hd_strategies[0];

const struct hd_strategy_info *hd_strategy_find(const char *name)
{
    for (size_t i = 0; i < hd_strategy_count; i++)
        if (!strcmp(hd_strategies[i].name, name))
            return &hd_strategies[i];
    return NULL;
}

void hd_strategy_free(struct hd_strategy *strategy)
{
    if (strategy)
        strategy->ops->free(strategy);
}

bool hd_strategy_complete(const struct hd_strategy *strategy)
{
    return !strategy->ops->complete || strategy->ops->complete(strategy);
}
