/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Traces: what one execution did.  Shared by the people who write models, strategies and oracles.
 *
 * A trace is two parallel arrays.  steps[] is the meaning: fixed-width records that the digest
 * covers byte for byte.  wheres[] says where in the source each step stands; no digest sees it.
 */
#ifndef HD_TRACE_H
#define HD_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint8_t hd_actor_id;
#define HD_ACTORS_MAX 64
#define HD_ACTOR_NONE 0xff
/* Set-up runs as this one: it allocates, but takes no step. */
#define HD_ACTOR_SETUP HD_ACTORS_MAX

/* A set of actors, bit i for actor i. */
typedef uint64_t hd_actor_set;

static inline hd_actor_set hd_actor_bit(hd_actor_id actor)
{
    return (hd_actor_set)1 << actor;
}

/*
 * How an operation relates to others; trace/depend.c gives each class its row.  An attempt that
 * failed (outcome 0) counts as a READ if its class is WRITE.
 *   READ     commutes with itself          WRITE    conflicts with all but NONE on the same bytes
 *   SHARED   shared lock: taking and dropping it commute with each other
 *   FREE     conflicts with every access to any part of the allocation
 *   READER, GRACE   the two sides of RCU: a section's edges against a grace period's
 *   CALL     queues an RCU callback: callbacks run in the order in which they were queued
 *   IMAGE    writes a disk: recovery looks at the whole image, so two writes of one disk conflict
 *   SLEEP, CLOCK    moving the virtual clock, and reading it
 *   MARK, START     what may make a start condition true, and an actor that had one
 *   ASK, ARM        of one fault: value is its index
 *   CRASH    conflicts with all but NONE, whatever the object
 *   NONE     conflicts with nothing (an allocation, a step of its own)
 *
 * The one list of operations: name, word in case files and reports, class.
 */
#define HD_OPS(X)                                                                                  \
    X(LOAD, "load", READ)        /* plain */                                                       \
    X(STORE, "store", WRITE)     /* plain */                                                       \
    X(READ, "read", READ)        /* marked: READ_ONCE */                                           \
    X(WRITE, "write", WRITE)     /* marked: WRITE_ONCE */                                          \
    X(ACQUIRE, "acquire", READ)  /* load-acquire, rcu_dereference */                               \
    X(RELEASE, "release", WRITE) /* store-release, rcu_assign_pointer */                           \
    X(RMW, "rmw", WRITE)         /* atomic read-modify-write, fully ordered */                     \
    X(LOCK, "lock", WRITE)                                                                         \
    X(TRYLOCK, "trylock", WRITE) /* a failed one is a READ */                                      \
    X(UNLOCK, "unlock", WRITE)                                                                     \
    X(WRITE_LOCK, "write-lock", WRITE)                                                             \
    X(READ_LOCK, "read-lock", SHARED)                                                              \
    X(READ_UNLOCK, "read-unlock", SHARED)                                                          \
    X(QUEUE_LOCK, "queue-lock", WRITE) /* joins a fair lock's queue of waiters */                  \
    X(PREPARE, "prepare", WRITE)       /* prepare_to_wait */                                       \
    X(WAIT, "wait", WRITE)             /* asleep until woken */                                    \
    X(WAKE, "wake", WRITE)                                                                         \
    X(COMPLETE, "complete", WRITE)                                                                 \
    X(AWAIT, "await", WRITE) /* wait_for_completion */                                             \
    X(PUSH, "push", WRITE)   /* gives a service an item */                                         \
    X(SERVE, "serve", WRITE) /* a service takes its next item */                                   \
    X(ALLOC, "alloc", NONE)                                                                        \
    X(FREE, "free", FREE)                                                                          \
    X(GET, "get", WRITE)       /* reference counts */                                              \
    X(TRYGET, "tryget", WRITE) /* a failed one is a READ */                                        \
    X(PUT, "put", WRITE)                                                                           \
    X(RCU_LOCK, "rcu-lock", READER)                                                                \
    X(RCU_UNLOCK, "rcu-unlock", READER)                                                            \
    X(RCU_SYNC, "rcu-sync", GRACE) /* a grace period begins */                                     \
    X(RCU_WAIT, "rcu-wait", GRACE) /* and has elapsed */                                           \
    X(RCU_CALL, "rcu-call", CALL)                                                                  \
    X(DISK_READ, "disk-read", READ)                                                                \
    X(DISK_WRITE, "disk-write", IMAGE)                                                             \
    X(POWER_LOSS, "power-loss", CRASH)                                                             \
    X(FAULT, "fault", ASK)   /* asks whether a fault is armed */                                   \
    X(ARM, "arm", ARM)       /* a fault actor's only step */                                       \
    X(SLEEP, "sleep", SLEEP) /* on the virtual clock */                                            \
    X(CLOCK, "clock", CLOCK)                                                                       \
    X(MARK, "mark", MARK)    /* a named event, for start conditions */                             \
    X(START, "start", START) /* an actor whose start condition has come true */                    \
    X(YIELD, "yield", NONE)                                                                        \
    X(STEP, "step", NONE) /* a bare point */                                                       \
    X(SPAWN, "spawn", WRITE) /* makes a thread able to begin */                                    \
    X(BEGIN, "begin", WRITE) /* a thread's first step */                                           \
    X(EXIT, "exit", WRITE)   /* a thread's last step */                                            \
    X(JOIN, "join", WRITE)   /* a thread has been seen to have ended */                            \
    X(PASS, "pass", READ)    /* a barrier that has opened */                                       \
    X(QUIT, "quit", CRASH)   /* the process ends, whatever others are doing */

enum hd_op {
#define HD_OP_ENUM(name, word, class) HD_OP_##name,
    HD_OPS(HD_OP_ENUM)
#undef HD_OP_ENUM
        HD_OP_COUNT
};

/* The word for an operation; "?" outside the list. */
const char *hd_op_word(enum hd_op op);

/*
 * An object's identity: who allocated it, the how-manieth of that actor's allocations it is, and
 * the byte inside it.  Never an address, so equal on every machine.
 *   bits 31..25 allocating actor (HD_ACTOR_SETUP for set-up), 24..13 number, 12..0 byte
 */
typedef uint32_t hd_object_id;
#define HD_OBJECT_NONE           UINT32_MAX /* the operation has no object, or a wild pointer */
#define HD_OBJECT_BYTES_MAX      8192u
#define HD_OBJECTS_PER_ACTOR_MAX 4096u

static inline hd_object_id hd_object_make(uint32_t actor, uint32_t number, uint32_t byte)
{
    return actor << 25 | number << 13 | byte;
}
static inline uint32_t hd_object_actor(hd_object_id id)
{
    return id >> 25;
}
static inline uint32_t hd_object_number(hd_object_id id)
{
    return id >> 13 & 0xfff;
}
static inline uint32_t hd_object_byte(hd_object_id id)
{
    return id & 0x1fff;
}
/* The allocation alone, so that two fields of one object compare equal. */
static inline uint32_t hd_object_allocation(hd_object_id id)
{
    return id >> 13;
}

/* A value that points into the arena is stored as this tag and the identity it points to. */
#define HD_VALUE_POINTER UINT64_C(0x6864000000000000)

/*
 * One step, as the digest sees it.  value is what was read, written or handed over; outcome is
 * 1, or 0 for an attempt that failed (a trylock, a tryget, a compare-and-exchange, a fault that is
 * not armed).  bytes is the width of the access.
 */
struct hd_step {
    hd_actor_id actor;
    uint8_t op; /* enum hd_op */
    uint8_t bytes;
    uint8_t outcome;
    hd_object_id object;
    uint64_t value;
};

/* A place in the source, captured by the API's macros; constant, one for each call written. */
struct hd_site {
    const char *function;
    const char *file; /* as the compiler was given it, build-relative */
    const char *what; /* the code as written, or the name given to HD_CALL */
    uint32_t line;
};

struct hd_where {
    const struct hd_site *site;
    uint16_t depth;  /* functions entered by HD_CALL around it, at most HD_CALL_DEPTH_MAX */
    uint16_t choice; /* 1 if this step was chosen among several, 0 if it was forced */
};

/*
 * HD_CALL entered or left a function.  A note belongs before the step `at`, and to the actor: it
 * happened in its own code, so it has no order against other actors' notes.
 */
struct hd_note {
    const struct hd_site *site;
    uint32_t at;
    hd_actor_id actor;
    bool enter;
    uint16_t depth; /* of the function itself: 0 is outermost */
};

/* One execution's record; borrowed from the engine, valid until its next execution. */
struct hd_trace {
    const struct hd_step *steps;
    const struct hd_where *wheres;
    const struct hd_note *notes;
    uint32_t length;      /* steps */
    uint32_t note_count;  /* 0 unless the execution was asked to describe itself */
    uint32_t choices;     /* points at which two or more actors were enabled */
    uint32_t preemptions; /* switches away from an actor that could have gone on */
};

/*
 * Do two steps conflict: could exchanging them, were they adjacent, change what follows?  The one
 * definition, shared by partial-order strategies, proof, race oracle and minimiser.  Symmetric.
 * Steps of one actor always conflict.  Cost: a table look-up.
 */
bool hd_conflict(const struct hd_step *a, const struct hd_step *b);

/*
 * The same for operations that are still pending: outcome and value are not known yet, so an
 * attempt that may succeed counts as one that does.
 */
bool hd_may_conflict(const struct hd_step *a, const struct hd_step *b);

#ifdef __cplusplus
}
#endif
#endif
