/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Gathering interleaving coverage.
 *
 * Source     Lu, Jiang, Zhou, "A Study of Interleaving Coverage Criteria", ESEC/FSE 2007: the
 *            criterion between "each operation" and "each schedule" that can be met.
 * Guarantee  a pair said to be seen in an order was seen so.
 * Departs    from the paper's "define-use" in that any conflict counts, of trace/depend.c, and that
 *            the two need not be adjacent.
 * Cost       O(steps * places) an execution.
 */
#include "explore/coverage.h"

#include <string.h>

#include "base/alloc.h"
#include "base/assert.h"

enum hd_error hd_coverage_create(struct hd_coverage **ret_coverage)
{
    struct hd_coverage *coverage = hd_alloc_array(1, sizeof *coverage);

    if (!coverage)
        return HD_E_NOMEM;
    *ret_coverage = coverage;
    return HD_OK;
}

void hd_coverage_free(struct hd_coverage *coverage)
{
    hd_dealloc(coverage);
}

/* ---- Places ---------------------------------------------------------------------------------- */

/* An inline function of a header has a site in each file that includes it: they are one place. */
static bool is_same_place(const struct hd_spot *a, const struct hd_spot *b)
{
    return a->rank == b->rank && a->step.op == b->step.op && a->site->line == b->site->line
           && strcmp(a->site->function, b->site->function) == 0
           && strcmp(a->site->file, b->site->file) == 0;
}

static uint16_t add_place(struct hd_coverage *coverage, const struct hd_spot *place)
{
    uint32_t i = 0;

    while (i < coverage->place_count && !is_same_place(&coverage->places[i], place))
        i++;
    if (i == HD_SPOTS_MAX) {
        coverage->full = true;
        return HD_SPOTS_MAX;
    }
    if (i == coverage->place_count)
        coverage->places[coverage->place_count++] = *place;
    return (uint16_t)i;
}

/* HD_SPOTS_MAX: there is no room for it. */
static uint16_t find_place(struct hd_coverage *coverage, const struct hd_spot *place)
{
    uint64_t hash = (uintptr_t)place->site ^ (uint64_t)place->rank << 48
                    ^ (uint64_t)place->step.op << 56;
    uint32_t at = (uint32_t)(hash * UINT64_C(0x9e3779b97f4a7c15) >> 40);
    uint16_t found;

    for (uint32_t tries = 0; tries < HD_SPOT_SLOTS; tries++, at++) {
        struct hd_spot_slot *slot = &coverage->slots[at % HD_SPOT_SLOTS];

        if (slot->site == place->site && slot->rank == place->rank && slot->op == place->step.op)
            return slot->place;
        if (slot->site)
            continue;
        found = add_place(coverage, place);
        if (found < HD_SPOTS_MAX)
            *slot = (struct hd_spot_slot){ place->site, place->rank, place->step.op, found };
        return found;
    }
    coverage->full = true;
    return HD_SPOTS_MAX;
}

static struct hd_spot place_of(const struct hd_engine *engine, const struct hd_trace *trace,
                                uint32_t i)
{
    const struct hd_scenario *scenario = hd_engine_setting(engine)->scenario;
    struct hd_spot place = { .site = trace->wheres[i].site, .step = trace->steps[i] };
    uint8_t instance;

    hd_engine_actor_role(engine, place.step.actor, &place.rank, &instance);
    if (place.rank == HD_ROLE_RCU)
        place.role = "rcu";
    else if (place.rank >= HD_ROLE_FAULT)
        place.role = scenario->faults[place.rank - HD_ROLE_FAULT];
    else
        place.role = scenario->roles[place.rank].name;
    return place;
}

/* ---- Executions ------------------------------------------------------------------------------ */

static void set(struct hd_coverage *coverage, uint32_t a, uint32_t b)
{
    coverage->before[a][b / 64] |= UINT64_C(1) << b % 64;
}

static bool get(const struct hd_coverage *coverage, uint32_t a, uint32_t b)
{
    return coverage->before[a][b / 64] >> b % 64 & 1;
}

/* What differs among the steps so far: who did what to which object where. */
struct event {
    struct hd_step step;
    uint16_t place;
};
#define EVENTS_MAX HD_SPOTS_MAX

/* Compares a step with all before it; is it one that need not be remembered? */
static bool compare(struct hd_coverage *coverage, const struct event *events, uint32_t count,
                    const struct event *now)
{
    bool known = false;

    for (uint32_t i = 0; i < count; i++) {
        const struct event *then = &events[i];

        if (then->step.actor == now->step.actor)
            known |= then->place == now->place && then->step.object == now->step.object
                     && then->step.outcome == now->step.outcome;
        else if (!hd_conflict(&then->step, &now->step))
            continue;
        else if (then->place == now->place && then->step.actor > now->step.actor)
            coverage->again[now->place] = true;
        else
            set(coverage, then->place, now->place);
    }
    return known;
}

void hd_coverage_add(struct hd_coverage *coverage, const struct hd_engine *engine,
                     const struct hd_execution *execution)
{
    const struct hd_trace *trace = &execution->trace;
    const struct hd_setting *setting = hd_engine_setting(engine);
    struct event events[EVENTS_MAX];
    uint32_t count = 0;

    HD_ASSERT(!coverage->scenario || coverage->scenario == setting->scenario);
    HD_ASSERT(!coverage->scenario || coverage->variant == setting->variant);
    coverage->scenario = setting->scenario;
    coverage->variant = setting->variant;
    coverage->executions++;
    for (uint32_t i = 0; i < trace->length; i++) {
        struct hd_spot place = place_of(engine, trace, i);
        struct event now = { trace->steps[i], find_place(coverage, &place) };

        if (now.place < HD_SPOTS_MAX && !compare(coverage, events, count, &now)
            && count < EVENTS_MAX)
            events[count++] = now;
    }
}

void hd_coverage_merge(struct hd_coverage *into, const struct hd_coverage *from)
{
    uint16_t place[HD_SPOTS_MAX];

    HD_ASSERT(!into->scenario || !from->scenario
              || (into->scenario == from->scenario && into->variant == from->variant));
    if (!from->scenario)
        return;
    into->scenario = from->scenario;
    into->variant = from->variant;
    into->executions += from->executions;
    into->full |= from->full;
    for (uint32_t i = 0; i < from->place_count; i++)
        place[i] = find_place(into, &from->places[i]);
    for (uint32_t a = 0; a < from->place_count; a++) {
        if (place[a] == HD_SPOTS_MAX)
            continue;
        into->again[place[a]] |= from->again[a];
        for (uint32_t b = 0; b < from->place_count; b++)
            if (place[b] < HD_SPOTS_MAX && get(from, a, b))
                set(into, place[a], place[b]);
    }
}

/* ---- Pairs ----------------------------------------------------------------------------------- */

enum hd_pair hd_coverage_pair(const struct hd_coverage *coverage, uint32_t a, uint32_t b)
{
    bool forward = get(coverage, a, b);
    bool backward = a == b ? coverage->again[a] : get(coverage, b, a);
    struct hd_step one = coverage->places[a].step, other = coverage->places[b].step;

    if (forward && backward)
        return HD_PAIR_BOTH;
    if (forward || backward)
        return forward ? HD_PAIR_FORWARD : HD_PAIR_BACKWARD;
    if (coverage->places[a].rank == coverage->places[b].rank)
        return HD_PAIR_NONE; /* a role may well have a single actor */
    one.actor = 0;
    other.actor = 1; /* whoever took them: steps of one actor conflict always */
    return hd_may_conflict(&one, &other) ? HD_PAIR_NEVER : HD_PAIR_NONE;
}

void hd_coverage_sort(const struct hd_coverage *coverage, uint16_t *ret_order)
{
    uint32_t count = 0;

    for (uint32_t rank = 0; rank <= UINT8_MAX; rank++)
        for (uint32_t i = 0; i < coverage->place_count; i++)
            if (coverage->places[i].rank == rank)
                ret_order[count++] = (uint16_t)i;
    HD_ASSERT_IS(count, ==, coverage->place_count);
}

void hd_coverage_count(const struct hd_coverage *coverage, struct hd_coverage_counts *ret_counts)
{
    struct hd_coverage_counts counts = { .executions = coverage->executions,
                                         .places = coverage->place_count };

    for (uint32_t a = 0; a < coverage->place_count; a++)
        for (uint32_t b = a; b < coverage->place_count; b++) {
            enum hd_pair pair = hd_coverage_pair(coverage, a, b);

            counts.both += pair == HD_PAIR_BOTH;
            counts.one += pair == HD_PAIR_FORWARD || pair == HD_PAIR_BACKWARD;
            counts.never += pair == HD_PAIR_NEVER;
        }
    *ret_counts = counts;
}
