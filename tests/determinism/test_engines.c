/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Engines know nothing of each other, of what they did before, or of the backend that carried it
 * out. */
#include <pthread.h>

#include "determinism/zoo.h"

#define RUNS 400

struct job {
    enum hd_backend backend;
    unsigned order;              /* in which the scenarios are taken: a rotation */
    bool switching;              /* to another backend in the middle of each */
    uint64_t digests[ZOO_COUNT]; /* summed, of random executions */
    pthread_t thread;
};

/* May run in a thread of its own, where an assertion of cmocka's must not fail. */
static void *work(void *argument)
{
    struct job *job = argument;
    struct hd_engine_options options = { .backend = job->backend };
    struct tiny tiny;

    tiny_open_with(&tiny, zoo[0], &options);
    for (unsigned n = 0; n < ZOO_COUNT; n++) {
        unsigned i = (n + job->order) % ZOO_COUNT;
        struct hd_strategy *random = tiny_strategy("random", i);

        zoo_use(&tiny, i);
        job->digests[i] = 0;
        for (unsigned run = 0; run < RUNS; run++) {
            if (job->switching && run % 50 == 0)
                hd_engine_set_backend(tiny.engine, (enum hd_backend)(run / 50 % 3));
            hd_execute(tiny.engine, random, &tiny.execution);
            job->digests[i] = job->digests[i] * 31 + tiny.execution.digest;
        }
        hd_strategy_free(random);
    }
    tiny_close(&tiny);
    return NULL;
}

/* The order in which an engine takes its scenarios, of unequal numbers of actors and kinds. */
static void an_engine_can_be_used_again(void **state)
{
    struct job alone = { .backend = TINY_BACKEND(state) };

    work(&alone);
    for (unsigned order = 1; order < ZOO_COUNT; order += 3) {
        struct job other = { .backend = TINY_BACKEND(state), .order = order };

        work(&other);
        assert_memory_equal(other.digests, alone.digests, sizeof alone.digests);
    }
}

static void backends_can_be_changed_in_between(void **state)
{
    struct job alone = { .backend = TINY_BACKEND(state) };
    struct job switching = { .backend = TINY_BACKEND(state), .switching = true };

    work(&alone);
    work(&switching);
    assert_memory_equal(switching.digests, alone.digests, sizeof alone.digests);
}

#define THREADS 4

static void engines_run_side_by_side(void **state)
{
    struct job alone = { .backend = TINY_BACKEND(state) };
    struct job jobs[THREADS];

    work(&alone);
    for (unsigned i = 0; i < THREADS; i++) {
        jobs[i] = (struct job){ .backend = (enum hd_backend)((TINY_BACKEND(state) + i) % 3),
                                .order = i };
        assert_int_equal(pthread_create(&jobs[i].thread, NULL, work, &jobs[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(jobs[i].thread, NULL), 0);
        assert_memory_equal(jobs[i].digests, alone.digests, sizeof alone.digests);
    }
}

/* One engine, called from one OS thread after the other. */
static void *execute_once(void *argument)
{
    struct tiny *tiny = argument;
    struct tiny_plan plan = tiny_plan("");

    hd_execute(tiny->engine, &plan.base, &tiny->execution);
    return NULL;
}

static void an_engine_can_change_hands(void **state)
{
    struct tiny tiny;
    uint64_t digest;

    tiny_open(&tiny, zoo[0], TINY_BACKEND(state));
    tiny_run(&tiny, "");
    digest = tiny.execution.digest;
    for (int i = 0; i < 20; i++) {
        pthread_t thread;

        tiny.execution.digest = 0;
        assert_int_equal(pthread_create(&thread, NULL, execute_once, &tiny), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_int_equal(tiny.execution.digest, digest);
    }
    tiny_close(&tiny);
}

/* 64 engines have addresses of their own; more have others, and the same digests. */
static void there_may_be_many(void **state)
{
    enum { MANY = 70 };
    struct tiny *tiny = calloc(MANY, sizeof *tiny);

    assert_non_null(tiny);
    for (unsigned i = 0; i < MANY; i++) {
        tiny_open(&tiny[i], &zoo_rcu, TINY_BACKEND(state));
        tiny_run(&tiny[i], "0011");
        assert_int_equal(tiny[i].execution.digest, tiny[0].execution.digest);
    }
    for (unsigned i = 0; i < MANY; i++)
        tiny_close(&tiny[i]);
    free(tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(an_engine_can_be_used_again), EACH(backends_can_be_changed_in_between),
        EACH(engines_run_side_by_side),    EACH(an_engine_can_change_hands),
        EACH(there_may_be_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
