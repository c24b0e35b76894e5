/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Real liburcu as the witness of the engine's RCU.
 *
 * Readers: each actor's pthread registers with liburcu's memb flavour and makes its sections on it.
 * Updaters: for each synchronize_rcu() a pthread outside the engine enters liburcu's, at the moment
 * the engine's begins, and really sleeps.  The engine alone decides who runs; at each decision that
 * rests on a grace period the two are compared.  If liburcu has returned while sections are open,
 * or does not return once they have ended, that is a bug in one of them, and HD_ASSERT says so.
 *
 * "Does not return" is judged after WAIT_NS of real time: an assertion that fires late, never a
 * verdict.
 */
#include "engine/rcu.h"

#if HD_WITH_URCU

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <urcu.h>

#include "base/alloc.h"
#include "base/assert.h"

#define WAIT_NS       INT64_C(20000000000)
#define CALLBACKS_MAX 1024u

/* One pthread an actor may ask for a grace period; made when it first does. */
struct grace {
    pthread_t thread;
    bool made, quit;
    bool asked;   /* under lock: a grace period is wanted */
    bool entered; /* under lock: and has begun */
    bool over;    /* under lock: and has elapsed */
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

struct callback {
    struct rcu_head head; /* first: note_called() relies on it */
    _Atomic bool called;
};

struct hd_urcu {
    struct grace graces[HD_ACTORS_MAX];
    struct callback callbacks[CALLBACKS_MAX];
    uint32_t callback_count;
};

static _Atomic bool in_use;

enum hd_error hd_urcu_create(struct hd_urcu **ret_urcu)
{
    struct hd_urcu *urcu;

    if (atomic_exchange(&in_use, true))
        return HD_E_UNSUPPORTED;
    urcu = hd_alloc_array(1, sizeof *urcu);
    if (!urcu) {
        atomic_store(&in_use, false);
        return HD_E_NOMEM;
    }
    for (unsigned i = 0; i < HD_ACTORS_MAX; i++) {
        pthread_mutex_init(&urcu->graces[i].lock, NULL);
        pthread_cond_init(&urcu->graces[i].changed, NULL);
    }
    *ret_urcu = urcu;
    return HD_OK;
}

void hd_urcu_destroy(struct hd_urcu *urcu)
{
    if (!urcu)
        return;
    rcu_barrier();
    for (unsigned i = 0; i < HD_ACTORS_MAX; i++) {
        struct grace *grace = &urcu->graces[i];

        if (grace->made) {
            pthread_mutex_lock(&grace->lock);
            grace->quit = true;
            pthread_cond_broadcast(&grace->changed);
            pthread_mutex_unlock(&grace->lock);
            pthread_join(grace->thread, NULL);
        }
        pthread_cond_destroy(&grace->changed);
        pthread_mutex_destroy(&grace->lock);
    }
    hd_dealloc(urcu);
    atomic_store(&in_use, false);
}

void hd_urcu_register(void)
{
    rcu_register_thread();
}

void hd_urcu_unregister(void)
{
    rcu_unregister_thread();
}

void hd_urcu_close(uint32_t nesting)
{
    for (; nesting; nesting--)
        rcu_read_unlock();
}

void hd_urcu_read_lock(struct hd_urcu *urcu, hd_actor_id actor)
{
    (void)urcu;
    if (actor < HD_ACTORS_MAX) /* set-up is no reader */
        rcu_read_lock();
}

void hd_urcu_read_unlock(struct hd_urcu *urcu, hd_actor_id actor)
{
    (void)urcu;
    if (actor < HD_ACTORS_MAX)
        rcu_read_unlock();
}

static void *grace_thread(void *argument)
{
    struct grace *grace = argument;

    rcu_register_thread();
    pthread_mutex_lock(&grace->lock);
    while (!grace->quit) {
        if (!grace->asked) {
            rcu_thread_offline();
            pthread_cond_wait(&grace->changed, &grace->lock);
            rcu_thread_online();
            continue;
        }
        grace->asked = grace->over = false; /* nor is what an abandoned one leaves behind */
        grace->entered = true;
        pthread_cond_broadcast(&grace->changed);
        pthread_mutex_unlock(&grace->lock);
        synchronize_rcu();
        pthread_mutex_lock(&grace->lock);
        grace->over = true;
        pthread_cond_broadcast(&grace->changed);
    }
    pthread_mutex_unlock(&grace->lock);
    rcu_unregister_thread();
    return NULL;
}

static void wait_until(struct grace *grace, const bool *flag)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += (time_t)(WAIT_NS / 1000000000);
    while (!*flag)
        HD_ASSERT(pthread_cond_timedwait(&grace->changed, &grace->lock, &until) == 0);
}

void hd_urcu_begin(struct hd_urcu *urcu, hd_actor_id actor)
{
    struct grace *grace = &urcu->graces[actor];

    if (!grace->made) {
        int failed = pthread_create(&grace->thread, NULL, grace_thread, grace);

        HD_ASSERT(!failed);
        grace->made = true;
    }
    pthread_mutex_lock(&grace->lock);
    grace->asked = true;
    grace->entered = false;
    pthread_cond_broadcast(&grace->changed);
    wait_until(grace, &grace->entered);
    pthread_mutex_unlock(&grace->lock);
}

void hd_urcu_must_wait(struct hd_urcu *urcu, hd_actor_id actor)
{
    struct grace *grace = &urcu->graces[actor];

    pthread_mutex_lock(&grace->lock);
    HD_ASSERT(!grace->over); /* liburcu's grace period ended under open sections */
    pthread_mutex_unlock(&grace->lock);
}

void hd_urcu_must_end(struct hd_urcu *urcu, hd_actor_id actor)
{
    struct grace *grace = &urcu->graces[actor];

    pthread_mutex_lock(&grace->lock);
    wait_until(grace, &grace->over);
    pthread_mutex_unlock(&grace->lock);
}

static void note_called(struct rcu_head *head)
{
    struct callback *callback = (struct callback *)head; /* its first member */

    atomic_store(&callback->called, true);
}

void hd_urcu_call(struct hd_urcu *urcu, uint32_t number)
{
    struct callback *callback = &urcu->callbacks[number % CALLBACKS_MAX];

    atomic_store(&callback->called, false);
    urcu->callback_count++;
    call_rcu(&callback->head, note_called);
}

void hd_urcu_not_called(struct hd_urcu *urcu, uint32_t number)
{
    HD_ASSERT(!atomic_load(&urcu->callbacks[number % CALLBACKS_MAX].called));
}

void hd_urcu_called(struct hd_urcu *urcu, uint32_t number)
{
    struct callback *callback = &urcu->callbacks[number % CALLBACKS_MAX];
    struct timespec pause = { .tv_nsec = 20000 };

    for (int64_t waited = 0; !atomic_load(&callback->called); waited += pause.tv_nsec) {
        HD_ASSERT(waited < WAIT_NS);
        nanosleep(&pause, NULL);
    }
}

void hd_urcu_reset(struct hd_urcu *urcu)
{
    if (urcu->callback_count)
        rcu_barrier();
    urcu->callback_count = 0;
}

#else

enum hd_error hd_urcu_create(struct hd_urcu **ret_urcu)
{
    (void)ret_urcu;
    return HD_E_UNSUPPORTED;
}

/* The rest is unreachable without an hd_urcu. */
#include "base/assert.h"
#define UNREACHABLE(call)                                                                          \
    call                                                                                           \
    {                                                                                              \
        HD_UNREACHABLE("built without liburcu");                                                   \
    }
#pragma GCC diagnostic ignored "-Wunused-parameter"
void hd_urcu_destroy(struct hd_urcu *urcu)
{
    HD_ASSERT(!urcu);
}
UNREACHABLE(void hd_urcu_register(void))
UNREACHABLE(void hd_urcu_unregister(void))
UNREACHABLE(void hd_urcu_close(uint32_t nesting))
UNREACHABLE(void hd_urcu_reset(struct hd_urcu *urcu))
UNREACHABLE(void hd_urcu_read_lock(struct hd_urcu *urcu, hd_actor_id actor))
UNREACHABLE(void hd_urcu_read_unlock(struct hd_urcu *urcu, hd_actor_id actor))
UNREACHABLE(void hd_urcu_begin(struct hd_urcu *urcu, hd_actor_id actor))
UNREACHABLE(void hd_urcu_must_wait(struct hd_urcu *urcu, hd_actor_id actor))
UNREACHABLE(void hd_urcu_must_end(struct hd_urcu *urcu, hd_actor_id actor))
UNREACHABLE(void hd_urcu_call(struct hd_urcu *urcu, uint32_t number))
UNREACHABLE(void hd_urcu_not_called(struct hd_urcu *urcu, uint32_t number))
UNREACHABLE(void hd_urcu_called(struct hd_urcu *urcu, uint32_t number))

#endif
