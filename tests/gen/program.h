/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Programs from bytes: a few actors, a few operations each, over one of every kind of object.
 *
 * Any bytes are a program: the byte at each place, modulo what can stand there, is an operation.
 * What a program takes it gives back at its end, in the order of the objects, so most programs end;
 * those that deadlock, touch freed memory or fail their check are as good as the others.  Values
 * that are read decide what is done next, so a wrong order shows.
 */
#ifndef HD_TESTS_GEN_PROGRAM_H
#define HD_TESTS_GEN_PROGRAM_H

#include <string.h>

#include "base/prng.h"
#include "heddle/heddle.h"

#define GEN_ACTORS_MAX 4
#define GEN_OPS_MAX    8

/* Name, and what is done; x is the operation's argument. */
enum gen_op {
    GEN_READ,
    GEN_WRITE,
    GEN_STORE,
    GEN_ADD,
    GEN_CMPXCHG,
    GEN_LOCK,
    GEN_UNLOCK,
    GEN_TRYLOCK,
    GEN_READ_LOCK,
    GEN_WRITE_LOCK,
    GEN_READ_TRYLOCK,
    GEN_WRITE_TRYLOCK,
    GEN_DROP,
    GEN_COMPLETE,
    GEN_COMPLETE_ALL,
    GEN_AWAIT,
    GEN_WAKE,
    GEN_WAIT,
    GEN_GET,
    GEN_PUT,
    GEN_TRYGET,
    GEN_FREE,
    GEN_TOUCH,
    GEN_RCU_LOCK,
    GEN_RCU_UNLOCK,
    GEN_SYNCHRONIZE,
    GEN_CALL_RCU,
    GEN_BARRIER,
    GEN_PUSH,
    GEN_MARK,
    GEN_FAULT,
    GEN_CHECK,
    GEN_UNLESS,
    GEN_DISK,
    GEN_POWER,
    GEN_STEP,
    GEN_OPS
};
/* Groups of operations, bits: a test may leave some out. */
#define GEN_BIT(op)    (UINT64_C(1) << GEN_##op)
#define GEN_ALL        ((UINT64_C(1) << GEN_OPS) - 1)
/* What a trace doesn't foretell: attempts whose outcome it can't say. */
#define GEN_UNFORETOLD (GEN_BIT(CMPXCHG) | GEN_BIT(READ_TRYLOCK) | GEN_BIT(WRITE_TRYLOCK))

struct gen_program {
    unsigned actors;
    unsigned ops; /* each actor has */
    uint8_t op[GEN_ACTORS_MAX][GEN_OPS_MAX];
    uint8_t argument[GEN_ACTORS_MAX][GEN_OPS_MAX];
};

struct gen_state {
    struct hd_mutex mutex[2];
    struct hd_rwsem sem[2]; /* the second is fair */
    struct hd_completion done;
    struct hd_waitq waitq;
    struct hd_refcount ref;
    struct hd_queue queue;
    uint32_t *heap; /* may be freed */
    struct hd_disk *disk;
    uint32_t flag;
    uint32_t cell[2];
    uint32_t served;
};

/* What an actor holds, its own business. */
struct gen_self {
    bool mutex[2];
    uint8_t sem[2]; /* 1: as a reader, 2: as a writer */
    unsigned rcu;
    uint32_t last; /* value read */
};

/* The program that every engine executes, set before; actors only read it. */
static const struct gen_program *gen_program;

static inline void gen_callback(void *argument)
{
    struct gen_state *s = argument;

    hd_write_once(&s->served, 7);
    (void)hd_fetch_add(&s->served, 1);
}

static inline void gen_drop(struct gen_state *s, struct gen_self *self, unsigned which)
{
    if (self->sem[which] == 1)
        hd_up_read(&s->sem[which]);
    else if (self->sem[which] == 2)
        hd_up_write(&s->sem[which]);
    self->sem[which] = 0;
}

static inline void gen_locks(struct gen_state *s, struct gen_self *self, enum gen_op op, unsigned x)
{
    unsigned which = x % 2;

    if (op == GEN_UNLOCK && self->mutex[which]) {
        hd_mutex_unlock(&s->mutex[which]);
        self->mutex[which] = false;
    } else if (op == GEN_LOCK && !self->mutex[which]) {
        hd_mutex_lock(&s->mutex[which]);
        self->mutex[which] = true;
    } else if (op == GEN_TRYLOCK && !self->mutex[which]) {
        self->mutex[which] = hd_mutex_trylock(&s->mutex[which]);
        self->last = self->mutex[which];
    } else if (op == GEN_DROP) {
        gen_drop(s, self, which);
    } else if (self->sem[which]) {
        return;
    } else if (op == GEN_READ_LOCK) {
        hd_down_read(&s->sem[which]);
        self->sem[which] = 1;
    } else if (op == GEN_WRITE_LOCK) {
        hd_down_write(&s->sem[which]);
        self->sem[which] = 2;
    } else if (op == GEN_READ_TRYLOCK) {
        self->last = hd_down_read_trylock(&s->sem[which]);
        self->sem[which] = self->last ? 1 : 0;
    } else if (op == GEN_WRITE_TRYLOCK) {
        self->last = hd_down_write_trylock(&s->sem[which]);
        self->sem[which] = self->last ? 2 : 0;
    }
}

static inline void gen_rcu(struct gen_state *s, struct gen_self *self, enum gen_op op)
{
    if (op == GEN_RCU_LOCK) {
        hd_rcu_read_lock();
        self->rcu++;
    } else if (op == GEN_RCU_UNLOCK && self->rcu) {
        hd_rcu_read_unlock();
        self->rcu--;
    } else if (op == GEN_SYNCHRONIZE) {
        hd_synchronize_rcu();
    } else if (op == GEN_CALL_RCU) {
        hd_call_rcu(gen_callback, s);
    } else if (op == GEN_BARRIER) {
        hd_rcu_barrier();
    }
}

static inline void gen_waits(struct gen_state *s, struct gen_self *self, enum gen_op op, unsigned x)
{
    switch (op) {
    case GEN_COMPLETE:
        hd_complete(&s->done);
        break;
    case GEN_COMPLETE_ALL:
        hd_complete_all(&s->done);
        break;
    case GEN_AWAIT:
        hd_wait_for_completion(&s->done);
        break;
    case GEN_WAKE:
        if (x % 2)
            hd_write_once(&s->flag, 1);
        hd_wake_up(&s->waitq);
        break;
    case GEN_WAIT:
        hd_wait_event(&s->waitq, hd_read_once(&s->flag) != 0);
        break;
    case GEN_PUSH:
        hd_push(&s->queue, &s->cell[x % 2]);
        break;
    case GEN_MARK:
        hd_mark(x % 2);
        break;
    case GEN_FAULT:
        self->last = hd_fault(x % 2);
        break;
    default:
        break;
    }
}

static inline void gen_memory(struct gen_state *s, struct gen_self *self, enum gen_op op,
                              unsigned x)
{
    uint32_t *cell = &s->cell[x % 2];

    switch (op) {
    case GEN_READ:
        self->last = hd_read_once(cell);
        break;
    case GEN_WRITE:
        hd_write_once(cell, x / 2 % 4);
        break;
    case GEN_STORE:
        hd_store(cell, x / 2 % 4);
        break;
    case GEN_ADD:
        self->last = hd_fetch_add(cell, 1u);
        break;
    case GEN_CMPXCHG:
        self->last = hd_cmpxchg(cell, (x >> 1) % 2, 1 + (x >> 2) % 2);
        break;
    case GEN_GET:
        hd_get(&s->ref);
        break;
    case GEN_PUT:
        self->last = hd_put(&s->ref);
        break;
    case GEN_TRYGET:
        self->last = hd_tryget(&s->ref);
        break;
    case GEN_FREE:
        hd_free(s->heap);
        break;
    case GEN_TOUCH:
        hd_write_once(&s->heap[x % 2], 5);
        break;
    case GEN_DISK:
        hd_disk_write(s->disk, x % 2, x);
        break;
    case GEN_POWER:
        hd_power_loss();
        break;
    default:
        break;
    }
}

static inline void gen_operation(struct gen_state *s, struct gen_self *self, enum gen_op op,
                                 unsigned x)
{
    if (op == GEN_STEP)
        hd_step();
    else if (op == GEN_CHECK)
        HD_CHECK(self->last != x % 4, "wrong-value", "the value that must not be read");
    else if (op >= GEN_LOCK && op <= GEN_DROP)
        gen_locks(s, self, op, x);
    else if (op >= GEN_RCU_LOCK && op <= GEN_BARRIER)
        gen_rcu(s, self, op);
    else if ((op >= GEN_COMPLETE && op <= GEN_WAIT) || (op >= GEN_PUSH && op <= GEN_FAULT))
        gen_waits(s, self, op, x);
    else
        gen_memory(s, self, op, x);
}

static inline void gen_run(void *state, unsigned actor)
{
    const struct gen_program *program = gen_program;
    struct gen_state *s = state;
    struct gen_self self = { .last = 9 };

    for (unsigned i = 0; i < program->ops; i++) {
        unsigned x = program->argument[actor][i];

        if (program->op[actor][i] == GEN_UNLESS)
            i += self.last == x % 3; /* what was read decides */
        else
            gen_operation(s, &self, (enum gen_op)program->op[actor][i], x);
    }
    for (unsigned i = 0; i < 2; i++) {
        gen_locks(s, &self, GEN_UNLOCK, i);
        gen_drop(s, &self, i);
    }
    while (self.rcu)
        gen_rcu(s, &self, GEN_RCU_UNLOCK);
}

static inline void gen_first(void *state, unsigned instance)
{
    gen_run(state, instance);
}

/* The last actor is of a role of its own, so that it can wait for something. */
static inline void gen_last(void *state, unsigned instance)
{
    (void)instance;
    gen_run(state, gen_program->actors - 1);
}

static inline void gen_serve(void *state, void *item)
{
    struct gen_state *s = state;

    hd_write_once((uint32_t *)item, 2);
    (void)hd_read_once(&s->served);
}

static inline void gen_setup(void *state)
{
    struct gen_state *s = state;

    s->sem[1].fair = 1;
    s->ref.count = 1;
    s->heap = hd_zalloc(2 * sizeof *s->heap);
    hd_owned(s->heap);
    s->disk = hd_disk_new(2);
    hd_owned(s->disk);
}

static inline void gen_recover(const void *state)
{
    const struct gen_state *s = state;

    HD_CHECK(!(s->disk->block[0] == 3 && s->disk->block[1] == 1), "torn", "both blocks at once");
}

static const struct hd_scenario gen_scenario = {
    .name = "generated",
    .summary = "a program from bytes",
    .oracles = HD_ORACLES_ALL & ~HD_ORACLE_BIT(RACE),
    .step_limit = 500,
    .variants = (const struct hd_variant_info[]){ { "only", "the only one", HD_MUTANT }, { NULL } },
    .params =
        (const struct hd_param_info[]){
            { .name = "firsts", .summary = "actors but the last", .value = 1, .min = 1,
              .max = GEN_ACTORS_MAX - 1 },
            { NULL },
        },
    .roles =
        (const struct hd_role_info[]){
            { .name = "first", .summary = "", .kind = HD_TASK, .run = gen_first, .count_param = 1 },
            { .name = "last", .summary = "", .kind = HD_TASK, .run = gen_last },
            { .name = "server", .summary = "", .kind = HD_SERVICE, .serve = gen_serve,
              .queue_offset = offsetof(struct gen_state, queue) },
            { NULL },
        },
    .kinds = (const char *const[]){ "wrong-value", "torn", NULL },
    .faults = (const char *const[]){ "fault-a", "fault-b", NULL },
    .marks = (const char *const[]){ "mark-a", "mark-b", NULL },
    .state_bytes = sizeof(struct gen_state),
    .setup = gen_setup,
    .recover = gen_recover,
    .uses_rcu_callbacks = true,
};

/* A random program over some of the operations; `kinds` of them, so that actors meet. */
static inline void gen_random(struct hd_prng *prng, uint64_t among, unsigned actors, unsigned ops,
                              unsigned kinds, struct gen_program *program)
{
    enum gen_op chosen[GEN_OPS_MAX];

    for (unsigned i = 0; i < kinds; i++)
        do {
            chosen[i] = (enum gen_op)hd_prng_below(prng, GEN_OPS);
        } while (!(among >> chosen[i] & 1));
    *program = (struct gen_program){ .actors = actors, .ops = ops };
    for (unsigned a = 0; a < actors; a++)
        for (unsigned i = 0; i < ops; i++) {
            program->op[a][i] = (uint8_t)chosen[hd_prng_below(prng, kinds)];
            program->argument[a][i] = (uint8_t)hd_prng_below(prng, 16);
        }
}

/* start: what the last actor waits for: 0 nothing, 1 a mark, 2 the others' end. */
static inline struct hd_setting gen_setting(const struct gen_program *program, unsigned start,
                                            bool faults)
{
    struct hd_setting setting = { .scenario = &gen_scenario };

    hd_workload_default(&gen_scenario, &setting.workload);
    setting.workload.params[0] = program->actors - 1;
    setting.workload.after[1] =
        start == 0 ? HD_AFTER_NONE : start == 1 ? HD_AFTER_MARK : HD_AFTER_END;
    setting.workload.faults[0] = faults ? HD_FAULT_CHOICE : HD_FAULT_OFF;
    setting.workload.faults[1] = faults ? HD_FAULT_CHOICE : HD_FAULT_ON;
    return setting;
}

#endif
