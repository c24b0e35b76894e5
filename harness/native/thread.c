/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Threads.  main() is actor 0.  The threads that it creates are numbered upwards from 1, those that
 * others create downwards from the last: so a thread's number says nothing of what creations by two
 * different actors came first, and these stay independent.  Among others than main() they are
 * ordered by a step of their own.
 */
#include <errno.h>

#include "native/native.h"

static struct hd_actor *actor_of(const struct hd_engine *engine, pthread_t thread)
{
    return thread >= 1 && thread <= engine->actors ? engine->actor[thread - 1] : NULL;
}

static struct hd_program_state *state_of(const struct hd_engine *engine)
{
    return engine->state;
}

/* The next thread that self may create; NULL if there is none left. */
static struct hd_actor *next_thread(struct hd_actor *self, const void *pc)
{
    struct hd_engine *engine = self->engine;
    struct hd_program_state *state = state_of(engine);
    unsigned threads = engine->actors - 1, n;

    if (self->id != 0)
        hd_object_point(self, pc, HD_OP_RMW, &state->others, sizeof state->others);
    if (state->mains + state->others == threads)
        return NULL;
    n = self->id == 0 ? state->mains++ : threads - 1 - state->others++;
    if (self->id != 0)
        hd_record(self, state->others, true);
    return engine->actor[1 + n];
}

HD_EXPORT int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                             void *(*function)(void *), void *argument)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc), *created;
    struct hd_program_thread *record;
    int detached = PTHREAD_CREATE_JOINABLE;

    if (!self)
        return HD_REAL(pthread_create)(thread, attributes, function, argument);
    created = next_thread(self, pc);
    if (!created)
        hd_unsupported(self, "more threads at once than -p threads= says", pc);
    if (attributes)
        pthread_attr_getdetachstate(attributes, &detached);
    record = hd_thread_of(created);
    *record = (struct hd_program_thread){ .function = function,
                                          .argument = argument,
                                          .detached = detached == PTHREAD_CREATE_DETACHED };
    *thread = (pthread_t)created->id + 1;
    hd_spawn_(hd_site_at(pc), created->id);
    return 0;
}

void hd_program_thread(void *state, unsigned instance)
{
    struct hd_actor *self = hd_current;
    struct hd_program_thread *record = hd_thread_of(self);

    (void)state;
    (void)instance;
    record->stack_limit = hd_stack_limit(self);
    hd_spin_reset(self);
    if (!setjmp(record->exit))
        record->result = record->function(record->argument);
    hd_tsd_destroy(self);
    hd_settle(self);
}

HD_EXPORT void pthread_exit(void *result)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self) {
        HD_REAL(pthread_exit)(result);
        __builtin_unreachable();
    }
    hd_thread_of(self)->result = result;
    longjmp(hd_thread_of(self)->exit, 1);
}

HD_EXPORT int pthread_join(pthread_t thread, void **result)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc), *joined;
    struct hd_program_thread *record;

    if (!self)
        return HD_REAL(pthread_join)(thread, result);
    joined = actor_of(self->engine, thread);
    if (!joined || joined == self)
        return joined ? EDEADLK : ESRCH;
    if (joined->id == 0)
        hd_unsupported(self, "pthread_join() of the main thread", pc);
    record = hd_thread_of(joined);
    if (record->detached || record->joined)
        return EINVAL;
    hd_join_(hd_site_at(pc), joined->id);
    record->joined = true;
    if (result)
        *result = record->result;
    return 0;
}

HD_EXPORT int pthread_detach(pthread_t thread)
{
    struct hd_actor *self = hd_caller(HD_CALLER()), *detached;

    if (!self)
        return HD_REAL(pthread_detach)(thread);
    detached = actor_of(self->engine, thread);
    if (!detached)
        return ESRCH;
    if (hd_thread_of(detached)->detached)
        return EINVAL;
    hd_thread_of(detached)->detached = true;
    return 0;
}

HD_EXPORT pthread_t pthread_self(void)
{
    struct hd_actor *self = hd_caller(HD_CALLER());

    return self ? (pthread_t)self->id + 1 : HD_REAL(pthread_self)();
}

HD_EXPORT int sched_yield(void)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (!self)
        return HD_REAL(sched_yield)();
    hd_yield_(hd_site_at(pc));
    return 0;
}
