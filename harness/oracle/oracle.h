/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Oracles: one file a kind of wrong.  Three are asked while the execution runs (the memory oracle
 * by the engine itself, at each access; race and durability through hd_watch), the others at its
 * end.
 */
#ifndef HD_ORACLE_INTERNAL_H
#define HD_ORACLE_INTERNAL_H

#include "engine/engine.h"

struct hd_oracle_ops {
    enum hd_oracle oracle;
    /* Before an execution, if the oracle is in force; may set engine->watch.  NULL for nothing. */
    void (*begin)(struct hd_engine *engine);
    /* After it; may set engine->incident, if that still holds.  NULL for nothing. */
    void (*end)(struct hd_engine *engine);
};

/* One a kind, in the order in which they are asked at the end. */
extern const struct hd_oracle_ops hd_oracle_property, hd_oracle_memory, hd_oracle_race,
    hd_oracle_deadlock, hd_oracle_livelock, hd_oracle_balance, hd_oracle_durability;

/* registry.c */
void hd_oracles_begin(struct hd_engine *engine);
void hd_oracles_end(struct hd_engine *engine);

/* race.c: what the race oracle keeps from one execution to the next; HD_E_NOMEM. */
enum hd_error hd_race_prepare(struct hd_engine *engine);

/* For oracles that judge at the end: an incident of the actor's (or HD_ACTOR_NONE), after the last
 * step.  The first one stays. */
void hd_oracle_judge(struct hd_engine *engine, enum hd_oracle oracle, const char *kind,
                     const char *detail, hd_actor_id actor, const struct hd_site *site,
                     hd_object_id object);

/* The actors that cannot go on, for the verdict's reader; returns how many. */
uint32_t hd_oracle_stuck(const struct hd_engine *engine, struct hd_stuck *stuck);

#endif
