/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "oracle/oracle.h"

static const struct hd_oracle_ops *const oracles[] = {
    &hd_oracle_property, &hd_oracle_deadlock, &hd_oracle_livelock,   &hd_oracle_balance,
    &hd_oracle_memory,   &hd_oracle_race,     &hd_oracle_durability,
};

static_assert(sizeof oracles / sizeof oracles[0] == HD_ORACLE_COUNT,
              "each kind of wrong has its file");

static bool in_force(const struct hd_engine *engine, const struct hd_oracle_ops *oracle)
{
    return engine->oracles & 1u << oracle->oracle;
}

void hd_oracles_begin(struct hd_engine *engine)
{
    engine->watch = (struct hd_watch){ 0 };
    for (unsigned i = 0; i < HD_ORACLE_COUNT; i++)
        if (oracles[i]->begin && in_force(engine, oracles[i]))
            oracles[i]->begin(engine);
}

void hd_oracles_end(struct hd_engine *engine)
{
    for (unsigned i = 0; i < HD_ORACLE_COUNT && engine->incident.holds; i++)
        if (oracles[i]->end && in_force(engine, oracles[i]))
            oracles[i]->end(engine);
}

void hd_oracle_judge(struct hd_engine *engine, enum hd_oracle oracle, const char *kind,
                     const char *detail, hd_actor_id actor, const struct hd_site *site,
                     hd_object_id object)
{
    struct hd_verdict *verdict = &engine->incident;

    HD_ASSERT(verdict->holds);
    hd_locate(engine, site);
    *verdict = (struct hd_verdict){
        .oracle = oracle,
        .kind = kind,
        .detail = detail,
        .site = site ? site->function : "",
        .where = site,
        .step = engine->length,
        .actor = actor,
        .object = object,
        .other_step = UINT32_MAX,
    };
    if (actor == HD_ACTOR_NONE)
        return;
    verdict->stack_depth = engine->actor[actor]->depth;
    for (uint32_t i = 0; i < verdict->stack_depth; i++)
        hd_locate(engine, verdict->stack[i] = engine->actor[actor]->calls[i]);
}
