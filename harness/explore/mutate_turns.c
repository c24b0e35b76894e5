/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mutations that know what the parent did.  The parent is executed; its trace, as a list of turns,
 * is changed; the new list is followed by a second execution, which writes down the bytes that lead
 * there.  So every mutant decodes, and is a schedule that exists.
 *
 * Source     reversing a race: Flanagan and Godefroid, "Dynamic partial-order reduction", POPL
 *            2005. Switching where operations conflict: Jeong, Kim, Shivakumar, Lee, Shin,
 *            "Razzer", S&P 2019, and Gong, Altinbueken, Fonseca, Maniatis, "Snowboard", SOSP 2021.
 * Guarantee  none; the fuzzer keeps what shows something new.
 * Departs    from POPL 2005: of what lies between the two operations, only the second actor's own
 *            steps are moved; whatever these need from others is left to chance.
 * Cost       two executions, and O(steps) beside them.
 */
#include <string.h>

#include "base/assert.h"
#include "explore/mutate.h"
#include "strategy/tap.h"

/* How often a random pair of steps is drawn before giving up. */
#define TRIES 64

static uint32_t below(struct hd_mutator *mutator, size_t bound)
{
    return hd_prng_below(&mutator->prng, (uint32_t)bound);
}

/* Executes bytes taken apart; the trace is borrowed from the engine. */
static bool execute(struct hd_mutator *mutator, const struct hd_mutant *mutant,
                    struct hd_execution *ret_execution)
{
    struct hd_setting setting = mutator->setting;

    hd_fuzz_decode(&mutator->format, mutant->tail, mutant->tail_count, &setting);
    if (memcmp(&mutator->workload, &setting.workload, sizeof setting.workload) != 0) {
        mutator->workload = setting.workload;
        mutator->refused = hd_engine_prepare(mutator->engine, &setting, NULL) != HD_OK;
    }
    if (mutator->refused)
        return false;
    hd_bytes_set(mutator->bytes, mutant->choices, mutant->count);
    return hd_execute(mutator->engine, mutator->bytes, ret_execution) == HD_OK;
}

static void copy_turns(const struct hd_trace *trace, struct hd_turns *turns)
{
    turns->count = trace->length < HD_MUTATE_MAX ? trace->length : HD_MUTATE_MAX;
    for (uint32_t i = 0; i < turns->count; i++)
        turns->actor[i] = trace->steps[i].actor;
}

/* Executes turns[0]; the choices become the mutant's. */
static bool adopt_turns(struct hd_mutator *mutator)
{
    struct hd_execution execution;
    size_t count;

    if (hd_execute(mutator->engine, mutator->tap, &execution))
        return false;
    count = hd_tap_count(mutator->tap);
    mutator->mutant.count = count < HD_MUTATE_MAX ? count : HD_MUTATE_MAX;
    return true;
}

/* Two conflicting steps of different actors: the first anywhere, the second mostly soon after. */
static bool find_pair(struct hd_mutator *mutator, const struct hd_trace *trace, uint32_t count,
                      uint32_t *ret_first, uint32_t *ret_second)
{
    for (unsigned tries = 0; count > 1 && tries < TRIES; tries++) {
        uint32_t first = below(mutator, count - 1), met = first;

        for (uint32_t second = first + 1; second < count; second++) {
            if (trace->steps[second].actor == trace->steps[first].actor
                || !hd_conflict(&trace->steps[first], &trace->steps[second]))
                continue;
            met = second;
            if (below(mutator, 2))
                break; /* else look for one that is farther away */
        }
        if (met > first) {
            *ret_first = first;
            *ret_second = met;
            return true;
        }
    }
    return false;
}

/* The turns from `at` on move back by count places. */
static void make_room(struct hd_turns *turns, uint32_t at, uint32_t count)
{
    uint32_t left = turns->count - at;

    if (count > HD_MUTATE_MAX - at)
        count = HD_MUTATE_MAX - at;
    if (left > HD_MUTATE_MAX - at - count)
        left = HD_MUTATE_MAX - at - count;
    memmove(turns->actor + at + count, turns->actor + at, left * sizeof turns->actor[0]);
    turns->count = at + count + left;
}

/* A switch before the first of the pair, to the second's actor, for some steps or as far as it
 * goes. */
static bool switch_at(struct hd_mutator *mutator, const struct hd_trace *trace)
{
    struct hd_turns *turns = &mutator->turns[0];
    uint32_t first = 0, second = 0, steps;
    hd_actor_id actor;

    if (!find_pair(mutator, trace, turns->count, &first, &second))
        return false;
    actor = turns->actor[second];
    steps = below(mutator, 2) ? 1 + below(mutator, 8) : turns->count;
    make_room(turns, first, steps);
    for (uint32_t i = first; i < turns->count && i < first + steps; i++)
        turns->actor[i] = actor;
    return true;
}

/* The second's actor takes its steps up to the second, then the first comes. */
static bool reverse(struct hd_mutator *mutator, const struct hd_trace *trace)
{
    struct hd_turns *turns = &mutator->turns[0];
    uint32_t first = 0, second = 0, front, back;
    hd_actor_id actor;

    if (!find_pair(mutator, trace, turns->count, &first, &second))
        return false;
    actor = turns->actor[second];
    /* A stable partition of first .. second: the actor's turns to the front. */
    for (front = back = second + 1; back > first; back--)
        if (turns->actor[back - 1] != actor)
            turns->actor[--front] = turns->actor[back - 1];
    for (uint32_t i = first; i < front; i++)
        turns->actor[i] = actor;
    return true;
}

/* An actor's run, and its next one directly behind it. */
static bool merge(struct hd_mutator *mutator)
{
    struct hd_turns *turns = &mutator->turns[0];
    uint32_t end, next;

    if (turns->count < 3)
        return false;
    end = 1 + below(mutator, turns->count - 1);
    while (end < turns->count && turns->actor[end] == turns->actor[end - 1])
        end++;
    for (next = end; next < turns->count && turns->actor[next] != turns->actor[end - 1];)
        next++;
    if (next == turns->count)
        return false;
    for (; next < turns->count && turns->actor[next] == turns->actor[end - 1]; end++, next++) {
        memmove(turns->actor + end + 1, turns->actor + end,
                (next - end) * sizeof turns->actor[0]);
        turns->actor[end] = turns->actor[end - 1];
    }
    return true;
}

static bool swap(struct hd_mutator *mutator)
{
    struct hd_turns *turns = &mutator->turns[0];
    hd_actor_id one, two;
    uint32_t from;

    if (turns->count < 2)
        return false;
    from = below(mutator, turns->count);
    one = turns->actor[from];
    two = turns->actor[below(mutator, turns->count)];
    for (uint32_t i = from; i < turns->count; i++)
        if (turns->actor[i] == one)
            turns->actor[i] = two;
        else if (turns->actor[i] == two)
            turns->actor[i] = one;
    return one != two;
}

bool hd_mutate_turns(struct hd_mutator *mutator, enum hd_mutation mutation)
{
    struct hd_execution execution;
    bool changed = false;

    if (!execute(mutator, &mutator->mutant, &execution))
        return false;
    copy_turns(&execution.trace, &mutator->turns[0]);
    if (mutation == HD_MUTATION_CONFLICT)
        changed = switch_at(mutator, &execution.trace);
    else if (mutation == HD_MUTATION_REVERSE)
        changed = reverse(mutator, &execution.trace);
    else if (mutation == HD_MUTATION_MERGE)
        changed = merge(mutator);
    else if (mutation == HD_MUTATION_SWAP)
        changed = swap(mutator);
    return changed && adopt_turns(mutator);
}

/* ---- Crossing -------------------------------------------------------------------------------- */

static bool is_landmark(const struct hd_scenario *scenario, const char *name)
{
    for (unsigned i = 0; scenario->landmarks && scenario->landmarks[i].name; i++)
        for (unsigned v = 0; v < HD_VARIANTS_MAX; v++)
            if (scenario->landmarks[i].names[v]
                && strcmp(scenario->landmarks[i].names[v], name) == 0)
                return true;
    return false;
}

/* A function entered by somebody: a landmark if one is soon drawn, else any; NULL for none. */
static const struct hd_note *draw_landmark(struct hd_mutator *mutator,
                                           const struct hd_trace *trace)
{
    const struct hd_note *drawn = NULL;

    for (unsigned tries = 0; trace->note_count && tries < TRIES / 8; tries++) {
        const struct hd_note *note = &trace->notes[below(mutator, trace->note_count)];

        if (!note->enter)
            continue;
        drawn = note;
        if (is_landmark(mutator->setting.scenario, note->site->what))
            break;
    }
    return drawn;
}

/* Where the same actor enters the same landmark; UINT32_MAX if it doesn't. */
static uint32_t enters_at(const struct hd_trace *trace, const struct hd_note *landmark)
{
    for (uint32_t i = 0; i < trace->note_count; i++)
        if (trace->notes[i].enter && trace->notes[i].actor == landmark->actor
            && trace->notes[i].site == landmark->site)
            return trace->notes[i].at;
    return UINT32_MAX;
}

bool hd_cross_turns(struct hd_mutator *mutator)
{
    struct hd_turns *ours = &mutator->turns[0], *theirs = &mutator->turns[1];
    const struct hd_note *drawn;
    struct hd_note landmark;
    struct hd_execution execution;
    uint32_t from, to, left;

    if (!execute(mutator, &mutator->other, &execution))
        return false;
    copy_turns(&execution.trace, theirs);
    drawn = draw_landmark(mutator, &execution.trace);
    if (!drawn)
        return false;
    landmark = *drawn; /* the next execution overwrites the notes */
    if (!execute(mutator, &mutator->mutant, &execution))
        return false;
    copy_turns(&execution.trace, ours);
    from = landmark.at;
    to = enters_at(&execution.trace, &landmark);
    if (to > ours->count || from > theirs->count)
        return false;
    left = theirs->count - from;
    if (left > HD_MUTATE_MAX - to)
        left = HD_MUTATE_MAX - to;
    memcpy(ours->actor + to, theirs->actor + from, left * sizeof ours->actor[0]);
    ours->count = to + left;
    return adopt_turns(mutator);
}
