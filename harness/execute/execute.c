/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The one road: case and strategy in, trace and verdict out.  Search, replay, proof, minimiser,
 * fuzz target and test all come through here, so that none of them can differ from another.
 */
#include <stdio.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "engine/engine.h"
#include "oracle/oracle.h"

static_assert(sizeof(struct hd_step) == 16, "the digest covers steps as they lie in memory");
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "and they lie there little-endian");

enum hd_error hd_engine_prepare(struct hd_engine *engine, const struct hd_setting *setting,
                                struct hd_diag *diag)
{
    enum hd_error error = hd_engine_configure(engine, setting, diag);

    if (error)
        return error;
    error = hd_race_prepare(engine);
    return error ? hd_fail(diag, error, "out of memory for the race oracle") : HD_OK;
}

/* The verdict as the record behind the last step.  Its kind is a word, so its hash stands for it.
 */
static struct hd_step verdict_record(const struct hd_verdict *verdict)
{
    struct hd_step record = { .actor = HD_ACTOR_NONE, .op = UINT8_MAX, .object = HD_OBJECT_NONE };

    if (verdict->holds)
        return record;
    record.actor = verdict->actor;
    record.bytes = (uint8_t)verdict->oracle;
    record.outcome = 1;
    record.object = verdict->object;
    record.value = XXH3_64bits(verdict->kind, strlen(verdict->kind));
    return record;
}

static uint64_t digest(struct hd_engine *engine, const struct hd_verdict *verdict)
{
    engine->steps[engine->length] = verdict_record(verdict);
    return XXH3_64bits(engine->steps, (engine->length + 1) * sizeof *engine->steps);
}

enum hd_error hd_execute(struct hd_engine *engine, struct hd_strategy *strategy,
                         struct hd_execution *ret_execution)
{
    if (!strategy->ops->begin(strategy))
        return HD_E_STOPPED;
    hd_oracles_begin(engine);
    hd_engine_run(engine, strategy);
    ret_execution->stuck_count =
        engine->end == HD_END_STUCK ? hd_oracle_stuck(engine, ret_execution->stuck) : 0;
    ret_execution->whole = engine->end == HD_END_COMPLETE || engine->end == HD_END_STUCK ||
                           engine->end == HD_END_QUIT;
    if (engine->incident.holds)
        hd_oracles_end(engine);
    /* A violation ends the story, whatever was cut. */
    ret_execution->cut = engine->incident.holds && engine->end != HD_END_COMPLETE &&
                         engine->end != HD_END_POWER_LOSS && engine->end != HD_END_QUIT;
    ret_execution->verdict.holds = engine->incident.holds;
    if (!engine->incident.holds)
        ret_execution->verdict = engine->incident;
    ret_execution->digest = digest(engine, &engine->incident);
    ret_execution->state = engine->options.hash_states ? hd_arena_hash(&engine->arena) : 0;
    engine->trace.length = engine->length;
    ret_execution->trace = engine->trace;
    strategy->ops->end(strategy, &ret_execution->trace);
    return HD_OK;
}

int hd_verdict_format(const struct hd_verdict *verdict, char *text, size_t bytes)
{
    if (verdict->holds)
        return snprintf(text, bytes, "holds");
    if (!verdict->site || !*verdict->site)
        return snprintf(text, bytes, "%s", verdict->kind);
    return snprintf(text, bytes, "%s at %s", verdict->kind, verdict->site);
}

bool hd_verdict_in(const struct hd_verdict *verdict, const char *name)
{
    if (verdict->holds)
        return false;
    if (!strcmp(verdict->kind, name) || (verdict->site && !strcmp(verdict->site, name)))
        return true;
    for (uint32_t i = 0; i < verdict->stack_depth; i++)
        if (!strcmp(verdict->stack[i]->what, name))
            return true;
    return false;
}

bool hd_verdict_meets(const struct hd_verdict *verdict, const struct hd_expect *expect)
{
    if (verdict->holds || expect->holds)
        return verdict->holds == expect->holds;
    return !strcmp(verdict->kind, expect->kind) &&
           (!*expect->site || hd_verdict_in(verdict, expect->site));
}
