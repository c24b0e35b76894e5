/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * For people who write models: actors, points, locks, waits, RCU, memory, checks.
 *
 * An actor is plain C.  It touches shared state only through this header; each call is a point
 * *before* the operation, where the engine may let another actor run.  What lies between two calls
 * is not interrupted.  Use at most one call of this header in an expression: C leaves the order of
 * evaluation open, and a schedule must not depend on it.
 *
 * Shared state lives in memory that the set-up or an actor allocated here, never in globals: the
 * engine forgets it between executions, and finds in it every use after free.
 *
 * In set-up the same calls work and are no points.
 */
#ifndef HD_MODEL_H
#define HD_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "heddle/kernel_map.h"
#include "heddle/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Where a call stands: captured at compile time, nothing is built while running ---------- */

#define HD_SITE_(what_)                                                                            \
    (__extension__({                                                                               \
        static const struct hd_site hd_site_ = { __func__, __FILE__, what_, __LINE__ };            \
        &hd_site_;                                                                                 \
    }))

/*
 * Marks that this function has been entered, until its end.  Gives reports their indentation and
 * schedules their landmarks; it is no point.  First statement of a function, with the kernel's
 * name.
 */
#define HD_CALL(name)                                                                              \
    __attribute__((cleanup(hd_call_leave_), unused)) const struct hd_site *hd_call_ =              \
        hd_call_enter_(HD_SITE_(name))

const struct hd_site *hd_call_enter_(const struct hd_site *site);
void hd_call_leave_(const struct hd_site *const *site);

/* ---- Shared accesses ------------------------------------------------------------------------ */

/*
 * p points to an integer, an enumeration or a pointer, of 1, 2, 4 or 8 bytes.
 *   plain     hd_load, hd_store: what the race oracle judges
 *   marked    hd_read_once, hd_write_once: a point and a conflict, never a race among themselves
 *   ordered   hd_load_acquire, hd_store_release, and every hd_rmw_*: marked, and they order
 * Who acquires learns what was released by the value it reads: a store over it hides it.
 */
#define HD_CAST_(p, value) ((__typeof__(*(p)))(value))
/* Operation and width as struct hd_step holds them: put together here, not on the event path. */
#define HD_HEAD_(op, p)            ((uint32_t)HD_OP_##op << 8 | (uint32_t)sizeof *(p) << 16)
#define HD_READ_(op, p)            HD_CAST_(p, hd_access_read_(HD_SITE_(#p), HD_HEAD_(op, p), (p)))
#define HD_WRITE_(op, p, v)                                                                        \
    hd_access_write_(HD_SITE_(#p " = " #v), HD_HEAD_(op, p), (p), (uint64_t)HD_CAST_(p, v))
#define HD_RMW_(kind, p, a, b)                                                                     \
    (__extension__({                                                                               \
        __typeof__(*(p)) hd_before_ =                                                              \
            HD_CAST_(p, hd_access_rmw_(HD_SITE_(#p), HD_HEAD_(RMW, p), (kind), (p),                \
                                       (uint64_t)HD_CAST_(p, a), (uint64_t)HD_CAST_(p, b)));       \
        hd_before_;                                                                                \
    }))

#define hd_load(p)             HD_READ_(LOAD, p)
#define hd_store(p, v)         HD_WRITE_(STORE, p, v)
#define hd_read_once(p)        HD_READ_(READ, p)
#define hd_write_once(p, v)    HD_WRITE_(WRITE, p, v)
#define hd_load_acquire(p)     HD_READ_(ACQUIRE, p)
#define hd_store_release(p, v) HD_WRITE_(RELEASE, p, v)

enum hd_rmw { HD_RMW_XCHG, HD_RMW_CMPXCHG, HD_RMW_ADD, HD_RMW_OR, HD_RMW_AND };
/* Each returns the value before. */
#define hd_xchg(p, v)            HD_RMW_(HD_RMW_XCHG, p, v, 0)
#define hd_cmpxchg(p, old, new_) HD_RMW_(HD_RMW_CMPXCHG, p, old, new_)
#define hd_fetch_add(p, v)       HD_RMW_(HD_RMW_ADD, p, v, 0)
#define hd_fetch_or(p, v)        HD_RMW_(HD_RMW_OR, p, v, 0)
#define hd_fetch_and(p, v)       HD_RMW_(HD_RMW_AND, p, v, 0)

uint64_t hd_access_read_(const struct hd_site *, uint32_t head, const volatile void *p);
void hd_access_write_(const struct hd_site *, uint32_t head, volatile void *p, uint64_t v);
uint64_t hd_access_rmw_(const struct hd_site *, uint32_t head, enum hd_rmw, volatile void *p,
                        uint64_t a, uint64_t b);

/* A point by itself, with no effect and no conflict. */
#define hd_step() hd_step_(HD_SITE_("step"))
void hd_step_(const struct hd_site *);
/* For spin loops: a point at which the actor is passed over until each other that could go on has
 * taken a step, or cannot any more. */
#define hd_yield() hd_yield_(HD_SITE_("yield"))
void hd_yield_(const struct hd_site *);

/* ---- Memory --------------------------------------------------------------------------------- */

/*
 * Freed memory stays poisoned until the execution ends, and is reused only under the option for ABA
 * bugs.  hd_alloc fills with 0xa5, hd_zalloc with zeroes.  1 .. HD_OBJECT_BYTES_MAX bytes; neither
 * fails.  A leak is an object never freed that `hd_owned` was not called on.
 */
#define hd_alloc(bytes)  hd_alloc_(HD_SITE_("alloc"), (bytes), 0xa5)
#define hd_zalloc(bytes) hd_alloc_(HD_SITE_("zalloc"), (bytes), 0)
#define hd_new(type)     ((type *)hd_alloc_(HD_SITE_("new " #type), sizeof(type), 0))
#define hd_free(p)       hd_free_(HD_SITE_("free(" #p ")"), (p))
void *hd_alloc_(const struct hd_site *, size_t bytes, unsigned char fill);
void hd_free_(const struct hd_site *, void *p);
/* The object outlives the execution by design: no leak if it is still there.  No point. */
void hd_owned(const void *p);
/* Gives an address inside an object a name for reports and schedules: "folio", or "folio[2]" with
 * index 2; index -1 for none.  name must be a constant.  No point; costs nothing in a search. */
void hd_name(const void *p, const char *name, int index);

/* ---- Locks.  Zeroed memory is an unlocked lock. ---------------------------------------------- */

/* Every one fills 16 bytes, aligned to 16: the engine keeps what it knows of it beside the arena.
 */
struct hd_mutex {
    uint32_t held; /* 0, or the owner + 1 */
} __attribute__((aligned(16)));

/* Unlocking what one does not hold is a verdict, "unlock-unheld". */
#define hd_mutex_lock(m)    hd_lock_(HD_SITE_("mutex_lock(" #m ")"), &(m)->held)
#define hd_mutex_trylock(m) hd_trylock_(HD_SITE_("mutex_trylock(" #m ")"), &(m)->held)
#define hd_mutex_unlock(m)  hd_unlock_(HD_SITE_("mutex_unlock(" #m ")"), &(m)->held, true)

struct hd_spinlock {
    uint32_t held;
} __attribute__((aligned(16)));
#define hd_spin_lock(m)    hd_lock_(HD_SITE_("spin_lock(" #m ")"), &(m)->held)
#define hd_spin_trylock(m) hd_trylock_(HD_SITE_("spin_trylock(" #m ")"), &(m)->held)
#define hd_spin_unlock(m)  hd_unlock_(HD_SITE_("spin_unlock(" #m ")"), &(m)->held, true)

/*
 * A lock that is one bit of an object's flags, as PG_locked and BH_Lock are.  Anybody may unlock
 * it.  A waiter holds no reference while asleep: if the object is freed meanwhile, its next step
 * touches freed memory, and that is the verdict.
 */
struct hd_bitlock {
    uint32_t held; /* 0, or the locker + 1 */
} __attribute__((aligned(16)));
#define hd_bit_lock(m)    hd_lock_(HD_SITE_("bit_lock(" #m ")"), &(m)->held)
#define hd_bit_trylock(m) hd_trylock_(HD_SITE_("bit_trylock(" #m ")"), &(m)->held)
#define hd_bit_unlock(m)  hd_unlock_(HD_SITE_("bit_unlock(" #m ")"), &(m)->held, false)
/* A marked read of the bit, by anybody. */
#define hd_bit_is_locked(m) (hd_read_once(&(m)->held) != 0)

void hd_lock_(const struct hd_site *, uint32_t *held);
bool hd_trylock_(const struct hd_site *, uint32_t *held);
void hd_unlock_(const struct hd_site *, uint32_t *held, bool owner_only);

/*
 * Readers and one writer.  With `fair` set, a writer that has to wait queues (an operation of its
 * own), and readers who come later wait behind it, as in the kernel.
 */
struct hd_rwsem {
    uint32_t writer;  /* 0, or the owner + 1 */
    uint16_t readers; /* how many hold it */
    uint8_t queued;   /* writers waiting in the queue; only used if fair */
    uint8_t fair;
} __attribute__((aligned(16)));
#define hd_down_read(s)          hd_down_read_(HD_SITE_("down_read(" #s ")"), (s))
#define hd_down_read_trylock(s)  hd_down_read_trylock_(HD_SITE_("down_read_trylock(" #s ")"), (s))
#define hd_up_read(s)            hd_up_read_(HD_SITE_("up_read(" #s ")"), (s))
#define hd_down_write(s)         hd_down_write_(HD_SITE_("down_write(" #s ")"), (s))
#define hd_down_write_trylock(s) hd_down_write_trylock_(HD_SITE_("down_write_trylock(" #s ")"), (s))
#define hd_up_write(s)           hd_up_write_(HD_SITE_("up_write(" #s ")"), (s))
void hd_down_read_(const struct hd_site *, struct hd_rwsem *);
bool hd_down_read_trylock_(const struct hd_site *, struct hd_rwsem *);
void hd_up_read_(const struct hd_site *, struct hd_rwsem *);
void hd_down_write_(const struct hd_site *, struct hd_rwsem *);
bool hd_down_write_trylock_(const struct hd_site *, struct hd_rwsem *);
void hd_up_write_(const struct hd_site *, struct hd_rwsem *);

/* ---- Waiting --------------------------------------------------------------------------------- */

/* A wait queue: generation counts wake-ups. */
struct hd_waitq {
    uint32_t generation;
} __attribute__((aligned(16)));
/* As wait_event(): prepare, look, sleep until woken, look again.  `condition` may use this API. */
#define hd_wait_event(q, condition)                                                                \
    do {                                                                                           \
        uint32_t hd_ticket_ = hd_prepare_(HD_SITE_("prepare_to_wait(" #q ")"), (q));               \
        if (condition)                                                                             \
            break;                                                                                 \
        hd_wait_(HD_SITE_("schedule() on " #q), (q), hd_ticket_);                                  \
    } while (1)
/* Wakes all who have prepared. */
#define hd_wake_up(q) hd_wake_(HD_SITE_("wake_up(" #q ")"), (q))
uint32_t hd_prepare_(const struct hd_site *, struct hd_waitq *);
void hd_wait_(const struct hd_site *, struct hd_waitq *, uint32_t ticket);
void hd_wake_(const struct hd_site *, struct hd_waitq *);

struct hd_completion {
    uint32_t done; /* how many may pass; UINT32_MAX: everybody, for ever */
} __attribute__((aligned(16)));
#define hd_complete(c)            hd_complete_(HD_SITE_("complete(" #c ")"), (c), false)
#define hd_complete_all(c)        hd_complete_(HD_SITE_("complete_all(" #c ")"), (c), true)
#define hd_wait_for_completion(c) hd_await_(HD_SITE_("wait_for_completion(" #c ")"), (c))
void hd_complete_(const struct hd_site *, struct hd_completion *, bool all);
void hd_await_(const struct hd_site *, struct hd_completion *);

/* What a service serves, first in, first out.  hd_push orders: the service sees what came before.
 */
#define HD_QUEUE_MAX 62
struct hd_queue {
    uint32_t head, tail; /* items head .. tail - 1, each modulo HD_QUEUE_MAX; never wrap */
    void *items[HD_QUEUE_MAX];
} __attribute__((aligned(16)));
#define hd_push(q, item) hd_push_(HD_SITE_("push(" #q ")"), (q), (item))
void hd_push_(const struct hd_site *, struct hd_queue *, void *item);

/* ---- Reference counts ------------------------------------------------------------------------ */

/* Getting from zero, and putting below it, are verdicts ("refcount-resurrected", "-underflow"). */
struct hd_refcount {
    int32_t count;
} __attribute__((aligned(16)));
#define hd_get(r)      hd_get_(HD_SITE_("get(" #r ")"), (r))
#define hd_tryget(r)   hd_tryget_(HD_SITE_("tryget(" #r ")"), (r)) /* false if it was zero */
#define hd_put(r)      hd_put_(HD_SITE_("put(" #r ")"), (r))       /* true if this was the last */
#define hd_ref_read(r) hd_read_once(&(r)->count)
void hd_get_(const struct hd_site *, struct hd_refcount *);
bool hd_tryget_(const struct hd_site *, struct hd_refcount *);
bool hd_put_(const struct hd_site *, struct hd_refcount *);

/* ---- RCU ------------------------------------------------------------------------------------- */

/* Sections nest.  A grace period that begins now waits for every section now open. */
#define hd_rcu_read_lock()   hd_rcu_read_lock_(HD_SITE_("rcu_read_lock()"))
#define hd_rcu_read_unlock() hd_rcu_read_unlock_(HD_SITE_("rcu_read_unlock()"))
#define hd_synchronize_rcu() hd_synchronize_rcu_(HD_SITE_("synchronize_rcu()"))
/* fn(argument) runs after a grace period, in the service actor "rcu", which such a scenario gets.
 */
#define hd_call_rcu(fn, argument) hd_call_rcu_(HD_SITE_("call_rcu(" #fn ")"), (fn), (argument))
/* Waits until all callbacks queued so far have run. */
#define hd_rcu_barrier()            hd_rcu_barrier_(HD_SITE_("rcu_barrier()"))
#define hd_rcu_dereference(p)       HD_READ_(ACQUIRE, p)
#define hd_rcu_assign_pointer(p, v) HD_WRITE_(RELEASE, p, v)
void hd_rcu_read_lock_(const struct hd_site *);
void hd_rcu_read_unlock_(const struct hd_site *);
void hd_synchronize_rcu_(const struct hd_site *);
void hd_call_rcu_(const struct hd_site *, void (*fn)(void *), void *argument);
void hd_rcu_barrier_(const struct hd_site *);

/* ---- Disk, power, time, faults --------------------------------------------------------------- */

/*
 * A disk image: one value a block, what a power loss at this instant would leave.  Allocate it
 * with hd_disk_new(blocks); blocks are 0 .. count - 1.
 */
struct hd_disk {
    uint32_t count;
    uint32_t reserved;
    uint64_t block[];
};
struct hd_disk *hd_disk_new(uint32_t count);
#define hd_disk_read(d, n)     hd_disk_read_(HD_SITE_("disk read " #n), (d), (n))
#define hd_disk_write(d, n, v) hd_disk_write_(HD_SITE_("disk write " #n), (d), (n), (v))
uint64_t hd_disk_read_(const struct hd_site *, struct hd_disk *, uint32_t block);
void hd_disk_write_(const struct hd_site *, struct hd_disk *, uint32_t block, uint64_t value);
/* The power fails here: the execution ends, and the scenario's recovery is judged. */
#define hd_power_loss() hd_power_loss_(HD_SITE_("power loss"))
void hd_power_loss_(const struct hd_site *);

/*
 * Virtual time, in nanoseconds, 0 at the start.  A sleeper wakes when its deadline is the earliest
 * of all sleepers' and it is chosen; the clock then jumps to that deadline.  Steps take no time.
 */
#define hd_sleep(ns) hd_sleep_(HD_SITE_("sleep"), (ns))
#define hd_now()     hd_now_(HD_SITE_("now"))
void hd_sleep_(const struct hd_site *, uint64_t nanoseconds);
uint64_t hd_now_(const struct hd_site *);

/*
 * Does the fault happen here?  id indexes the scenario's faults[].  The workload key of that name
 * says off (never), on (always), or choice: then an actor of the same name arms it, if and when it
 * is scheduled, and the fault happens from there on.
 */
#define hd_fault(id) hd_fault_(HD_SITE_("fault " #id), (id))
bool hd_fault_(const struct hd_site *, unsigned id);

/* A named event, for start conditions such as `reclaimer.after=first-pin`; id indexes marks[]. */
#define hd_mark(id) hd_mark_(HD_SITE_("mark " #id), (id))
void hd_mark_(const struct hd_site *, unsigned id);

/* ---- Threads: actors that begin when another one says so ------------------------------------- */

/*
 * Actors of roles of kind HD_THREAD.  The word is the thread's own: zeroed memory in the state, 4
 * bytes, at the role's queue_offset + 16 * instance.  hd_spawn() lets an instance begin that has
 * not begun before; hd_join() waits for its end.  Both order as pthread_create() and
 * pthread_join() do.
 */
#define hd_spawn(actor) hd_spawn_(HD_SITE_("spawn " #actor), (actor))
#define hd_join(actor)  hd_join_(HD_SITE_("join " #actor), (actor))
void hd_spawn_(const struct hd_site *, hd_actor_id actor);
void hd_join_(const struct hd_site *, hd_actor_id actor);

/* ---- Checks ---------------------------------------------------------------------------------- */

/*
 * The program under test is wrong: the execution ends here with this verdict.  kind is one of the
 * scenario's kinds[] ("buffers-missing"), detail a sentence; both constants.
 */
#define HD_CHECK(condition, kind, detail)                                                          \
    do {                                                                                           \
        if (!(condition))                                                                          \
            hd_violation_(HD_SITE_(#condition), (kind), (detail));                                 \
    } while (0)
void hd_violation_(const struct hd_site *, const char *kind, const char *detail);

/*
 * For a function that only a check needs: it looks at, or keeps, what the program under test does
 * not have or does not look at there ("ghost state").  Its plain accesses are no points and none
 * of ThreadSanitizer's business.  What it decides must be a matter of a verdict, never of what an
 * actor does next: no search knows what it has read.
 */
#define HD_GHOST __attribute__((noinline, no_sanitize("thread")))

/* Things an actor must not end with, beyond locks: an open transaction, a pinned page.  No point.
 */
void hd_hold(const char *what);
void hd_release(const char *what);

/* ---- What a model may ask -------------------------------------------------------------------- */

hd_actor_id hd_self(void);
/* The value of the scenario's params[key]. */
uint64_t hd_param(unsigned key);
/* The index in the scenario's variants[]. */
unsigned hd_variant(void);
/* The state that set-up was given. */
void *hd_state(void);

/* ---- A scenario ------------------------------------------------------------------------------ */

#define HD_PARAMS_MAX    24
#define HD_VARIANTS_MAX  8
#define HD_ROLES_MAX     12
#define HD_FAULTS_MAX    8
#define HD_MARKS_MAX     16
#define HD_KINDS_MAX     16
#define HD_WORKLOADS_MAX 24
#define HD_EXPECTS_MAX   8

/* broken: some schedule violates.  fixed, positive: none does, at the declared workloads. */
enum hd_standing { HD_BROKEN, HD_FIXED, HD_POSITIVE, HD_MUTANT };

struct hd_variant_info {
    const char *name;
    const char *summary; /* what is ordered how, and in which kernels */
    enum hd_standing standing;
};

/* A workload key.  With words, values are 0 .. n - 1 and are written as the words. */
struct hd_param_info {
    const char *name;
    const char *summary;      /* with the unit */
    uint64_t value, min, max; /* value: the default */
    const char *const *words; /* NULL, or max + 1 of them */
};

enum hd_role_kind {
    HD_TASK,    /* must end */
    HD_SERVICE, /* serve() is called for each item of its queue; idle at the end is no deadlock */
    HD_THREAD,  /* a task that begins when hd_spawn() says so, and may never */
};

struct hd_role_info {
    const char *name;
    const char *summary;
    enum hd_role_kind kind;
    void (*run)(void *state, unsigned instance); /* a task */
    void (*serve)(void *state, void *item);      /* a service */
    size_t queue_offset; /* in the state: of a service's struct hd_queue, of the threads' words */
    /* How many there are: params[count_param - 1] if that isn't 0, else one. */
    unsigned count_param;
    const char *started; /* default start condition (a mark or ROLE.end), or NULL */
    bool off;            /* off by default */
};

/* names[i]: the function that stands there in variant i; NULL if that variant has none. */
struct hd_landmark_info {
    const char *name;
    const char *names[HD_VARIANTS_MAX];
};

/* A named set of workload keys, "pos=0 copied=0", and what is to be expected of each variant. */
struct hd_expect_info {
    const char *variant;
    const char *kind; /* "holds", or a kind of violation that some schedule shows */
    const char *site; /* its function; NULL with "holds" */
};
struct hd_workload_info {
    const char *name;
    const char *summary;
    const char *keys;
    struct hd_expect_info expects[HD_EXPECTS_MAX]; /* ends with a NULL variant */
};

/* Oracles, a bit each; oracle/registry.c says what each judges. */
#define HD_ORACLES(X)                                                                              \
    X(PROPERTY, "property", "the scenario's own checks")                                           \
    X(MEMORY, "memory", "use after free, double free, wild and null pointers, overflow, leaks")    \
    X(RACE, "race", "two conflicting accesses, one of them plain, unordered by happens-before")    \
    X(DEADLOCK, "deadlock", "tasks that can never go on")                                          \
    X(LIVELOCK, "livelock", "no end within the step limit")                                        \
    X(BALANCE, "balance", "locks, read sections, references or holds left at an actor's end")      \
    X(DURABILITY, "durability", "what a power loss after any step would leave")
enum hd_oracle {
#define HD_ORACLE_ENUM(name, word, summary) HD_ORACLE_##name,
    HD_ORACLES(HD_ORACLE_ENUM)
#undef HD_ORACLE_ENUM
        HD_ORACLE_COUNT
};
#define HD_ORACLE_BIT(name) (1u << HD_ORACLE_##name)
#define HD_ORACLES_ALL      ((1u << HD_ORACLE_COUNT) - 1)

/* How sure the modelled facts are; reports say so.  The one list: name, word, in words. */
#define HD_EVIDENCES(X)                                                                            \
    X(READ_IN_SOURCE, "read-in-source", "read in the source")                                      \
    X(STATED_IN_MAIL, "stated-in-mail", "stated in a mail")                                        \
    X(DERIVED, "derived", "derived, not confirmed by a maintainer")                                \
    X(MEASURED, "measured", "measured on a stock kernel")                                          \
    X(SYNTHETIC, "synthetic", "synthetic, a textbook example")                                    \
    X(EXECUTED, "executed", "the program itself, executed")
enum hd_evidence {
#define HD_EVIDENCE_ENUM(name, word, sentence) HD_##name,
    HD_EVIDENCES(HD_EVIDENCE_ENUM)
#undef HD_EVIDENCE_ENUM
};

/*
 * Memory that the execution does not own, and that is shared all the same: a program's variables.
 * Its objects are pieces of HD_OBJECT_BYTES_MAX, always alive.
 */
#define HD_IMAGE_BYTES_MAX (UINT32_C(23) << 20)
struct hd_image {
    void *base;   /* a multiple of 16 */
    size_t bytes; /* at most HD_IMAGE_BYTES_MAX */
    bool own_tls; /* its threads need thread-local storage of their own */
    /* Fills in a site whose function is NULL: it was only known by its address. */
    void (*locate)(const struct hd_site *site);
    /* "counter", "table+16" for what lies so many bytes behind base; as snprintf. */
    int (*name)(size_t offset, char *text, size_t bytes);
};

/* What the model is, for docs/models.md and the reports. */
struct hd_passport {
    const char *source;    /* path and version: "fs/iomap/buffered-io.c, Linux 6.1.192" */
    const char *functions; /* modelled, in order */
    const char *kept;
    const char *left_out; /* and why that is safe */
    const char *invariants;
    const char *reference;
    enum hd_evidence evidence;
};

struct hd_scenario {
    const char *name;
    const char *summary;
    struct hd_passport passport;
    uint32_t oracles; /* that end an execution: HD_ORACLE_BIT()s; 0: all but race and durability */
    uint32_t step_limit; /* an execution longer than this is a livelock; 0: 10000 */

    /* Lists; each ends with an entry whose first member is NULL. */
    const struct hd_variant_info *variants; /* the first is the default */
    const struct hd_param_info *params;
    const struct hd_role_info *roles; /* in the order of their actors */
    const struct hd_landmark_info *landmarks;
    const struct hd_workload_info *workloads; /* the first is the default */
    const char *const *kinds;                 /* of property violation */
    const char *const *faults;
    const char *const *marks;
    /* Workload keys, separated by blanks, that a search may vary as it likes: whatever their
     * values, no fixed or positive variant violates.  NULL for none. */
    const char *vary;

    size_t state_bytes; /* at most HD_OBJECT_BYTES_MAX; zeroed for set-up */
    void (*setup)(void *state);
    /* After all tasks have ended, nobody else runs.  May use HD_CHECK and plain C; NULL for none.
     */
    void (*check)(void *state);
    /* What a power loss now would leave, judged by HD_CHECK; plain C only.  NULL for none. */
    void (*recover)(const void *state);
    bool uses_rcu_callbacks; /* adds the service actor "rcu" */
    const struct hd_kernel_map *kernel; /* how cases are carried to a real kernel; NULL: not */
    const struct hd_image *image; /* of a program that is executed as it is; NULL: a model */
};

/* All the scenarios that a program carries. */
struct hd_catalogue {
    const struct hd_scenario *const *scenarios;
    size_t count;
};
/* Those of this program: whoever links the command line (heddle/command.h) defines it. */
extern const struct hd_catalogue hd_models;
/* Defines it, at file scope: HD_CATALOGUE(&one, &other); */
#define HD_CATALOGUE(...)                                                                          \
    static const struct hd_scenario *const hd_catalogue_[] = { __VA_ARGS__ };                      \
    const struct hd_catalogue hd_models = { hd_catalogue_,                                         \
                                            sizeof hd_catalogue_ / sizeof *hd_catalogue_ }

#ifdef __cplusplus
}
#endif
#endif
