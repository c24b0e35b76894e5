/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a step costs: the scenario `steps`, actors that each take so many steps of their own, on
 * both backends, against a floor of straight calls that take the same decisions.
 *
 * CSV: backend,actors,steps,executions,events,cpu_ns,executions_per_s,ns_per_event,times_floor
 */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#define ACTORS_MAX 16

struct shape {
    unsigned actors, steps;
};

static const struct shape shapes[] = {
    { 2, 10 }, { 2, 20 }, { 2, 50 }, { 2, 100 }, { 4, 10 }, { 8, 10 }, { 16, 10 },
};

/* ---- The floor: the same strategy, the same number of steps, and nothing around them --------- */

struct floor_bench {
    struct hd_strategy *strategy;
    struct shape shape;
    volatile uint64_t objects[ACTORS_MAX]; /* volatile: a step is a store, not a sum at the end */
};

static uint64_t run_floor(void *context, uint64_t executions)
{
    struct floor_bench *bench = context;
    struct hd_strategy *strategy = bench->strategy;
    struct hd_trace trace = { 0 };

    for (uint64_t i = 0; i < executions; i++) {
        unsigned left[ACTORS_MAX];
        struct hd_choice choice = { .enabled_count = bench->shape.actors,
                                    .running = HD_ACTOR_NONE,
                                    .trace = &trace };

        choice.enabled = hd_actor_bit((hd_actor_id)bench->shape.actors) - 1;
        for (unsigned a = 0; a < bench->shape.actors; a++)
            left[a] = bench->shape.steps;
        strategy->ops->begin(strategy);
        while (choice.enabled_count > 0) {
            hd_actor_id actor = choice.enabled_count > 1 ? strategy->ops->pick(strategy, &choice)
                                                         : hd_set_nth(choice.enabled, 0);

            bench->objects[actor] = left[actor];
            choice.index += choice.enabled_count > 1;
            choice.running = actor;
            if (--left[actor] == 0) {
                choice.enabled &= ~hd_actor_bit(actor);
                choice.enabled_count--;
            }
        }
        strategy->ops->end(strategy, &trace);
    }
    return executions * bench->shape.actors * bench->shape.steps;
}

static void print(const char *backend, struct shape shape, const struct bench_sample *sample,
                  const struct bench_sample *floor_sample)
{
    double each = (double)sample->cpu_ns / (double)sample->executions;
    double least = (double)floor_sample->cpu_ns / (double)floor_sample->executions;

    printf("%s,%u,%u,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%.0f,%.2f,%.2f\n", backend, shape.actors,
           shape.steps, sample->executions, sample->events, sample->cpu_ns, 1e9 / each,
           (double)sample->cpu_ns / (double)sample->events, each / least);
    fflush(stdout);
}

/* The backend in use, which may be another than was asked for. */
static const char *name_of(const struct hd_engine *engine)
{
    static const char *const names[] = { [HD_BACKEND_FIBER] = "fiber",
                                         [HD_BACKEND_THREAD] = "thread",
                                         [HD_BACKEND_LIGHT] = "light" };

    return names[hd_engine_backend(engine)];
}

static void measure(struct shape shape)
{
    struct hd_strategy_options seeded = { .seed = BENCH_SEED };
    struct floor_bench floor_bench = { .shape = shape };
    struct bench_engine light, fiber, thread;
    struct bench_sample samples[4];
    char keys[64];

    snprintf(keys, sizeof keys, "actors=%u steps=%u", shape.actors, shape.steps);
    light = bench_engine_create("steps", keys, HD_BACKEND_LIGHT);
    fiber = bench_engine_create("steps", keys, HD_BACKEND_FIBER);
    thread = bench_engine_create("steps", keys, HD_BACKEND_THREAD);
    if (hd_strategy_find("random")->create(&seeded, &floor_bench.strategy))
        bench_die("random", HD_E_NOMEM, NULL);
    bench_measure(
        (const struct bench_subject[]){
            { run_floor, &floor_bench },
            { bench_engine_run, &light },
            { bench_engine_run, &fiber },
            { bench_engine_run, &thread },
        },
        4, samples);
    print("floor", shape, &samples[0], &samples[0]);
    print(name_of(light.engine), shape, &samples[1], &samples[0]);
    print(name_of(fiber.engine), shape, &samples[2], &samples[0]);
    print(name_of(thread.engine), shape, &samples[3], &samples[0]);
    hd_strategy_free(floor_bench.strategy);
    bench_engine_free(&light);
    bench_engine_free(&fiber);
    bench_engine_free(&thread);
}

int main(void)
{
    printf("backend,actors,steps,executions,events,cpu_ns,executions_per_s,ns_per_event,"
           "times_floor\n");
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        measure(shapes[i]);
    return ferror(stdout) ? 2 : 0;
}
