/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Claims that it makes no difference how a program is carried out: a small program made of the
 * bytes gives the same digest on fibers and on threads, schedule for schedule, and the same set of
 * them when every schedule is tried.
 *
 * The first byte: two or three actors.  Each byte that follows is an operation of the actors in
 * turn; what is left over after their last is the schedule.
 */
#include "heddle/heddle.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ACTORS_MAX 3
#define OPS_MAX    4 /* of an actor */
#define OBJECTS    2
#define TRIES      2000 /* executions at most when every schedule is tried */

struct program {
    unsigned actors;
    uint8_t ops[ACTORS_MAX][OPS_MAX];
};

struct state {
    struct hd_mutex mutex[OBJECTS];
    struct hd_spinlock spin[OBJECTS];
    struct hd_completion completion[OBJECTS];
    struct {
        uint32_t value;
    } word[OBJECTS] __attribute__((aligned(16)));
};

/* libFuzzer gives a target no place to keep things between inputs, and a model no argument. */
static struct program program;
static struct hd_engine *engines[2];
static struct hd_setting setting;

static void locked_add(struct state *state, unsigned object)
{
    hd_mutex_lock(&state->mutex[object]);
    uint32_t value = hd_load(&state->word[object].value);
    hd_store(&state->word[object].value, value + 1);
    hd_mutex_unlock(&state->mutex[object]);
}

static void try_add(struct state *state, unsigned object)
{
    bool taken = hd_spin_trylock(&state->spin[object]);

    if (!taken)
        return;
    (void)hd_fetch_add(&state->word[object].value, 2);
    hd_spin_unlock(&state->spin[object]);
}

static void perform(struct state *state, uint8_t op)
{
    unsigned object = op & 1;
    uint32_t value;

    switch (op >> 1 & 7) {
    case 0:
        locked_add(state, object);
        break;
    case 1:
        try_add(state, object);
        break;
    case 2:
        hd_complete(&state->completion[object]);
        break;
    case 3:
        hd_wait_for_completion(&state->completion[object]);
        break;
    case 4:
        value = hd_read_once(&state->word[object].value);
        hd_write_once(&state->word[!object].value, value + 1);
        break;
    case 5:
        (void)hd_cmpxchg(&state->word[object].value, 1, 5);
        break;
    case 6:
        hd_free(hd_zalloc(8));
        break;
    case 7:
        hd_step();
        break;
    }
}

static void actor(void *state, unsigned instance)
{
    for (unsigned i = 0; i < OPS_MAX && program.ops[instance][i]; i++)
        perform(state, program.ops[instance][i]);
}

static void setup(void *state)
{
    (void)state;
}

static const struct hd_variant_info variants[] = { { "only", "what the bytes say", HD_POSITIVE },
                                                   { NULL } };
static const struct hd_param_info params[] = {
    { "actors", "how many", 2, 1, ACTORS_MAX },
    { NULL },
};
static const struct hd_role_info roles[] = {
    { .name = "actor", .summary = "does what the bytes say", .run = actor, .count_param = 1 },
    { NULL },
};
static const struct hd_scenario scenario = {
    .name = "generated",
    .summary = "a program from bytes",
    .variants = variants,
    .params = params,
    .roles = roles,
    .state_bytes = sizeof(struct state),
    .setup = setup,
};

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "fuzz_agree: %s\n", what);
    abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    setting = (struct hd_setting){ .scenario = &scenario, .oracles = HD_ORACLES_ALL };
    hd_workload_default(&scenario, &setting.workload);
    for (unsigned i = 0; i < 2; i++) {
        struct hd_engine_options options = { .backend = i ? HD_BACKEND_THREAD : HD_BACKEND_FIBER,
                                             .hash_states = true };

        if (hd_engine_create(&options, &engines[i], NULL))
            give_up("no engine");
    }
    return 0;
}

/* Returns how many bytes the program takes. */
static size_t decode(const uint8_t *data, size_t size)
{
    size_t at = 1;

    memset(&program, 0, sizeof program);
    program.actors = size ? 2 + data[0] % (ACTORS_MAX - 1) : 2;
    for (unsigned i = 0; i < OPS_MAX; i++)
        for (unsigned a = 0; a < program.actors && at < size; a++)
            program.ops[a][i] = data[at++] % 17; /* 0 ends the actor; 16 is 0 modulo the words */
    setting.workload.params[0] = program.actors;
    return at < size ? at : size;
}

struct sum {
    uint64_t digests, states;
    uint32_t executions;
};

static void add(struct sum *sum, const struct hd_execution *execution)
{
    sum->digests += execution->digest;
    sum->states += execution->state * (execution->verdict.holds ? 1 : 3);
    sum->executions++;
}

static struct sum run(struct hd_engine *engine, struct hd_strategy *strategy, uint32_t times)
{
    struct hd_execution execution;
    struct sum sum = { 0 };

    if (hd_engine_prepare(engine, &setting, NULL))
        give_up("the program is refused");
    while (sum.executions < times && hd_execute(engine, strategy, &execution) == HD_OK)
        add(&sum, &execution);
    hd_strategy_free(strategy);
    return sum;
}

static struct hd_strategy *every_schedule(void)
{
    struct hd_strategy_options all = { .preemptions = HD_NO_BOUND };
    struct hd_strategy *strategy = NULL;

    if (hd_strategy_find("dfs")->create(&all, &strategy))
        give_up("no search");
    return strategy;
}

static struct hd_strategy *one_schedule(const uint8_t *data, size_t size)
{
    struct hd_strategy *strategy = NULL;

    if (hd_strategy_bytes(data, size, &strategy))
        give_up("no schedule");
    return strategy;
}

static void compare(struct sum fiber, struct sum thread, const char *what)
{
    if (fiber.executions != thread.executions || fiber.digests != thread.digests
        || fiber.states != thread.states)
        give_up(what);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t used = decode(data, size);
    /* Threads are slow: they repeat every schedule only of programs that have few. */
    struct sum all = run(engines[0], every_schedule(), TRIES);
    uint32_t limit = all.executions < TRIES / 20 ? all.executions : 0;

    compare(run(engines[0], one_schedule(data + used, size - used), 2),
            run(engines[1], one_schedule(data + used, size - used), 2),
            "fibers and threads differ under one schedule");
    if (limit)
        compare(all, run(engines[1], every_schedule(), TRIES), "they differ in all schedules");
    return 0;
}
