/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The runtime of programs that are executed as they are: what a compiler's -fsanitize=thread calls,
 * and what the program calls of the C library, carried out as operations of the engine.
 *
 *   image.c    where the program lies; its variables, set back before each execution
 *   site.c     places in its source and names of its variables, from its debug information
 *   program.c  the program as a scenario
 *   start.c    main()
 *   access.c atomic.c range.c call.c                 what the compiler calls
 *   thread.c mutex.c cond.c ... memory.c process.c   what the program calls
 *
 * There is one program in a process, so what is known of it is global; it does not change once its
 * main() is about to be called.
 *
 * Everything here is called by the program, by the C library and by ourselves alike.  Only what the
 * program calls while an actor of ours runs it is an operation; the rest is passed on.
 */
#ifndef HD_NATIVE_H
#define HD_NATIVE_H

#include "engine/step.h"

/* The engine looks for TSan's by these names; here they are ours. */
#undef __tsan_acquire
#undef __tsan_release
#undef __tsan_init

/* Interposed functions are the only ones that others see. */
#define HD_EXPORT __attribute__((visibility("default")))

#define HD_THREADS_MAX (HD_ACTORS_MAX - 1)

/* The program's workload. */
enum hd_program_param { HD_PROGRAM_THREADS, HD_PROGRAM_LEAKS };

/* The execution's own record of its threads. */
struct hd_program_state {
    struct {
        uint32_t word, unused[3]; /* as HD_THREAD wants them */
    } threads[HD_THREADS_MAX];
    uint32_t mains, others; /* threads created by main(), by other threads */
};

/* What is known of one thread of the program, main() included; reset by whoever starts it. */
struct hd_program_thread {
    void *(*function)(void *);
    void *argument, *result;
    bool detached, joined;
    uint32_t writes; /* how often it changed anything: see spin.c */
    const char *stack_limit; /* a function entered below it finds the stack full */
    jmp_buf exit; /* where pthread_exit() returns to */
};

struct hd_program {
    const unsigned char *text, *text_end; /* from its first byte in memory to its last */
    unsigned char *data;                  /* variables, and as many bytes of them */
    size_t data_bytes;
    unsigned char *fresh;                 /* as they were before main() */
    const unsigned char *own, *own_end;   /* this library */
    bool own_tls;                         /* it has thread-local variables */
    bool fences;                          /* it calls fences */
    struct hd_site *sites; /* two a byte of the text: steps', and behind them functions' */
    int (*main)(int, char **, char **);
    int argc;
    char **argv, **envp;
    char *path; /* as the user named it */
};
extern struct hd_program hd_program;

/* image.c */
enum hd_error hd_program_find(struct hd_diag *diag);
enum hd_error hd_program_keep(struct hd_diag *diag);
void hd_program_reset(void);

/* site.c */
void hd_site_locate(const struct hd_site *site);
/* The address that a site stands for. */
const void *hd_place_of(const struct hd_site *site);
int hd_variable_name(size_t offset, char *text, size_t bytes);
struct hd_variable {
    const void *address;
    const char *name;
};
/* The program's variables that it can write; max at most.  How many. */
size_t hd_program_variables(struct hd_variable *variables, size_t max);
/* The program's own functions but main(), by name; at most max are looked at.  How many. */
size_t hd_program_functions(const char **names, size_t max);

/* program.c */
enum hd_error hd_program_describe(struct hd_diag *diag);
struct hd_program_thread *hd_thread_of(const struct hd_actor *actor);

/* thread.c */
void hd_program_thread(void *state, unsigned instance);

/* access.c, range.c */
void hd_program_access(void *p, enum hd_op op, size_t bytes, const void *pc);
void hd_program_range(const void *p, enum hd_op op, size_t bytes, const void *pc);

/* spin.c */
/* Has what is pending, a read or an attempt, seen the same for too long? */
bool hd_spins(const struct hd_actor *self);
/* It was carried out, and changed nothing. */
void hd_spin_after(struct hd_actor *self, uint64_t value);
/* The actor has changed something. */
void hd_spin_forget(struct hd_actor *self);
void hd_spin_reset(const struct hd_actor *self);

/* tsd.c, world.c: as in the first execution */
void hd_tsd_reset(void);
void hd_world_reset(void);
/* What a thread leaves behind is destroyed. */
void hd_tsd_destroy(const struct hd_actor *self);

/* memory.c: uninitialised */
void *hd_program_allocate(struct hd_actor *self, size_t bytes, const void *pc);

/* mutex.c */
/* There is room to note one more lock that is held. */
void hd_check_held(struct hd_actor *self, const void *pc);
/* 0 or an errno. */
int hd_mutex_take(struct hd_actor *self, pthread_mutex_t *mutex, const void *pc);
int hd_mutex_drop(struct hd_actor *self, pthread_mutex_t *mutex, const void *pc);

/* process.c */
_Noreturn void hd_quit(struct hd_actor *self, const void *pc, int status);
/* The program is wrong in a way of its own. */
void hd_program_wrong(struct hd_actor *self, const char *kind, const char *detail, const void *pc);
/* The program wants what there is none of here: ends the execution with the word. */
_Noreturn void hd_unsupported(struct hd_actor *self, const char *what, const void *pc);
void hd_signals_catch(void);
/* For the calling kernel thread, once: whoever drives executions. */
void hd_signals_stack(void);

/* The next definition of a function of that name behind ours, into *ret_function. */
void hd_real_find(const char *name, void *ret_function);
#define HD_REAL(name)                                                                              \
    (__extension__({                                                                               \
        static __typeof__(&name) real_;                                                            \
        if (HD_UNLIKELY(!real_))                                                                   \
            hd_real_find(#name, &real_);                                                           \
        real_;                                                                                     \
    }))

#define HD_CALLER() __builtin_extract_return_addr(__builtin_return_address(0))

static inline bool hd_in_text(const void *pc)
{
    return (uintptr_t)pc - (uintptr_t)hd_program.text <
           (uintptr_t)hd_program.text_end - (uintptr_t)hd_program.text;
}

static inline bool hd_in_own(const void *pc)
{
    return (uintptr_t)pc - (uintptr_t)hd_program.own <
           (uintptr_t)hd_program.own_end - (uintptr_t)hd_program.own;
}

/* The place of a step, and the function that is entered there.  The same for the same place;
 * nothing is computed: site.c fills them in when somebody asks. */
static inline const struct hd_site *hd_site_at(const void *pc)
{
    return &hd_program.sites[hd_in_text(pc) ? (const unsigned char *)pc - hd_program.text : 0];
}

static inline const struct hd_site *hd_site_of_call(const void *pc)
{
    return hd_site_at(pc) + (hd_program.text_end - hd_program.text);
}

/* The value of a plain store is in memory once its actor is back here. */
void hd_settle_late(struct hd_actor *self);
static inline void hd_settle(struct hd_actor *self)
{
    if (self->late != UINT32_MAX)
        hd_settle_late(self);
}

/* The actor that runs the program here, NULL if nobody does. */
static inline struct hd_actor *hd_runner(void)
{
    struct hd_actor *self = hd_current;

    return self && !self->quiet ? self : NULL;
}

/* The same for a function of the C library, which we call too. */
static inline struct hd_actor *hd_caller(const void *pc)
{
    struct hd_actor *self = hd_runner();

    if (!self || hd_in_own(pc))
        return NULL;
    hd_settle(self);
    return self;
}

#define HD_STACK_RESERVE (64u * 1024) /* for what the runtime does, however it does it */

static inline const char *hd_stack_limit(const struct hd_actor *self)
{
    size_t offset = self->id ? HD_MAIN_STACK_BYTES + (self->id - 1) * HD_STACK_BYTES : 0;

    return (const char *)self->engine->arena.base + HD_ARENA_BYTES + offset + HD_STACK_RESERVE;
}

static inline bool hd_on_own_stack(const struct hd_actor *self, const volatile void *p)
{
    size_t offset = hd_arena_offset(&self->engine->arena, p) - HD_ARENA_BYTES;

    if (self->id == 0)
        return offset < HD_MAIN_STACK_BYTES;
    return offset - HD_MAIN_STACK_BYTES - (self->id - 1) * HD_STACK_BYTES < HD_STACK_BYTES;
}

/* The pending operation is carried out on memory that may be outside all we know of: then it is
 * nobody else's, and false is returned. */
static inline bool hd_pend_program(struct hd_actor *self, const void *pc, uint32_t head,
                                   const volatile void *p)
{
    hd_pend_head(self, hd_site_at(pc), head, p);
    return self->view->pending.object != HD_OBJECT_NONE || (uintptr_t)p < 4096;
}

/* An operation on an object of the program's that does not block. */
static inline void hd_object_point(struct hd_actor *self, const void *pc, enum hd_op op,
                                   const volatile void *p, size_t bytes)
{
    hd_pend_head(self, hd_site_at(pc), hd_head(op, bytes), p);
    hd_point(self);
    hd_touch(self);
}

/* One that waits until ready(self). */
static inline void hd_object_wait(struct hd_actor *self, const void *pc, enum hd_op op,
                                  const volatile void *p, size_t bytes,
                                  bool (*ready)(const struct hd_actor *))
{
    hd_pend_head(self, hd_site_at(pc), hd_head(op, bytes), p);
    self->ready = ready;
    hd_condition(self);
    hd_point(self);
    hd_condition_met(self);
    hd_touch(self);
}

#endif
