/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The program as a scenario, made when it starts: main() is a task, its threads are threads, its
 * variables are an image, and set-up puts them back.
 */
#include <unistd.h>

#include "heddle/command.h"
#include "native/native.h"

#define VARIABLES_MAX (HD_NAMES_MAX / 2)

static struct hd_variable variables[VARIABLES_MAX];
static size_t variable_count;

static void set_up(void *state)
{
    (void)state;
    for (size_t i = 0; hd_current->engine->describe && i < variable_count; i++)
        hd_name(variables[i].address, variables[i].name, -1);
    hd_signals_stack();
    hd_program_reset();
    hd_tsd_reset();
    hd_world_reset();
}

static void run_main(void *state, unsigned instance)
{
    struct hd_actor *self = hd_current;
    int status;

    (void)state;
    (void)instance;
    *hd_thread_of(self) = (struct hd_program_thread){ 0 };
    hd_thread_of(self)->stack_limit = hd_stack_limit(self);
    hd_spin_reset(self);
    if (setjmp(hd_thread_of(self)->exit)) { /* pthread_exit() of main() leaves the others running */
        hd_settle(self);
        hd_tsd_destroy(self);
        return;
    }
    status = hd_program.main(hd_program.argc, hd_program.argv, hd_program.envp);
    hd_settle(self);
    hd_quit(self, NULL, status);
}

static const struct hd_variant_info variants[] = {
    { "program", "as it was compiled", HD_BROKEN },
    { NULL },
};

static const char *const no_yes[] = { "no", "yes" };

static struct hd_param_info params[] = {
    [HD_PROGRAM_THREADS] = { "threads", "that it may create", 0, 0, HD_THREADS_MAX },
    [HD_PROGRAM_LEAKS] = { "leaks", "is memory a leak that is not freed at the end?", 0, 0, 1,
                           no_yes },
    { NULL },
};

static const struct hd_role_info roles[] = {
    { .name = "main", .summary = "main()", .run = run_main },
    { .name = "thread",
      .summary = "in the order in which main() creates them",
      .kind = HD_THREAD,
      .run = hd_program_thread,
      .queue_offset = offsetof(struct hd_program_state, threads),
      .count_param = HD_PROGRAM_THREADS + 1 },
    { NULL },
};

static const struct hd_workload_info workloads[] = {
    { .name = "default", .summary = "as many threads as a first execution created", .keys = "" },
    { NULL },
};

/* Functions, as many as there may be, in the order of their names; ends with one without. */
static struct hd_landmark_info landmarks[HD_LANDMARKS_MAX + 1];
#define FUNCTIONS_MAX 4096

static void find_landmarks(void)
{
    static const char *names[FUNCTIONS_MAX];
    size_t count = hd_program_functions(names, FUNCTIONS_MAX);

    for (size_t i = 0; i < count && i < HD_LANDMARKS_MAX; i++)
        landmarks[i] = (struct hd_landmark_info){ .name = names[i], .names = { names[i] } };
}

static struct hd_image image = { .locate = hd_site_locate, .name = hd_variable_name };

static struct hd_scenario scenario = {
    .summary = "a program, executed as it is",
    .passport = { .source = "the program",
                  .functions = "all of its own",
                  .kept = "each access to shared memory",
                  .left_out = "what libraries do by themselves",
                  .invariants = "its assertions",
                  .reference = "docs/native.md",
                  .evidence = HD_EXECUTED },
    .oracles = HD_ORACLES_ALL & ~HD_ORACLE_BIT(DURABILITY),
    .step_limit = 100000,
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .state_bytes = sizeof(struct hd_program_state),
    .setup = set_up,
    .image = &image,
};

static const struct hd_scenario *const scenarios[] = { &scenario };

const struct hd_catalogue hd_models = { scenarios, 1 };

struct hd_program_thread *hd_thread_of(const struct hd_actor *actor)
{
    static struct hd_program_thread threads[HD_ACTORS_MAX];

    return &threads[actor->id];
}

/* Executes once, straight on, with room for all the threads that there can be. */
static enum hd_error count_threads(struct hd_diag *diag)
{
    struct hd_setting setting = { .scenario = &scenario };
    struct hd_engine_options options = { 0 };
    struct hd_strategy *straight = NULL;
    struct hd_execution execution;
    struct hd_engine *engine = NULL;
    enum hd_error error;

    hd_workload_default(&scenario, &setting.workload);
    setting.workload.params[HD_PROGRAM_THREADS] = HD_THREADS_MAX;
    error = hd_engine_create(&options, &engine, diag);
    if (!error)
        error = hd_engine_prepare(engine, &setting, diag);
    if (!error)
        error = hd_strategy_bytes(NULL, 0, &straight);
    if (!error)
        error = hd_execute(engine, straight, &execution);
    if (!error) {
        const struct hd_program_state *state = engine->state;

        params[HD_PROGRAM_THREADS].value = state->mains + state->others;
    }
    hd_strategy_free(straight);
    hd_engine_free(engine);
    return error;
}

enum hd_error hd_program_describe(struct hd_diag *diag)
{
    scenario.name = hd_program.path;
    image.base = (void *)(uintptr_t)hd_program.text;
    image.bytes = (size_t)(hd_program.text_end - hd_program.text);
    image.own_tls = hd_program.own_tls;
    find_landmarks();
    variable_count = hd_program_variables(variables, VARIABLES_MAX);
    return count_threads(diag);
}
