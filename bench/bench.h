/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the benchmarks share: a prepared engine, and CPU time. */
#ifndef HD_BENCH_H
#define HD_BENCH_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "heddle/heddle.h"
#include "models.h"

#define BENCH_SLICES 5
#define BENCH_SLICE_NS UINT64_C(200000000)
#define BENCH_SEED 1

/*
 * Of the whole process: in the thread backend the actors' steps are taken by threads of their own.
 * Nothing else runs in a benchmark, so on the fiber backend it is this thread's.
 */
static inline uint64_t bench_cpu_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static inline void bench_die(const char *what, enum hd_error error, const struct hd_diag *diag)
{
    fprintf(stderr, "%s: %s\n", what, diag && diag->text[0] ? diag->text : hd_error_text(error));
    exit(2);
}

/* Something that executes a batch, and says how many events that took. */
struct bench_subject {
    uint64_t (*run)(void *context, uint64_t executions);
    void *context;
};

struct bench_sample {
    uint64_t executions, events;
    uint64_t cpu_ns;
};

/* For about a slice of CPU time. */
static inline struct bench_sample bench_slice(const struct bench_subject *subject)
{
    struct bench_sample sample = { 0 };
    uint64_t batch = 16, start = bench_cpu_ns();

    while (sample.cpu_ns < BENCH_SLICE_NS) {
        sample.events += subject->run(subject->context, batch);
        sample.executions += batch;
        sample.cpu_ns = bench_cpu_ns() - start;
        if (sample.cpu_ns < BENCH_SLICE_NS / 16)
            batch *= 2; /* so that reading the clock costs nothing */
    }
    return sample;
}

static inline int bench_compare(const void *left, const void *right)
{
    const struct bench_sample *a = left, *b = right;
    double x = (double)a->cpu_ns / (double)a->executions;
    double y = (double)b->cpu_ns / (double)b->executions;

    return (x > y) - (x < y);
}

/*
 * The median slice of each subject.  The subjects take turns, so that what else the machine does,
 * and how warm it is, touches them alike: compare within one call only.
 */
static inline void bench_measure(const struct bench_subject *subjects, unsigned count,
                                 struct bench_sample *ret_samples)
{
    struct bench_sample(*slices)[BENCH_SLICES] = calloc(count, sizeof *slices);

    if (!slices)
        bench_die("bench", HD_E_NOMEM, NULL);
    for (unsigned slice = 0; slice < BENCH_SLICES; slice++)
        for (unsigned i = 0; i < count; i++)
            slices[i][slice] = bench_slice(&subjects[i]);
    for (unsigned i = 0; i < count; i++) {
        qsort(slices[i], BENCH_SLICES, sizeof slices[i][0], bench_compare);
        ret_samples[i] = slices[i][BENCH_SLICES / 2];
    }
    free(slices);
}

/* Random schedules of a setting on an engine. */
struct bench_engine {
    struct hd_engine *engine;
    struct hd_strategy *strategy;
};

static inline uint64_t bench_engine_run(void *context, uint64_t executions)
{
    struct bench_engine *bench = context;
    struct hd_execution execution;
    uint64_t events = 0;

    for (uint64_t i = 0; i < executions; i++) {
        enum hd_error error = hd_execute(bench->engine, bench->strategy, &execution);

        if (error)
            bench_die("hd_execute", error, NULL);
        events += execution.trace.length;
    }
    return events;
}

/* name: SCENARIO/VARIANT; keys: "actors=2 steps=10". */
static inline struct bench_engine bench_engine_create(const char *name, const char *keys,
                                                      enum hd_backend backend)
{
    struct hd_engine_options options = { .backend = backend };
    struct hd_strategy_options seeded = { .seed = BENCH_SEED };
    struct bench_engine bench = { 0 };
    struct hd_diag diag = { { 0 } };
    struct hd_setting setting;
    enum hd_error error = hd_setting_parse(&hd_models, name, &setting, &diag);

    if (!error)
        error = hd_workload_set_all(setting.scenario, &setting.workload, keys, &diag);
    if (!error)
        error = hd_engine_create(&options, &bench.engine, &diag);
    if (!error)
        error = hd_engine_prepare(bench.engine, &setting, &diag);
    if (!error)
        error = hd_strategy_find("random")->create(&seeded, &bench.strategy);
    if (error)
        bench_die(name, error, &diag);
    return bench;
}

static inline void bench_engine_free(struct bench_engine *bench)
{
    hd_strategy_free(bench->strategy);
    hd_engine_free(bench->engine);
}

#endif
