/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Real liburcu as the witness of the engine's RCU.
 *
 * Readers: each actor's pthread registers with liburcu's memb flavour and makes its sections on it.
 * Updaters: for each synchronize_rcu() a pthread outside the engine enters liburcu's, at the moment
 * the engine's begins, and really sleeps.  The engine alone decides who runs; at each decision that
 * rests on a grace period the two are compared.  If liburcu has returned, or called back, when the
 * sections it must wait for are about to end, or if it does not once no section is open at all,
 * that is a bug in one of them, and HD_ASSERT says so.
 *
 * In between lies a freedom of liburcu's: it may also wait for sections that began later.  While
 * such a section is open nothing is asked of it, and its grace period goes on beside the execution;
 * all of them have to end before the next one.
 *
 * "Does not" is judged after WAIT_NS of real time: an assertion that fires late, never a verdict.
 */
#include "engine/rcu.h"

#if HD_WITH_URCU

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <urcu.h>

#include "base/alloc.h"
#include "base/assert.h"

#define WAIT_NS       INT64_C(20000000000)
#define CALLBACKS_MAX 1024u

/* Grace periods under way at once; those beyond go without a witness. */
#define GRACES_MAX 64

/* A pthread that can be asked for a grace period; made when it first is. */
struct grace {
    pthread_t thread;
    bool made, quit;
    bool busy;    /* has been asked, and nobody has seen it end */
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
    struct grace graces[GRACES_MAX];
    struct grace *of[HD_ACTORS_MAX]; /* each actor's latest; NULL: none, or none was free */
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
    for (unsigned i = 0; i < GRACES_MAX; i++) {
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
    for (unsigned i = 0; i < GRACES_MAX; i++) {
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
        grace->asked = false;
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

static struct grace *free_grace(struct hd_urcu *urcu)
{
    for (unsigned i = 0; i < GRACES_MAX; i++)
        if (!urcu->graces[i].busy)
            return &urcu->graces[i];
    return NULL;
}

void hd_urcu_begin(struct hd_urcu *urcu, hd_actor_id actor)
{
    struct grace *grace = free_grace(urcu);

    urcu->of[actor] = grace;
    if (!grace)
        return;
    if (!grace->made) {
        int failed = pthread_create(&grace->thread, NULL, grace_thread, grace);

        HD_ASSERT(!failed);
        grace->made = true;
    }
    pthread_mutex_lock(&grace->lock);
    grace->asked = grace->busy = true;
    grace->entered = grace->over = false;
    pthread_cond_broadcast(&grace->changed);
    wait_until(grace, &grace->entered);
    pthread_mutex_unlock(&grace->lock);
}

void hd_urcu_must_wait(struct hd_urcu *urcu, hd_actor_id actor)
{
    struct grace *grace = urcu->of[actor];

    if (!grace)
        return;
    pthread_mutex_lock(&grace->lock);
    HD_ASSERT(!grace->over); /* liburcu's grace period ended under open sections */
    pthread_mutex_unlock(&grace->lock);
}

static void see_the_end(struct grace *grace)
{
    pthread_mutex_lock(&grace->lock);
    wait_until(grace, &grace->over);
    pthread_mutex_unlock(&grace->lock);
    grace->busy = false;
}

void hd_urcu_end(struct hd_urcu *urcu, hd_actor_id actor, bool none_open)
{
    if (urcu->of[actor] && none_open)
        see_the_end(urcu->of[actor]);
    urcu->of[actor] = NULL;
}

static void note_called(struct rcu_head *head)
{
    struct callback *callback = (struct callback *)head; /* its first member */

    atomic_store(&callback->called, true);
}

void hd_urcu_call(struct hd_urcu *urcu, uint32_t number)
{
    struct callback *callback = &urcu->callbacks[number % CALLBACKS_MAX];

    if (number >= CALLBACKS_MAX && !atomic_load(&callback->called))
        return; /* still the one before: this one goes without a witness */
    atomic_store(&callback->called, false);
    urcu->callback_count++;
    call_rcu(&callback->head, note_called);
}

void hd_urcu_not_called(struct hd_urcu *urcu, uint32_t number)
{
    HD_ASSERT(!atomic_load(&urcu->callbacks[number % CALLBACKS_MAX].called));
}

void hd_urcu_called(struct hd_urcu *urcu, uint32_t number, bool none_open)
{
    struct callback *callback = &urcu->callbacks[number % CALLBACKS_MAX];
    struct timespec pause = { .tv_nsec = 20000 };

    if (!none_open)
        return;
    for (int64_t waited = 0; !atomic_load(&callback->called); waited += pause.tv_nsec) {
        HD_ASSERT(waited < WAIT_NS);
        nanosleep(&pause, NULL);
    }
}

void hd_urcu_reset(struct hd_urcu *urcu)
{
    for (unsigned i = 0; i < GRACES_MAX; i++)
        if (urcu->graces[i].busy)
            see_the_end(&urcu->graces[i]);
    memset(urcu->of, 0, sizeof urcu->of);
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
UNREACHABLE(void hd_urcu_end(struct hd_urcu *urcu, hd_actor_id actor, bool none_open))
UNREACHABLE(void hd_urcu_call(struct hd_urcu *urcu, uint32_t number))
UNREACHABLE(void hd_urcu_not_called(struct hd_urcu *urcu, uint32_t number))
UNREACHABLE(void hd_urcu_called(struct hd_urcu *urcu, uint32_t number, bool none_open))

#endif
