/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Random schedules per CPU second of the scenario `p1`, a small program of folios, buffers and a
 * journal that other checkers run as well, at three sizes: writers.folios.buffers.
 *
 * CSV: variant,size,executions,events,cpu_ns,schedules_per_s,events_per_schedule
 */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

static const struct size {
    const char *name, *keys;
} sizes[] = {
    { "1.1.1", "writers=1 folios=1 buffers=1" },
    { "2.1.1", "writers=2 folios=1 buffers=1" },
    { "2.2.1", "writers=2 folios=2 buffers=1" },
};
#define SIZES (sizeof sizes / sizeof sizes[0])

/* All sizes of a variant take turns. */
static void measure(const char *variant)
{
    struct bench_engine engines[SIZES];
    struct bench_subject subjects[SIZES];
    struct bench_sample samples[SIZES];
    char name[32];

    snprintf(name, sizeof name, "p1/%s", variant);
    for (size_t i = 0; i < SIZES; i++) {
        engines[i] = bench_engine_create(name, sizes[i].keys, HD_BACKEND_LIGHT);
        subjects[i] = (struct bench_subject){ bench_engine_run, &engines[i] };
    }
    bench_measure(subjects, SIZES, samples);
    for (size_t i = 0; i < SIZES; i++) {
        printf("%s,%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%.0f,%.1f\n", variant, sizes[i].name,
               samples[i].executions, samples[i].events, samples[i].cpu_ns,
               1e9 * (double)samples[i].executions / (double)samples[i].cpu_ns,
               (double)samples[i].events / (double)samples[i].executions);
        bench_engine_free(&engines[i]);
    }
}

int main(void)
{
    printf("variant,size,executions,events,cpu_ns,schedules_per_s,events_per_schedule\n");
    measure("new");
    measure("old");
    return ferror(stdout) ? 2 : 0;
}
