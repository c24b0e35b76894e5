/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who does the next check: workers take them in order, each check is one worker's.  Checks share
 * nothing but what is read, so their outcomes don't depend on the number of workers.
 */
#include <pthread.h>
#include <time.h>

#include "base/alloc.h"
#include "gate/gate.h"

/* A pass over the checks from first on. */
struct pass {
    struct hd_gate *gate;
    uint32_t first, end, round;
    atomic_uint_fast32_t next;
    uint32_t done; /* guarded by lock */
    pthread_mutex_t lock;
};

uint64_t hd_gate_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

uint64_t hd_gate_left(const struct hd_gate *gate)
{
    uint64_t now;

    if (!gate->deadline_ns)
        return UINT64_MAX;
    now = hd_gate_now();
    return now < gate->deadline_ns ? gate->deadline_ns - now : 0;
}

bool hd_gate_is_stopped(const struct hd_gate *gate)
{
    return gate->options->stop && atomic_load_explicit(gate->options->stop, memory_order_relaxed);
}

static void do_check(const struct pass *pass, struct hd_gate_check *check)
{
    const struct hd_gate *gate = pass->gate;

    switch (check->step) {
    case HD_GATE_LOAD:
        return; /* was done when it was planned */
    case HD_GATE_REPLAY:
        hd_gate_replay(gate, check);
        return;
    case HD_GATE_NEIGHBOURS:
        hd_gate_neighbours(gate, check);
        return;
    case HD_GATE_PROOF:
        hd_gate_prove(gate, check);
        return;
    case HD_GATE_FUZZ:
        hd_gate_search(gate, check, pass->round);
        return;
    }
}

static void *work(void *argument)
{
    struct pass *pass = argument;
    const struct hd_gate_options *options = pass->gate->options;

    for (;;) {
        uint32_t i = (uint32_t)atomic_fetch_add(&pass->next, 1);
        struct hd_gate_check *check = &pass->gate->result.checks[i];

        if (i >= pass->end)
            return NULL;
        if (hd_gate_is_stopped(pass->gate) && check->outcome == HD_GATE_SKIPPED)
            hd_gate_stop(check, "not done: interrupted");
        else
            do_check(pass, check);
        pthread_mutex_lock(&pass->lock);
        pass->done++;
        if (options->progress)
            options->progress(options->progress_context, pass->first + pass->done,
                              pass->gate->result.check_count);
        pthread_mutex_unlock(&pass->lock);
    }
}

/* The caller works too; a thread that can't be had leaves more to the others. */
static enum hd_error run_pass(struct pass *pass, struct hd_diag *diag)
{
    unsigned jobs = pass->gate->options->jobs;
    pthread_t *threads;
    unsigned started = 0;

    if (jobs > pass->end - pass->first)
        jobs = pass->end - pass->first;
    threads = hd_alloc_array((size_t)jobs + 1, sizeof *threads);
    if (!threads)
        return hd_fail(diag, HD_E_NOMEM, "out of memory for workers");
    pass->done = 0;
    atomic_init(&pass->next, pass->first);
    pthread_mutex_init(&pass->lock, NULL);
    while (started + 1 < jobs && !pthread_create(&threads[started], NULL, work, pass))
        started++;
    work(pass);
    while (started > 0)
        pthread_join(threads[--started], NULL);
    pthread_mutex_destroy(&pass->lock);
    hd_dealloc(threads);
    return HD_OK;
}

static uint32_t first_search(const struct hd_gate_result *result)
{
    uint32_t first = result->check_count;

    while (first > 0 && result->checks[first - 1].step == HD_GATE_FUZZ)
        first--;
    return first;
}

enum hd_error hd_gate_do(struct hd_gate *gate, struct hd_diag *diag)
{
    uint32_t searches = first_search(&gate->result), end = gate->result.check_count;
    struct pass pass = { .gate = gate, .end = searches };
    enum hd_error error = run_pass(&pass, diag);

    pass.first = searches;
    pass.end = end;
    if (!error && searches < end)
        do
            error = run_pass(&pass, diag);
        while (!error && hd_gate_left(gate) > 0 && !hd_gate_is_stopped(gate) && ++pass.round);
    return error;
}
