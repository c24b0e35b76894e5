/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The engine from inside: one execution's state.  Its public face is heddle.h and model.h.
 *
 *   engine.c    create, configure           names.c   of objects
 *   run.c       one execution from start to end
 *   actor.c     an actor's life              decide.c  who goes on
 *   step.h      a point: pend, point, touch, record
 *   edge.c      happens-before through shared memory
 *   thread.c    actors that others start
 *   access.c memory.c lock.c wait.c rcu.c disk.c call.c    one kind of operation each
 */
#ifndef HD_ENGINE_H
#define HD_ENGINE_H

#include <pthread.h>
#include <setjmp.h>

#include "engine/arena.h"
#include "engine/handover.h"
#include "heddle/heddle.h"
#include "trace/hb.h"

#define HD_STEP_LIMIT_MAX     1000000u
#define HD_STEP_LIMIT_DEFAULT 10000u
#define HD_HELD_MAX           32
#define HD_HOLDS_MAX          8
#define HD_NAMES_MAX          512
#define HD_CALLBACKS_MAX      256
#define HD_SITE_CACHE         1024 /* a power of two */
#define HD_SYNC_OBJECTS_MAX   16384
#define HD_ACTOR_NAME_BYTES   48

enum hd_actor_kind { HD_KIND_TASK, HD_KIND_SERVICE, HD_KIND_RCU, HD_KIND_FAULT, HD_KIND_THREAD };

/* A lock that an actor holds. */
struct hd_held {
    const void *lock;
    hd_object_id object;
    uint32_t since; /* step */
    bool shared;
};

struct hd_actor {
    struct hd_engine *engine;
    struct hd_view *view; /* its pending operation, as strategies see it */
    hd_actor_set bit;     /* 0 for set-up */
    hd_actor_id id;
    uint8_t kind; /* enum hd_actor_kind */
    uint8_t role, instance;
    bool quiet;     /* set-up and check: operations are carried out, and are no steps */
    bool active;    /* in the middle of its body */
    uint16_t depth; /* functions entered */

    /* The pending operation's memory, and what it waits for: see hd_can_go(). */
    const struct hd_object *object; /* NULL: none, or a wild pointer */
    const volatile void *address;
    uint64_t wanted; /* a ticket, a deadline, a number of callbacks */
    bool checked;    /* address must lie in a live object when the operation is carried out */
    /* If set, it says whether the pending operation can be carried out, instead of its kind. */
    bool (*ready)(const struct hd_actor *self);
    uint32_t late; /* step whose value is in memory only once its actor goes on; UINT32_MAX: none */
    uint32_t deeper; /* functions entered beyond `depth`, which only programs do */

    uint32_t execution; /* number of the one it takes part in */
    uint32_t rcu_nesting;
    uint32_t rcu_since; /* step that opened the outermost section; valid while nested */
    uint32_t held_count;
    uint32_t hold_count;
    hd_actor_set rcu_waits; /* for RCU_WAIT: sections that must end first */
    struct hd_held held[HD_HELD_MAX];
    const char *holds[HD_HOLDS_MAX];
    const struct hd_site *calls[HD_CALL_DEPTH_MAX];
    uint32_t landmark_hits[HD_LANDMARKS_MAX];

    jmp_buf base; /* where an abandoned body returns to */
    pthread_t thread;
    char token; /* its address stands for the actor's end, to TSan */
    char name[HD_ACTOR_NAME_BYTES];
    struct hd_context context;
};

/* Why the execution ended. */
enum hd_end {
    HD_END_NONE,
    HD_END_COMPLETE,
    HD_END_POWER_LOSS, /* what is left behind is no leak, nor is anything unfinished wrong */
    HD_END_QUIT,       /* nor if the process ended */
    HD_END_STUCK,
    HD_END_LIMIT,
    HD_END_VIOLATED,
    HD_END_CUT
};

struct hd_callback {
    void (*function)(void *);
    void *argument;
    hd_actor_set waits; /* sections that must end first */
    uint32_t clock;     /* in the happens-before pool */
};

/* What a lock, flag or count inside 16 bytes carries from who released it. */
struct hd_sync {
    uint32_t next;  /* in the chain of the same 16 bytes; 0: last */
    uint32_t clock; /* in the happens-before pool */
    uint16_t bytes; /* of the 16, bit by bit; 0: written over since */
};

struct hd_name {
    hd_object_id object;
    int32_t index;
    const char *name;
};

struct hd_engine;

/* What an oracle wants to be told while the execution runs; NULL: nothing.  Called on an actor's
 * stack, right after the step; may end the execution by hd_incident(). */
struct hd_watch {
    void (*access)(void *context, struct hd_actor *self, const volatile void *p, uint32_t step);
    void *access_context;
    void (*disk)(struct hd_engine *engine);
};

struct hd_engine {
    /* The event path, first. */
    hd_actor_set enabled;
    bool slow; /* every point must go the long way: launching, or sees_forced */
    bool hb_on;
    bool chosen; /* the step about to be taken was chosen among several */
    bool launching;
    uint8_t backend; /* enum hd_backend: the one in use */
    bool describe;
    hd_actor_set conditional; /* whose pending operation may be blocked */
    hd_actor_set optional;    /* fault actors */
    hd_actor_set yielding;
    struct hd_step *steps;
    struct hd_where *wheres;
    uint32_t length, step_limit;
    struct hd_strategy *strategy;
    struct hd_choice choice;
    struct hd_trace trace;
    struct hd_watch watch;
    struct hd_arena arena;
    struct hd_view views[HD_ACTORS_MAX + 1]; /* the last is set-up's, never shown */

    uint32_t tasks_live; /* started and not ended; services in the middle of an item */
    uint32_t launched;
    uint32_t execution;
    enum hd_end end;
    bool abandoning, quitting;
    bool recovering;            /* the durability oracle is asking */
    struct hd_verdict incident; /* holds: none yet */
    jmp_buf check_base;         /* where a violation in set-up or check returns to */

    uint64_t now;                    /* virtual, ns */
    uint32_t marks;                  /* bit i: mark i was reached */
    uint32_t armed;                  /* bit i: fault i happens */
    uint8_t role_live[HD_ROLES_MAX]; /* instances that have not ended */
    uint32_t callbacks_head, callbacks_tail;
    struct hd_callback callbacks[HD_CALLBACKS_MAX];

    /* Happens-before: what is carried by ends of read sections, ends of grace periods, callbacks
     * that have run, each start condition (by its number in the workload), each armed fault. */
    struct {
        uint32_t sections, graces, callbacks;
        uint32_t start[HD_AFTER_END + HD_ROLES_MAX];
        uint32_t arm[HD_FAULTS_MAX];
    } clocks;
    struct hd_sync *syncs; /* HD_SYNC_OBJECTS_MAX; entry 0 is none */
    uint32_t sync_count;
    struct hd_hb hb;
    struct hd_note *notes;
    uint32_t note_count, note_room;
    struct hd_name names[HD_NAMES_MAX];
    uint32_t name_count;
    /* Which landmark a site is: looked up by address, compared by name only once. */
    struct {
        const struct hd_site *site;
        int32_t landmark;
    } site_cache[HD_SITE_CACHE];

    struct hd_setting setting;
    uint32_t oracles; /* in force */
    void *state;
    unsigned actors, landmarks;
    unsigned created; /* pthreads */
    struct hd_engine_options options;
    struct hd_urcu *urcu; /* NULL unless options.liburcu */
    void *oracle_state;   /* the oracles', released by oracle_free */
    void (*oracle_free)(void *);
    char start_token;
    struct hd_context driver;
    struct hd_actor *actor[HD_ACTORS_MAX];
    struct hd_actor setup;
};

/* The actor that this thread is; the driver is set-up. */
extern __thread struct hd_actor *hd_current __attribute__((tls_model("initial-exec")));

/* engine.c: the setting's actors and arrays; execute/ adds the oracles. */
enum hd_error hd_engine_configure(struct hd_engine *engine, const struct hd_setting *setting,
                                  struct hd_diag *diag);

/* decide.c */
/* At a point that is not forced: decides, lets others run, and returns when this actor is to go on.
 */
void hd_switch_point(struct hd_actor *self);
/* Whom to hand over to now: the next to be launched, then the one that is decided on; the driver at
 * the end. */
struct hd_context *hd_go_to(struct hd_engine *engine);
struct hd_context *hd_launch_next(struct hd_engine *engine);

/* thread.c */
/* Its word; threads only. */
uint32_t *hd_thread_word(const struct hd_actor *thread);
/* Its pending operation is to begin. */
void hd_thread_reset(struct hd_actor *thread);
void hd_thread_body(struct hd_actor *self);

/* debugger.c: only with options.stops, when the actor has been given the word for its next step. */
void hd_stop_for_debugger(const struct hd_actor *self);

/* actor.c */
_Noreturn void hd_finish(struct hd_actor *self, enum hd_end end);
void *hd_actor_thread(void *actor);

/* edge.c: happens-before through the bytes of the pending operation. */
void hd_edge_join(struct hd_actor *self, const volatile void *p);
/* The release stays with what was released there before (a lock, a count, an atomic operation), or
 * replaces it (a store). */
void hd_edge_leave(struct hd_actor *self, const volatile void *p, bool replace);
/* A store that releases nothing: who reads it learns of nobody. */
void hd_edge_cut(struct hd_actor *self, const volatile void *p);

/* run.c */
/* Executes once, up to the end; what it was is in engine->end and ->incident. */
void hd_engine_run(struct hd_engine *engine, struct hd_strategy *strategy);
/* Runs the scenario's check(), after a complete execution; sets ->incident if it fails. */
void hd_engine_check(struct hd_engine *engine);

/* wait.c: can the pending operation of this actor be carried out now? */
bool hd_can_go(const struct hd_engine *engine, const struct hd_actor *actor);

/*
 * The program is wrong.  Does nothing if the oracle is not in force; else records the incident, the
 * first only, and ends the execution: it returns only in set-up.
 */
void hd_incident(struct hd_actor *self, enum hd_oracle oracle, const char *kind, const char *detail,
                 const struct hd_site *site, hd_object_id object, uint32_t other_step);
/* The pending operation's memory is not a live object: says how, and ends the execution. */
void hd_memory_incident(struct hd_actor *self);

/* Whom a blocked actor waits for. */
hd_actor_id hd_engine_holder(const struct hd_engine *engine, const struct hd_actor *blocked,
                             uint32_t *ret_since);

/* Fills in a site that is known by its address only. */
static inline void hd_locate(const struct hd_engine *engine, const struct hd_site *site)
{
    if (site && !site->function)
        engine->setting.scenario->image->locate(site);
}

/* TSan's edges, where it is linked in; in a runtime that is there in TSan's place, none. */
#ifdef HD_NATIVE
#define __tsan_acquire hd_no_tsan_acquire
#define __tsan_release hd_no_tsan_release
#define __tsan_init    hd_no_tsan_init
#endif
void __tsan_acquire(void *address) __attribute__((weak));
void __tsan_release(void *address) __attribute__((weak));
void AnnotateIgnoreReadsBegin(const char *file, int line) __attribute__((weak));
void AnnotateIgnoreReadsEnd(const char *file, int line) __attribute__((weak));

static inline void hd_tsan_acquire(void *address)
{
    if (__tsan_acquire)
        __tsan_acquire(address);
}

static inline void hd_tsan_release(void *address)
{
    if (__tsan_release)
        __tsan_release(address);
}

static inline __attribute__((always_inline)) void hd_hand_over(struct hd_engine *engine,
                                                               struct hd_context *from,
                                                               struct hd_context *to)
{
    if (engine->backend == HD_BACKEND_LIGHT) {
        hd_current = to->owner;
        hd_switch_stack(&from->stack_pointer, to->stack_pointer);
    } else if (engine->backend == HD_BACKEND_FIBER) {
        hd_hand_over_fiber(from, to);
    } else {
        hd_hand_over_thread(from, to);
    }
}

#endif
