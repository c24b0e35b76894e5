/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Balance: what an actor still holds when everything has ended.  Bit locks count too: whoever took
 * one is named, whoever should have dropped it.
 */
#include "oracle/oracle.h"

static void judge_actor(struct hd_engine *engine, const struct hd_actor *actor)
{
    const struct hd_site *site = NULL;

    if (actor->held_count) {
        site = engine->wheres[actor->held[0].since].site;
        hd_oracle_judge(engine, HD_ORACLE_BALANCE, "lock-left", "a lock is still held at the end",
                        actor->id, site, actor->held[0].object);
    } else if (actor->rcu_nesting) {
        hd_oracle_judge(engine, HD_ORACLE_BALANCE, "rcu-left",
                        "an RCU section is still open at the end", actor->id, site, HD_OBJECT_NONE);
    } else if (actor->hold_count) {
        hd_oracle_judge(engine, HD_ORACLE_BALANCE, "hold-left", actor->holds[0], actor->id, site,
                        HD_OBJECT_NONE);
    }
}

static void balance_end(struct hd_engine *engine)
{
    if (engine->end != HD_END_COMPLETE)
        return;
    for (unsigned i = 0; i < engine->actors && engine->incident.holds; i++)
        judge_actor(engine, engine->actor[i]);
}

const struct hd_oracle_ops hd_oracle_balance = { .oracle = HD_ORACLE_BALANCE, .end = balance_end };
