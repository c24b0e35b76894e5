/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Data races: two accesses to a common byte, by two actors, at least one a write, at least one
 * plain, and neither happens before the other.
 *
 * Source     happens-before as in Flanagan and Freund, "FastTrack", PLDI 2009 (trace/hb.h).
 * Guarantee  exact for the execution: the first access that races with an earlier one is reported.
 * Departs    FastTrack keeps one write and one epoch or vector of reads a variable.  Here each 8
 * bytes keep, for every actor, kind and set of bytes, the latest access: the latest is the one
 * least likely to be ordered before what comes, so nothing is lost, and partly overlapping accesses
 * are judged byte by byte. Cost       a walk over a chain of at most 6 entries an actor in
 * practice; memory from a fixed pool.
 */
#include "base/alloc.h"
#include "engine/step.h"
#include "oracle/oracle.h"

#define ENTRIES_MAX 65536u

struct entry {
    uint32_t next; /* in the chain; 0: last */
    uint32_t time; /* the actor's, in the happens-before order */
    uint32_t step;
    hd_actor_id actor;
    uint8_t bytes; /* of the 8, bit by bit */
    bool writes, plain;
};

struct race {
    struct hd_engine *engine;
    uint32_t count; /* entries in use; entry 0 is none */
    struct entry entries[ENTRIES_MAX];
};

/* An attempt that failed only looked. */
static bool is_write(enum hd_op op, bool outcome)
{
    return outcome && op != HD_OP_LOAD && op != HD_OP_READ && op != HD_OP_ACQUIRE;
}

static bool is_plain(enum hd_op op)
{
    return op == HD_OP_LOAD || op == HD_OP_STORE || op == HD_OP_FREE;
}

static void report(struct hd_actor *self, const struct entry *earlier)
{
    struct hd_engine *engine = self->engine;
    const struct hd_step *step = &engine->steps[engine->length - 1];

    engine
        ->length--; /* the step itself is the wrong one; the trace ends before it, as with others */
    hd_incident(self, HD_ORACLE_RACE, "data-race", "two unordered accesses, one of them plain",
                self->view->site, step->object, earlier->step);
}

/* Judges and remembers an access to some of 8 bytes, whose chain starts at *head. */
static void access_8(struct race *race, struct hd_actor *self, uint32_t *head, struct entry access)
{
    const struct hd_hb *hb = &self->engine->hb;
    struct entry *mine = NULL;

    for (uint32_t i = *head; i; i = race->entries[i].next) {
        struct entry *e = &race->entries[i];

        if (e->actor == access.actor) {
            if (e->bytes == access.bytes && e->writes == access.writes && e->plain == access.plain)
                mine = e;
        } else if ((e->bytes & access.bytes) && (e->writes || access.writes) &&
                   (e->plain || access.plain) &&
                   !hd_hb_covers(hb, access.actor, e->actor, e->time)) {
            report(self, e);
        }
    }
    if (!mine) {
        HD_ASSERT_IS(race->count, <, ENTRIES_MAX);
        mine = &race->entries[race->count];
        access.next = *head;
        *head = race->count++;
    } else {
        access.next = mine->next;
    }
    *mine = access;
}

static void watch_access(void *context, struct hd_actor *self, const volatile void *p,
                         uint32_t step)
{
    struct race *race = context;
    struct hd_engine *engine = race->engine;
    enum hd_op op = (enum hd_op)engine->steps[step].op;
    const volatile unsigned char *at = p;
    size_t left = op == HD_OP_FREE ? self->object->bytes : engine->steps[step].bytes;

    while (left) {
        size_t within = hd_arena_offset(&engine->arena, at) % 8;
        size_t half = hd_arena_offset(&engine->arena, at) % HD_UNIT / 8;
        size_t here = left < 8 - within ? left : 8 - within;
        struct entry access = { .time = hd_hb_time(&engine->hb, self->id),
                                .step = step,
                                .actor = self->id,
                                .bytes = (uint8_t)(((1u << here) - 1) << within),
                                .writes = is_write(op, engine->steps[step].outcome),
                                .plain = is_plain(op) };

        access_8(race, self, &hd_ghost_now(engine, at)->chain[half], access);
        at += here;
        left -= here;
    }
}

static void race_begin(struct hd_engine *engine)
{
    struct race *race = engine->oracle_state;

    race->count = 1;
    engine->watch.access = watch_access;
    engine->watch.access_context = race;
}

enum hd_error hd_race_prepare(struct hd_engine *engine)
{
    struct race *race;

    if (engine->oracle_state || !(engine->oracles & HD_ORACLE_BIT(RACE)))
        return HD_OK;
    race = hd_alloc_array(1, sizeof *race);
    if (!race)
        return HD_E_NOMEM;
    race->engine = engine;
    engine->oracle_state = race;
    engine->oracle_free = hd_dealloc;
    return HD_OK;
}

const struct hd_oracle_ops hd_oracle_race = { .oracle = HD_ORACLE_RACE, .begin = race_begin };
