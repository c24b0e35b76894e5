/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A tiny engine for tests of strategies: programs are arrays of operations, and one execution is a
 * loop.  It keeps the contract of heddle/strategy.h (when pick is asked, what it is shown) and
 * checks the strategy's half of it, so that these tests need no threads and no engine.
 *
 * Objects are words; the same word can be a lock.  An actor's STORE writes its last LOAD plus one,
 * so that two unprotected increments can lose one.
 */
#ifndef HD_TESTS_FAKE_H
#define HD_TESTS_FAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "heddle/heddle.h"
#include "heddle/strategy.h"

#define FAKE_ACTORS_MAX 4
#define FAKE_OPS_MAX 12
#define FAKE_OBJECTS_MAX 16

struct fake_op {
    enum hd_op op;
    uint32_t object; /* 1 .. FAKE_OBJECTS_MAX - 1; 0 ends an actor's list */
};

struct fake_program {
    struct fake_op code[FAKE_ACTORS_MAX][FAKE_OPS_MAX];
    uint32_t rounds;                /* how often an actor goes through its list; 0: once */
    uint8_t held[FAKE_OBJECTS_MAX]; /* locks held at the start: the owner + 1 */
};

struct fake {
    const struct fake_program *program;
    unsigned actors;
    uint32_t length[FAKE_ACTORS_MAX]; /* operations of each list */
    struct hd_step *steps;
    struct hd_where *wheres;

    uint64_t executions;
    /* A fault of determinism: in this execution (from 1; 0 for none) this step's value is wrong. */
    uint64_t noise_in;
    uint32_t noise_at;
    /* The step that is so wrong that it ends the execution untaken; UINT32_MAX for none. */
    hd_actor_id fatal_actor;
    uint32_t fatal_step; /* of that actor */

    /* Of the latest execution. */
    struct hd_trace trace;
    uint32_t picks; /* how often the strategy was asked */
    bool cut;
    bool fatal;
    uint32_t done[FAKE_ACTORS_MAX];
    uint64_t memory[FAKE_OBJECTS_MAX], seen[FAKE_ACTORS_MAX];
    uint8_t held[FAKE_OBJECTS_MAX];
    struct hd_view views[FAKE_ACTORS_MAX];
};

static inline uint32_t fake_total(const struct fake *fake, unsigned actor)
{
    return fake->length[actor] * (fake->program->rounds ? fake->program->rounds : 1);
}

static inline void fake_open(struct fake *fake, const struct fake_program *program)
{
    uint32_t total = 0;

    *fake = (struct fake){ .program = program, .fatal_actor = HD_ACTOR_NONE };
    while (fake->actors < FAKE_ACTORS_MAX && program->code[fake->actors][0].object) {
        uint32_t *length = &fake->length[fake->actors];

        while (*length < FAKE_OPS_MAX && program->code[fake->actors][*length].object)
            ++*length;
        total += fake_total(fake, fake->actors);
        fake->actors++;
    }
    fake->steps = calloc(total, sizeof *fake->steps);
    fake->wheres = calloc(total, sizeof *fake->wheres);
    assert_non_null(fake->steps);
    assert_non_null(fake->wheres);
}

static inline void fake_close(struct fake *fake)
{
    free(fake->steps);
    free(fake->wheres);
}

/* Fills in what the actor is about to do, and whether it can. */
static inline void fake_look(struct fake *fake, hd_actor_id actor)
{
    struct hd_view *view = &fake->views[actor];
    const struct fake_op *op = &fake->program->code[actor][fake->done[actor] % fake->length[actor]];

    view->steps = fake->done[actor];
    view->state = HD_ENDED;
    if (fake->done[actor] == fake_total(fake, actor))
        return;
    view->pending = (struct hd_step){
        .actor = actor,
        .op = (uint8_t)op->op,
        .bytes = 4,
        .object = hd_object_make(HD_ACTOR_SETUP, op->object, 0),
    };
    view->state = op->op == HD_OP_LOCK && fake->held[op->object] ? HD_BLOCKED : HD_RUNNABLE;
}

static inline void fake_step(struct fake *fake, hd_actor_id actor, bool chosen)
{
    struct hd_step step = fake->views[actor].pending;
    uint32_t object = hd_object_number(step.object);

    step.outcome = 1;
    switch (step.op) {
    case HD_OP_LOAD:
        step.value = fake->seen[actor] = fake->memory[object];
        break;
    case HD_OP_STORE:
        step.value = fake->memory[object] = fake->seen[actor] + 1;
        break;
    case HD_OP_LOCK:
        fake->held[object] = (uint8_t)(actor + 1);
        break;
    case HD_OP_UNLOCK:
        assert_int_equal(fake->held[object], actor + 1);
        fake->held[object] = 0;
        break;
    default:
        assert_int_equal(step.op, HD_OP_STEP);
    }
    if (fake->executions == fake->noise_in && fake->trace.length == fake->noise_at)
        step.value ^= 1;
    fake->wheres[fake->trace.length].choice = chosen;
    fake->steps[fake->trace.length++] = step;
    fake->done[actor]++;
}

/* Executes once; false, with nothing done, when the strategy has nothing left. */
static inline bool fake_execute(struct fake *fake, struct hd_strategy *strategy)
{
    hd_actor_id running = HD_ACTOR_NONE;
    uint32_t choices = 0;

    if (!strategy->ops->begin(strategy))
        return false;
    fake->executions++;
    fake->trace = (struct hd_trace){ .steps = fake->steps, .wheres = fake->wheres };
    fake->picks = 0;
    fake->cut = fake->fatal = false;
    memset(fake->done, 0, sizeof fake->done);
    memset(fake->memory, 0, sizeof fake->memory);
    memset(fake->seen, 0, sizeof fake->seen);
    memcpy(fake->held, fake->program->held, sizeof fake->held);

    for (;;) {
        struct hd_choice choice = {
            .index = choices,
            .running = running,
            .actors = (uint8_t)fake->actors,
            .views = fake->views,
            .trace = &fake->trace,
        };
        hd_actor_id next;

        for (hd_actor_id actor = 0; actor < fake->actors; actor++) {
            fake_look(fake, actor);
            if (fake->views[actor].state != HD_RUNNABLE)
                continue;
            choice.enabled |= hd_actor_bit(actor);
            choice.enabled_count++;
        }
        if (!choice.enabled)
            break;
        next = hd_set_nth(choice.enabled, 0);
        if (choice.enabled_count > 1 || strategy->ops->sees_forced) {
            fake->picks++;
            next = strategy->ops->pick(strategy, &choice);
        }
        choices += choice.enabled_count > 1;
        if (next == HD_ACTOR_NONE) {
            fake->cut = true;
            break;
        }
        assert_true(hd_set_has(choice.enabled, next));
        if (next == fake->fatal_actor && fake->done[next] == fake->fatal_step) {
            fake->fatal = true;
            break;
        }
        fake->trace.preemptions += next != running && hd_set_has(choice.enabled, running);
        fake_step(fake, next, choice.enabled_count > 1);
        running = next;
    }
    fake->trace.choices = choices;
    strategy->ops->end(strategy, &fake->trace);
    return true;
}

/* The order of the actors, exactly: two bits a step behind a leading one. */
static inline uint64_t fake_schedule(const struct fake *fake)
{
    uint64_t schedule = 1;

    assert_in_range(fake->trace.length, 0, 31);
    for (uint32_t i = 0; i < fake->trace.length; i++)
        schedule = schedule << 2 | fake->steps[i].actor;
    return schedule;
}

/* The same from text: "0110". */
static inline uint64_t fake_schedule_of(const char *actors)
{
    uint64_t schedule = 1;

    for (; *actors; actors++)
        schedule = schedule << 2 | (uint64_t)(*actors - '0');
    return schedule;
}

/* Different schedules, and how often each was taken. */
#define FAKE_SCHEDULES_MAX 256
struct fake_tally {
    uint32_t distinct;
    uint64_t schedule[FAKE_SCHEDULES_MAX];
    uint32_t times[FAKE_SCHEDULES_MAX];
};

static inline void fake_count(struct fake_tally *tally, uint64_t schedule)
{
    uint32_t i = 0;

    while (i < tally->distinct && tally->schedule[i] != schedule)
        i++;
    assert_in_range(i, 0, FAKE_SCHEDULES_MAX - 1);
    tally->distinct += i == tally->distinct;
    tally->schedule[i] = schedule;
    tally->times[i]++;
}

static inline uint32_t fake_times(const struct fake_tally *tally, const char *actors)
{
    for (uint32_t i = 0; i < tally->distinct; i++)
        if (tally->schedule[i] == fake_schedule_of(actors))
            return tally->times[i];
    return 0;
}

/* A strategy of the registry, with these options. */
static inline struct hd_strategy *fake_strategy(const char *name,
                                                const struct hd_strategy_options *options)
{
    const struct hd_strategy_info *info = hd_strategy_find(name);
    struct hd_strategy *strategy = NULL;

    assert_non_null(info);
    assert_int_equal(info->create(options, &strategy), HD_OK);
    assert_non_null(strategy);
    return strategy;
}

/* Two increments of object 1.  The lock, object 2, comes too late: both may read before either
 * writes.  A bug of depth 2. */
static const struct fake_program fake_append_early = {
    .code = {
        { { HD_OP_LOAD, 1 }, { HD_OP_LOCK, 2 }, { HD_OP_STORE, 1 }, { HD_OP_UNLOCK, 2 } },
        { { HD_OP_LOAD, 1 }, { HD_OP_LOCK, 2 }, { HD_OP_STORE, 1 }, { HD_OP_UNLOCK, 2 } },
    },
};

/* Two and two steps that have nothing to do with each other: 4! / (2! 2!) = 6 schedules. */
static const struct fake_program fake_two_by_two = {
    .code = {
        { { HD_OP_STEP, 1 }, { HD_OP_STEP, 1 } },
        { { HD_OP_STEP, 1 }, { HD_OP_STEP, 1 } },
    },
};

#endif
