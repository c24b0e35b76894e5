/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Exploring: many executions, several workers, one answer.
 *
 * Executions are numbered and cut into chunks of HD_CHUNK.  Workers take chunks in order and
 * execute them independently; their tallies are merged in order too.  The search ends with the
 * lowest chunk that met what was searched for: chunks before it are finished, chunks after it are
 * dropped.  So the sums, the digest and the findings are those of one worker, however many there
 * are.  Only an end by time or by `stop` cuts where it happens to cut.
 *
 * A strategy that exhausts its space carries its state from execution to execution: it is one chunk
 * of any length, for one worker.
 */
#include "heddle/heddle.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "explore/chunk.h"
#include "explore/tally.h"

/* Chunks that may be finished ahead of the earliest unfinished one, for each worker. */
#define AHEAD 4
#define POLL_NS UINT64_C(50000000)
#define PROGRESS_NS UINT64_C(200000000)
#define SECOND_NS UINT64_C(1000000000)

struct slot {
    bool done;
    struct hd_chunk chunk;
};

struct search {
    struct hd_explore_options options; /* with the first guess at the number of choices */
    uint64_t chunks;                   /* all there are */
    unsigned jobs;
    unsigned slot_count;
    struct slot *slots; /* chunk n is in slots[n % slot_count] */

    atomic_uint_fast64_t executions; /* so far, dropped ones included; for the progress line */
    atomic_uint_fast64_t last;       /* the lowest chunk that ends the search, or UINT64_MAX */
    atomic_bool stopping;            /* time is up, `stop` was set, or a worker failed */

    pthread_mutex_t lock; /* guards what follows, and the slots */
    pthread_cond_t moved; /* merged, working, last or stopping changed */
    uint64_t taken;       /* chunks given out */
    uint64_t merged;      /* chunks merged: 0 .. merged - 1 */
    unsigned working;     /* workers that have not ended */
    struct hd_explore_result result;
    enum hd_error error; /* the first one, in the order of the chunks */
    struct hd_diag diag;
};

static uint64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

static bool must_abandon(void *context, uint64_t number)
{
    struct search *search = context;

    return atomic_load_explicit(&search->stopping, memory_order_relaxed)
           || number > atomic_load_explicit(&search->last, memory_order_relaxed);
}

/* ---- Chunks: given out and merged in order -------------------------------------------------- */

static void prepare_chunk(const struct search *search, struct hd_chunk *chunk, uint64_t number)
{
    uint64_t runs = search->options.runs;
    uint64_t before = number * HD_CHUNK;

    memset(chunk, 0, sizeof *chunk);
    chunk->number = number;
    chunk->first = before + 1;
    chunk->count = HD_CHUNK;
    if (search->options.strategy->exhausts)
        chunk->count = runs;
    else if (runs > 0 && runs - before < HD_CHUNK)
        chunk->count = runs - before;
}

/* The next chunk, or NULL when there is nothing left to do.  Waits while too far ahead. */
static struct slot *take(struct search *search)
{
    struct slot *slot = NULL;

    pthread_mutex_lock(&search->lock);
    while (!must_abandon(search, search->taken) && search->taken < search->chunks
           && search->taken - search->merged >= search->slot_count)
        pthread_cond_wait(&search->moved, &search->lock);
    if (!must_abandon(search, search->taken) && search->taken < search->chunks) {
        slot = &search->slots[search->taken % search->slot_count];
        HD_ASSERT(!slot->done);
        prepare_chunk(search, &slot->chunk, search->taken);
        search->taken++;
    }
    pthread_mutex_unlock(&search->lock);
    return slot;
}

static void merge(struct search *search, struct hd_chunk *chunk)
{
    if (chunk->error && !search->error) {
        search->error = chunk->error;
        search->diag = chunk->diag;
    }
    search->result.complete |= chunk->complete;
    hd_tally_merge(&search->result, &chunk->tally);
    if (chunk->coverage)
        hd_coverage_merge(search->options.coverage, chunk->coverage);
    hd_coverage_free(chunk->coverage);
    chunk->coverage = NULL;
}

static void deliver(struct search *search, struct slot *slot)
{
    struct slot *next;

    pthread_mutex_lock(&search->lock);
    slot->done = true;
    if (slot->chunk.ends_search && slot->chunk.number < atomic_load(&search->last))
        atomic_store(&search->last, slot->chunk.number);
    while (next = &search->slots[search->merged % search->slot_count],
           next->done && search->merged <= atomic_load(&search->last)) {
        HD_ASSERT_IS(next->chunk.number, ==, search->merged);
        merge(search, &next->chunk);
        next->done = false;
        search->merged++;
    }
    pthread_cond_broadcast(&search->moved);
    pthread_mutex_unlock(&search->lock);
}

/* ---- Workers -------------------------------------------------------------------------------- */

static void stop_all(struct search *search)
{
    pthread_mutex_lock(&search->lock);
    atomic_store(&search->stopping, true);
    pthread_cond_broadcast(&search->moved);
    pthread_mutex_unlock(&search->lock);
}

static void *work(void *argument)
{
    struct search *search = argument;
    struct hd_engine *engine = NULL;
    struct hd_diag diag = { { 0 } };
    struct slot *slot;
    enum hd_error error = hd_engine_create(&search->options.engine, &engine, &diag);

    if (!error)
        error = hd_engine_prepare(engine, &search->options.setting, &diag);
    while (!error && (slot = take(search)) != NULL) {
        hd_chunk_execute(&slot->chunk, &search->options, engine, must_abandon, search,
                         &search->executions);
        deliver(search, slot);
    }
    hd_engine_free(engine);
    if (error)
        stop_all(search);
    pthread_mutex_lock(&search->lock);
    if (error && !search->error) {
        search->error = error;
        search->diag = diag;
    }
    search->working--;
    pthread_cond_broadcast(&search->moved);
    pthread_mutex_unlock(&search->lock);
    return NULL;
}

/* Wakes for the time budget, `stop` and the progress line; under the lock. */
static void wait_a_little(struct search *search, uint64_t until)
{
    struct timespec wake = { .tv_sec = (time_t)(until / SECOND_NS),
                             .tv_nsec = (long)(until % SECOND_NS) };

    pthread_cond_timedwait(&search->moved, &search->lock, &wake);
}

static void tell(struct search *search, uint64_t elapsed)
{
    unsigned findings = search->result.finding_count;

    if (!search->options.progress)
        return;
    pthread_mutex_unlock(&search->lock);
    search->options.progress(search->options.progress_context, atomic_load(&search->executions),
                             (double)elapsed / (double)SECOND_NS, findings);
    pthread_mutex_lock(&search->lock);
}

/* Until all workers have ended.  Returns whether time or `stop` ended them. */
static bool supervise(struct search *search, uint64_t start)
{
    const struct hd_explore_options *options = &search->options;
    uint64_t deadline = options->time_ns ? start + options->time_ns : UINT64_MAX;
    uint64_t told = start;
    bool interrupted = false;

    if (deadline < start)
        deadline = UINT64_MAX;
    pthread_mutex_lock(&search->lock);
    while (search->working > 0) {
        uint64_t now = now_ns();

        if (!interrupted && (now >= deadline || (options->stop && atomic_load(options->stop)))) {
            interrupted = true;
            atomic_store(&search->stopping, true);
            pthread_cond_broadcast(&search->moved);
        }
        if (now - told >= PROGRESS_NS) {
            tell(search, now - start);
            told = now;
            continue; /* the lock was open */
        }
        wait_a_little(search, !interrupted && deadline - now < POLL_NS ? deadline : now + POLL_NS);
    }
    pthread_mutex_unlock(&search->lock);
    return interrupted;
}

static enum hd_error run_workers(struct search *search, bool *ret_interrupted,
                                 struct hd_diag *diag)
{
    enum hd_error error = HD_OK;
    uint64_t start = now_ns();
    unsigned created = 0;
    pthread_t *threads = hd_alloc_array(search->jobs, sizeof *threads);

    if (!threads)
        return hd_fail(diag, HD_E_NOMEM, "out of memory");
    search->working = search->jobs;
    for (; created < search->jobs; created++) {
        int failure = pthread_create(&threads[created], NULL, work, search);

        if (failure) {
            error = hd_fail(diag, HD_E_NOMEM, "cannot start worker %u of %u: %s", created + 1,
                            search->jobs, strerror(failure));
            stop_all(search);
            break;
        }
    }
    pthread_mutex_lock(&search->lock);
    search->working -= search->jobs - created; /* those that never began */
    pthread_mutex_unlock(&search->lock);
    *ret_interrupted = supervise(search, start);
    for (unsigned i = 0; i < created; i++)
        pthread_join(threads[i], NULL);
    search->result.seconds = (double)(now_ns() - start) / (double)SECOND_NS;
    hd_dealloc(threads);
    return error;
}

/* ---- The search as a whole ------------------------------------------------------------------ */

/*
 * A first guess at the number of choices, for strategies that want one: those of an execution
 * without preemption.  Also the place where a setting that can't be executed is refused, once.
 */
static enum hd_error probe(struct search *search, struct hd_diag *diag)
{
    struct hd_engine *engine = NULL;
    struct hd_strategy *straight = NULL;
    struct hd_execution execution;
    enum hd_error error = hd_engine_create(&search->options.engine, &engine, diag);

    if (!error)
        error = hd_engine_prepare(engine, &search->options.setting, diag);
    if (error || search->options.strategy_options.choices > 0)
        goto out;
    error = hd_strategy_bytes(NULL, 0, &straight);
    if (!error)
        error = hd_execute(engine, straight, &execution);
    if (error)
        hd_fail(diag, error, "the first execution: %s", hd_error_text(error));
    else
        search->options.strategy_options.choices =
            execution.trace.choices ? execution.trace.choices : 1;
out:
    hd_strategy_free(straight);
    hd_engine_free(engine);
    return error;
}

static enum hd_error init(struct search *search, const struct hd_explore_options *options,
                          struct hd_diag *diag)
{
    uint64_t runs = options->runs;
    pthread_condattr_t attributes;

    search->options = *options;
    search->jobs = options->jobs ? options->jobs : 1;
    search->chunks = runs ? runs / HD_CHUNK + (runs % HD_CHUNK != 0) : UINT64_MAX;
    if (options->strategy->exhausts)
        search->chunks = 1;
    if (options->engine.liburcu || options->setting.scenario->image || search->chunks == 1)
        search->jobs = 1;
    else if (search->jobs > search->chunks)
        search->jobs = (unsigned)search->chunks;
    search->slot_count = search->jobs * AHEAD;
    search->slots = hd_alloc_array(search->slot_count, sizeof *search->slots);
    if (!search->slots)
        return hd_fail(diag, HD_E_NOMEM, "out of memory");
    atomic_init(&search->executions, 0);
    atomic_init(&search->last, UINT64_MAX);
    atomic_init(&search->stopping, false);
    pthread_mutex_init(&search->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&search->moved, &attributes);
    pthread_condattr_destroy(&attributes);
    return HD_OK;
}

static void fini(struct search *search)
{
    for (unsigned i = 0; i < search->slot_count; i++) {
        hd_explore_result_free(&search->slots[i].chunk.tally);
        hd_coverage_free(search->slots[i].chunk.coverage);
    }
    hd_explore_result_free(&search->result);
    hd_dealloc(search->slots);
    pthread_cond_destroy(&search->moved);
    pthread_mutex_destroy(&search->lock);
}

/* Did the search come to its own end, whoever interrupted it meanwhile? */
static bool has_ended(const struct search *search)
{
    return search->result.complete || search->merged > atomic_load(&search->last)
           || (search->options.runs > 0 && search->result.executions == search->options.runs);
}

enum hd_error hd_explore(const struct hd_explore_options *options,
                         struct hd_explore_result *ret_result, struct hd_diag *diag)
{
    struct search *search = hd_alloc_array(1, sizeof *search);
    bool interrupted = false;
    enum hd_error error;

    HD_ASSERT(options->strategy && options->setting.scenario);
    if (!search)
        return hd_fail(diag, HD_E_NOMEM, "out of memory");
    error = init(search, options, diag);
    if (error) {
        hd_dealloc(search);
        return error;
    }
    error = probe(search, diag);
    if (!error)
        error = run_workers(search, &interrupted, diag);
    if (!error && search->error) {
        error = search->error;
        if (diag)
            *diag = search->diag;
    }
    if (!error) {
        search->result.stopped = interrupted && !has_ended(search);
        *ret_result = search->result;
        search->result.finding_count = 0; /* the cases are the caller's now */
    }
    fini(search);
    hd_dealloc(search);
    return error;
}
