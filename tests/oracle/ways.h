/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ways in which one actor may hand something to another, and which of them order the two.  The
 * race oracle is held to the table, and ThreadSanitizer.
 */
#ifndef HD_TESTS_WAYS_H
#define HD_TESTS_WAYS_H

#include "tiny.h"

enum way {
    NOTHING,
    MUTEX, /* both accesses under it */
    MUTEX_TRY,
    OTHER_MUTEX,
    SPIN,
    BIT,
    DOWN_READ,
    DOWN_WRITE,
    PLAIN_FLAG,
    MARKED_FLAG,
    ORDERED_FLAG, /* store-release, load-acquire */
    NEXT_FLAG,    /* in the word beside */
    ATOMIC_FLAG,
    FAILED_CMPXCHG,
    COMPLETE,
    COMPLETE_ALL,
    WAKE, /* and prepare_to_wait */
    REFERENCE,
    FAILED_TRYGET,
    SECTION, /* of RCU */
    GRACE,
    BARRIER,
    WAYS
};

struct way_state {
    struct hd_mutex mutex, other;
    struct hd_spinlock spin;
    struct hd_bitlock bit;
    struct hd_rwsem sem;
    uint32_t flag, next;
    struct hd_completion completion;
    struct hd_waitq queue;
    struct hd_refcount refs, none;
    uint32_t data;
};

enum { SEND, RECEIVE };

/* What an actor does in front of its access, */
static inline void way_before(struct way_state *s, enum way way, bool sends)
{
    switch (way) {
    case MUTEX:
        hd_mutex_lock(&s->mutex);
        break;
    case MUTEX_TRY:
        (void)hd_mutex_trylock(&s->mutex);
        break;
    case OTHER_MUTEX:
        hd_mutex_lock(&s->other);
        break;
    case SPIN:
        hd_spin_lock(&s->spin);
        break;
    case BIT:
        hd_bit_lock(&s->bit);
        break;
    case DOWN_READ:
        hd_down_read(&s->sem);
        break;
    case DOWN_WRITE:
        hd_down_write(&s->sem);
        break;
    case SECTION:
        hd_rcu_read_lock();
        break;
    default:
        if (sends)
            break;
        if (way == PLAIN_FLAG)
            (void)hd_load(&s->flag);
        else if (way == MARKED_FLAG)
            (void)hd_read_once(&s->flag);
        else if (way == ORDERED_FLAG)
            (void)hd_load_acquire(&s->flag);
        else if (way == NEXT_FLAG)
            (void)hd_load_acquire(&s->next);
        else if (way == ATOMIC_FLAG)
            hd_fetch_add(&s->flag, 1);
        else if (way == FAILED_CMPXCHG)
            hd_cmpxchg(&s->flag, 77, 78);
        else if (way == COMPLETE || way == COMPLETE_ALL)
            hd_wait_for_completion(&s->completion);
        else if (way == WAKE)
            (void)hd_prepare_(HD_SITE_("prepare"), &s->queue);
        else if (way == REFERENCE)
            (void)hd_put(&s->refs);
        else if (way == FAILED_TRYGET)
            (void)hd_tryget(&s->none);
        else if (way == GRACE)
            hd_synchronize_rcu();
        else if (way == BARRIER)
            hd_rcu_barrier();
        break;
    }
}

/* and behind it. */
static inline void way_behind(struct way_state *s, enum way way, bool sends)
{
    switch (way) {
    case MUTEX:
    case MUTEX_TRY:
        hd_mutex_unlock(&s->mutex);
        break;
    case OTHER_MUTEX:
        hd_mutex_unlock(&s->other);
        break;
    case SPIN:
        hd_spin_unlock(&s->spin);
        break;
    case BIT:
        hd_bit_unlock(&s->bit);
        break;
    case DOWN_READ:
        hd_up_read(&s->sem);
        break;
    case DOWN_WRITE:
        hd_up_write(&s->sem);
        break;
    case SECTION:
        hd_rcu_read_unlock();
        break;
    default:
        if (!sends)
            break;
        if (way == PLAIN_FLAG)
            hd_store(&s->flag, 1);
        else if (way == MARKED_FLAG)
            hd_write_once(&s->flag, 1);
        else if (way == ORDERED_FLAG)
            hd_store_release(&s->flag, 1);
        else if (way == NEXT_FLAG)
            hd_store_release(&s->next, 1);
        else if (way == ATOMIC_FLAG)
            hd_fetch_add(&s->flag, 1);
        else if (way == FAILED_CMPXCHG)
            hd_cmpxchg(&s->flag, 77, 78);
        else if (way == COMPLETE)
            hd_complete(&s->completion);
        else if (way == COMPLETE_ALL)
            hd_complete_all(&s->completion);
        else if (way == WAKE)
            hd_wake_up(&s->queue);
        else if (way == REFERENCE)
            (void)hd_put(&s->refs);
        else if (way == FAILED_TRYGET)
            (void)hd_tryget(&s->none);
        else if (way == GRACE)
            hd_synchronize_rcu();
        break;
    }
}

static inline void ways_setup(void *state)
{
    ((struct way_state *)state)->refs.count = 2;
}

static const struct hd_param_info way_params[] = {
    [SEND] = { "send", "", 0, 0, WAYS - 1, NULL },
    [RECEIVE] = { "receive", "", 0, 0, WAYS - 1, NULL },
    { NULL },
};

/* Is the receiver's access, all of it behind the sender's end, ordered? */
static const struct {
    uint8_t send, receive;
    bool ordered;
} ways[] = {
    { NOTHING, NOTHING, false },
    { MUTEX, MUTEX, true },
    { MUTEX, NOTHING, false },
    { NOTHING, MUTEX, false },
    { MUTEX, OTHER_MUTEX, false },
    { MUTEX_TRY, MUTEX, true },
    { MUTEX, MUTEX_TRY, true },
    { SPIN, SPIN, true },
    { SPIN, NOTHING, false },
    { NOTHING, SPIN, false },
    { SPIN, MUTEX, false },
    { BIT, BIT, true },
    { BIT, NOTHING, false },
    { NOTHING, BIT, false },
    { DOWN_WRITE, DOWN_READ, true },
    { DOWN_READ, DOWN_WRITE, true },
    { DOWN_WRITE, DOWN_WRITE, true },
    { DOWN_READ, NOTHING, false },
    { NOTHING, DOWN_WRITE, false },
    { MARKED_FLAG, MARKED_FLAG, false },
    { ORDERED_FLAG, ORDERED_FLAG, true },
    { ORDERED_FLAG, MARKED_FLAG, false },
    { MARKED_FLAG, ORDERED_FLAG, false },
    { NEXT_FLAG, NEXT_FLAG, true },
    { NEXT_FLAG, ORDERED_FLAG, false }, /* the word beside is another */
    { ORDERED_FLAG, NEXT_FLAG, false },
    { ATOMIC_FLAG, ATOMIC_FLAG, true },
    { ATOMIC_FLAG, ORDERED_FLAG, true },
    { ORDERED_FLAG, ATOMIC_FLAG, true },
    { ATOMIC_FLAG, MARKED_FLAG, false },
    { MARKED_FLAG, ATOMIC_FLAG, false },
    { FAILED_CMPXCHG, ORDERED_FLAG, false }, /* it only read */
    { ORDERED_FLAG, FAILED_CMPXCHG, true },
    { COMPLETE, COMPLETE, true },
    { COMPLETE_ALL, COMPLETE_ALL, true },
    { COMPLETE, NOTHING, false },
    { WAKE, WAKE, true },
    { WAKE, NOTHING, false },
    { NOTHING, WAKE, false },
    { REFERENCE, REFERENCE, true },
    { REFERENCE, NOTHING, false },
    { NOTHING, REFERENCE, false },
    { FAILED_TRYGET, FAILED_TRYGET, false },
    { SECTION, GRACE, true },
    { GRACE, SECTION, true },
    { SECTION, SECTION, false },
    { GRACE, GRACE, false },
    { SECTION, BARRIER, false }, /* a barrier is no grace period */
    { SECTION, NOTHING, false },
};
#define WAY_ROWS (sizeof ways / sizeof *ways)

#endif
