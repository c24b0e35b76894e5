/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exploration strategies: which actor runs next. */
#ifndef HD_STRATEGY_H
#define HD_STRATEGY_H

#include <stddef.h>

#include "heddle/error.h"
#include "heddle/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Landmarks a scenario may declare; a bit each in a mask. */
#define HD_LANDMARKS_MAX 32

/* What stops an actor that is not enabled, or HD_RUNNABLE. */
enum hd_actor_state {
    HD_RUNNABLE, /* enabled: its pending operation can be carried out now */
    HD_BLOCKED,  /* waits for somebody: a lock, a wake-up, a grace period, its start condition */
    HD_IDLE,  /* a service with an empty queue, or a fault nobody needs: no reason to wait for it */
    HD_ENDED, /* has returned */
    HD_OFF,   /* switched off by the workload */
};

/* One actor as a strategy sees it.  pending.outcome and pending.value mean nothing yet. */
struct hd_view {
    struct hd_step pending;
    const struct hd_site *site;    /* of the pending operation */
    const uint32_t *landmark_hits; /* [i]: entries of landmark i since the execution began */
    uint32_t landmarks;            /* those entered since its last step: it stands at them now */
    uint32_t steps;                /* taken so far */
    uint8_t state;                 /* enum hd_actor_state */
};

/*
 * A point where a strategy is asked.  Everything it points to is the engine's, valid during the
 * call only, and must not be changed.
 */
struct hd_choice {
    uint32_t index;         /* choices before this one in this execution */
    uint32_t enabled_count; /* 2 or more, unless the strategy asked to see forced moves: then 1 or
                               more */
    hd_actor_set enabled;
    hd_actor_id running; /* took the last step; HD_ACTOR_NONE before the first */
    uint8_t actors;      /* views[] has this many */
    const struct hd_view *views;
    const struct hd_trace *trace; /* so far */
    const void *engine;           /* for hd_holder() */
};

/* The k-th (from 0) enabled actor in ascending order. */
static inline hd_actor_id hd_set_nth(hd_actor_set set, uint32_t k)
{
    while (k--)
        set &= set - 1;
    return (hd_actor_id)__builtin_ctzll(set);
}

/* How many; without a library call, for the few that there are. */
static inline uint32_t hd_set_count(hd_actor_set set)
{
    uint32_t count = 0;

    for (; set; set &= set - 1)
        count++;
    return count;
}

static inline bool hd_set_has(hd_actor_set set, hd_actor_id actor)
{
    return actor < HD_ACTORS_MAX && (set & hd_actor_bit(actor));
}

/* Who holds what a blocked actor waits for, and since which step; HD_ACTOR_NONE if nobody does. */
hd_actor_id hd_holder(const struct hd_choice *choice, hd_actor_id blocked, uint32_t *ret_since);

/*
 * What a strategy supplies.  It answers one question, once per choice: of the actors that can run,
 * which one does?  It lives across executions, so that it can learn from one and aim the next.
 *
 * Called begin (pick)* end for each execution, from one thread at a time (not always the same).
 * pick may answer HD_ACTOR_NONE: this execution is redundant, cut it here.
 *
 * Determinism  an answer depends on the options and on what the engine has shown so far; never on
 *              a clock, an address or a global.  Equal options give equal answers.
 * Hot path     pick runs on an actor's stack: no allocation, no lock, no system call, little stack.
 */
struct hd_strategy;
struct hd_strategy_ops {
    const char *name;
    bool sees_forced;                    /* pick is asked even where a single actor is enabled */
    bool (*begin)(struct hd_strategy *); /* false: the space is exhausted, nothing is executed */
    hd_actor_id (*pick)(struct hd_strategy *, const struct hd_choice *); /* a member of enabled */
    void (*end)(struct hd_strategy *, const struct hd_trace *); /* the whole trace, borrowed */
    void (*free)(struct hd_strategy *);
    /* NULL, or: has nothing been left out?  See hd_strategy_complete(). */
    bool (*complete)(const struct hd_strategy *);
};

/* First member of every strategy; hd_strategy_free() and the engine see only this. */
struct hd_strategy {
    const struct hd_strategy_ops *ops;
};

/* NULL is allowed, so that a cleanup path needs no condition. */
void hd_strategy_free(struct hd_strategy *strategy);

/*
 * False: the strategy could not do all that it promises, for want of memory or because an execution
 * could not be repeated.  When begin() has said that the space is exhausted, ask this before saying
 * so to anybody else.
 */
bool hd_strategy_complete(const struct hd_strategy *strategy);

/*
 * Options of the strategies in the registry.  Zero means the documented default.  A strategy
 * ignores what is not meant for it.
 */
struct hd_strategy_options {
    uint64_t seed;        /* any value; 0 is a seed like another */
    uint32_t depth;       /* pct: bug depth d, 1 .. HD_PCT_DEPTH_MAX; 0: 3 */
    uint32_t choices;     /* pct: a first guess at k, choices in an execution; 0: 1 */
    uint32_t preemptions; /* dfs: at most this many; HD_NO_BOUND (the default of 0 is 0) */
};
#define HD_PCT_DEPTH_MAX 16
#define HD_NO_BOUND      UINT32_MAX

/* Strategies that can be named on a command line. */
struct hd_strategy_info {
    const char *name;
    const char *summary; /* one line: what it does and what it promises */
    bool exhausts;       /* its begin() ends by itself */
    enum hd_error (*create)(const struct hd_strategy_options *, struct hd_strategy **ret_strategy);
};
extern const struct hd_strategy_info hd_strategies[];
extern const size_t hd_strategy_count;
/* NULL: no such name. */
const struct hd_strategy_info *hd_strategy_find(const char *name);

#ifdef __cplusplus
}
#endif
#endif
