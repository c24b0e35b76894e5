/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * For people who drive: load a case, execute it, explore, replay, report.
 *
 * Everything is reentrant.  One engine serves one caller at a time; several engines run in several
 * OS threads at once.  Strings and arrays reached through a returned structure live as long as what
 * it was taken from, said at each.
 */
#ifndef HD_HEDDLE_H
#define HD_HEDDLE_H

#include <stdatomic.h>
#include <stdio.h>

#include "heddle/error.h"
#include "heddle/model.h"
#include "heddle/strategy.h"
#include "heddle/trace.h"

#define HD_VERSION "0.1.0"

/* ---- Workload and setting: everything of a case but its schedule ----------------------------- */

/* Values of the scenario's params[], and per role and fault what the workload says of them. */
enum hd_fault_mode { HD_FAULT_OFF, HD_FAULT_ON, HD_FAULT_CHOICE };
#define HD_AFTER_NONE 0
#define HD_AFTER_MARK 1                  /* + index of the mark */
#define HD_AFTER_END  (1 + HD_MARKS_MAX) /* + index of the role: all its instances have ended */
struct hd_workload {
    uint64_t params[HD_PARAMS_MAX];
    uint8_t off[HD_ROLES_MAX];     /* 1: no such actor takes part */
    uint8_t after[HD_ROLES_MAX];   /* start condition */
    uint8_t faults[HD_FAULTS_MAX]; /* enum hd_fault_mode */
};

void hd_workload_default(const struct hd_scenario *scenario, struct hd_workload *ret_workload);
/* Sets one key: a parameter, ROLE=on|off, ROLE.after=none|MARK|ROLE.end, FAULT=off|on|choice, or
 * workload=NAME, which sets the keys of that named workload (after the defaults). */
enum hd_error hd_workload_set(const struct hd_scenario *scenario, struct hd_workload *workload,
                              const char *key, const char *value, struct hd_diag *diag);
/* Several, separated by blanks: "pos=0 copied=512". */
enum hd_error hd_workload_set_all(const struct hd_scenario *scenario, struct hd_workload *workload,
                                  const char *keys, struct hd_diag *diag);
/* Calls emit once for each key in canonical order, with its value as it is written in files. */
void hd_workload_each(const struct hd_scenario *scenario, const struct hd_workload *workload,
                      void (*emit)(void *context, const char *key, const char *value,
                                   bool is_default),
                      void *context);

struct hd_setting {
    const struct hd_scenario *scenario;
    unsigned variant;
    struct hd_workload workload;
    uint32_t oracles;    /* 0: the scenario's */
    uint32_t step_limit; /* 0: the scenario's */
};

const struct hd_scenario *hd_scenario_find(const struct hd_catalogue *catalogue, const char *name);
/* The variant's index, or -1. */
int hd_variant_find(const struct hd_scenario *scenario, const char *name);
/* Parses "SCENARIO" or "SCENARIO/VARIANT" (without: the first) and fills in the default workload.
 */
enum hd_error hd_setting_parse(const struct hd_catalogue *catalogue, const char *text,
                               struct hd_setting *ret_setting, struct hd_diag *diag);

/* ---- Schedules and cases --------------------------------------------------------------------- */

/* When a segment's actor has gone far enough. */
enum hd_until {
    HD_UNTIL_LANDMARK, /* stands at the landmark, before its first point there */
    HD_UNTIL_AFTER,    /* has carried out the operation on the object */
    HD_UNTIL_BLOCKED,
    HD_UNTIL_END,     /* a task: has ended; a service: its queue is empty */
    HD_UNTIL_COUNT,   /* has taken `count` steps in this segment */
    HD_UNTIL_CHOICES, /* raw: is the answer to the next `count` choices */
};

#define HD_NAME_BYTES 64
struct hd_segment {
    enum hd_until until;
    uint32_t line;          /* in the file, from 1; 0 if it came from elsewhere */
    uint8_t role, instance; /* the actor: index in roles[] (or HD_ROLE_RCU, or HD_ROLE_FAULT + i) */
    uint8_t landmark;       /* HD_UNTIL_LANDMARK: index */
    uint8_t op;             /* HD_UNTIL_AFTER: enum hd_op */
    uint32_t nth;           /* HD_UNTIL_LANDMARK: the n-th entry since the start; 0: the next one */
    uint32_t count;         /* HD_UNTIL_COUNT, HD_UNTIL_CHOICES: 1 .. HD_SEGMENT_COUNT_MAX */
    int32_t index;          /* HD_UNTIL_AFTER: of name[index]; -1: none */
    char name[HD_NAME_BYTES]; /* HD_UNTIL_AFTER: the object's name, or "" */
};
#define HD_ROLE_RCU          HD_ROLES_MAX
#define HD_ROLE_FAULT        (HD_ROLES_MAX + 1)
#define HD_SEGMENT_COUNT_MAX 1000000u
#define HD_SEGMENTS_MAX      65536u

struct hd_expect {
    uint8_t variant;
    bool holds;
    char kind[HD_NAME_BYTES];
    char site[HD_NAME_BYTES]; /* "" with holds */
};

/* What a file holds. */
struct hd_case {
    struct hd_setting setting;
    struct hd_segment *segments; /* owned */
    uint32_t segment_count;
    struct hd_expect expects[HD_VARIANTS_MAX]; /* at most one a variant */
    uint32_t expect_count;
    bool has_digest[HD_VARIANTS_MAX];
    uint64_t digest[HD_VARIANTS_MAX];
    char *text; /* owned: the bytes it was read from; NULL if it was built */
    size_t text_bytes;
};

#define HD_CASE_BYTES_MAX (1u << 20)
/* Parses text (any bytes).  name stands in messages: "NAME:LINE:COLUMN: expected ...".  On success
 * *ret_case is to be released with hd_case_free(). */
enum hd_error hd_case_parse(const struct hd_catalogue *catalogue, const char *name,
                            const char *text, size_t bytes, struct hd_case **ret_case,
                            struct hd_diag *diag);
enum hd_error hd_case_load(const struct hd_catalogue *catalogue, const char *path,
                           struct hd_case **ret_case, struct hd_diag *diag);
void hd_case_free(struct hd_case *the_case);
/* Is the schedule said in choices, not in segments? */
bool hd_case_is_raw(const struct hd_case *the_case);
/* The canonical text: every key, single spaces, no comments.  malloc()ed; NULL if out of memory. */
char *hd_case_print(const struct hd_case *the_case);
/* The same with a comment behind the first line: whole lines, each with its '#'. */
char *hd_case_print_comment(const struct hd_case *the_case, const char *comment);
/* The text it was read from, with the digest of one variant replaced or added; malloc()ed. */
char *hd_case_print_rebless(const struct hd_case *the_case, unsigned variant, uint64_t digest);
const struct hd_expect *hd_case_expect(const struct hd_case *the_case, unsigned variant);
/* Writes bytes to path by way of a temporary file beside it: whole or not at all. */
enum hd_error hd_file_write(const char *path, const char *bytes, size_t length,
                            struct hd_diag *diag);
/* Reads a regular file of at most max bytes; malloc()ed, with a NUL behind the end. */
enum hd_error hd_file_read(const char *path, size_t max, char **ret_bytes, size_t *ret_length,
                           struct hd_diag *diag);

/* ---- Executing: the one road ----------------------------------------------------------------- */

/*
 * How actors take turns; digests are equal on all.
 *   fiber   one kernel thread runs them all as the pthreads that they are: each has its own TLS
 *   thread  they wake each other
 *   light   one kernel thread runs them all as itself: they share its TLS, errno and pthread_self,
 *           which a model that keeps to model.h never sees.  The fastest; not under a sanitizer
 */
enum hd_backend { HD_BACKEND_FIBER, HD_BACKEND_THREAD, HD_BACKEND_LIGHT };

/* Zero means the default. */
struct hd_engine_options {
    enum hd_backend backend; /* light falls back to fiber, and fiber to thread, where unsupported */
    bool describe;           /* record notes and names: for replays and reports */
    bool stops;              /* call hd_debugger_step() before each step */
    bool hash_states;        /* fill in hd_execution.state */
    bool reuse_memory; /* freed memory is handed out again at once, newest first: for ABA bugs */
    bool liburcu; /* RCU on real liburcu beside the engine's own; at most one such engine a process
                   */
};

struct hd_engine;
enum hd_error hd_engine_create(const struct hd_engine_options *options,
                               struct hd_engine **ret_engine, struct hd_diag *diag);
/* NULL is allowed. */
void hd_engine_free(struct hd_engine *engine);
enum hd_backend hd_engine_backend(const struct hd_engine *engine);
/* Switches the backend; between executions. */
enum hd_error hd_engine_set_backend(struct hd_engine *engine, enum hd_backend backend);
bool hd_fiber_supported(void);
bool hd_light_supported(void);
/* Does nothing: an engine that `stops` calls it before each step, on the stack of the actor that is
 * to take it, so that a debugger's breakpoint there sees where that actor stands. */
void hd_debugger_step(uint32_t step, const char *actor, const char *operation, const char *object);
/* What to execute from now on; the setting is copied. */
enum hd_error hd_engine_prepare(struct hd_engine *engine, const struct hd_setting *setting,
                                struct hd_diag *diag);

#define HD_CALL_DEPTH_MAX 48
struct hd_verdict {
    bool holds;
    enum hd_oracle oracle; /* valid unless holds, as all below */
    const char *kind;      /* "use-after-free", "deadlock", or one of the scenario's kinds[] */
    const char *detail;    /* a sentence, constant */
    const char *site;      /* the function it happened in */
    const struct hd_site *where; /* may be NULL (a deadlock) */
    uint32_t step;       /* index of the wrong step; trace length if it comes after the last */
    hd_actor_id actor;   /* who took it; HD_ACTOR_NONE for nobody in particular */
    hd_object_id object; /* or HD_OBJECT_NONE */
    uint32_t
        other_step; /* its counterpart: the free, the other access of a race; else UINT32_MAX */
    uint32_t stack_depth; /* functions entered by HD_CALL around the site, outermost first */
    const struct hd_site *stack[HD_CALL_DEPTH_MAX];
};

/* Who could not go on at the end, and why. */
struct hd_stuck {
    hd_actor_id actor;
    uint8_t op; /* what it was about to do */
    hd_object_id object;
    hd_actor_id holder; /* HD_ACTOR_NONE: nobody in particular */
    uint32_t since;     /* the holder's step */
    const struct hd_site *site;
};

struct hd_execution {
    struct hd_verdict verdict;
    uint64_t digest;       /* of the steps and the verdict */
    uint64_t state;        /* of all live objects at the end, by identity; 0 unless hash_states */
    bool cut;              /* the strategy called it redundant; the verdict then means nothing */
    bool whole; /* it came to its own end: nobody had anything left to do, or could do it */
    struct hd_trace trace; /* borrowed until the next execution */
    uint32_t stuck_count;
    struct hd_stuck stuck[HD_ACTORS_MAX];
};

/*
 * Executes once: case in, trace and verdict out.  HD_OK; or HD_E_STOPPED when the strategy has
 * nothing left (ret_execution is untouched then).  No allocation, no system call on the fiber
 * backend.
 */
enum hd_error hd_execute(struct hd_engine *engine, struct hd_strategy *strategy,
                         struct hd_execution *ret_execution);

/* "holds", or "KIND at SITE".  Truncates like snprintf. */
int hd_verdict_format(const struct hd_verdict *verdict, char *text, size_t bytes);
/* Does the verdict match: holds, or same kind and the site equal to where or in its stack? */
bool hd_verdict_meets(const struct hd_verdict *verdict, const struct hd_expect *expect);
/* Is name the verdict's kind, its site, or a function around that?  Never for one that holds. */
bool hd_verdict_in(const struct hd_verdict *verdict, const char *name);

/* Of the prepared setting. */
unsigned hd_engine_actors(const struct hd_engine *engine);
/* "writer", or "writer[1]" where there are several; a constant of the prepared setting. */
const char *hd_engine_actor_name(const struct hd_engine *engine, hd_actor_id actor);
/* An execution with more steps than this is a livelock. */
uint32_t hd_engine_step_limit(const struct hd_engine *engine);
bool hd_engine_actor_is_service(const struct hd_engine *engine, hd_actor_id actor);
/* One an actor, as the latest execution left them: what is pending there was not carried out.
 * Borrowed until the next execution; the states may be stale, but for HD_ENDED and HD_OFF. */
const struct hd_view *hd_engine_views(const struct hd_engine *engine);
/* The actor of a role's instance (or HD_ROLE_RCU, HD_ROLE_FAULT + i), HD_ACTOR_NONE if there is
 * none. */
hd_actor_id hd_engine_actor_find(const struct hd_engine *engine, unsigned role, unsigned instance);
/* The inverse. */
void hd_engine_actor_role(const struct hd_engine *engine, hd_actor_id actor, uint8_t *ret_role,
                          uint8_t *ret_instance);
const struct hd_setting *hd_engine_setting(const struct hd_engine *engine);
/* "folio[0].lock": the name given by hd_name(), else the allocating actor and number. */
int hd_object_format(const struct hd_engine *engine, hd_object_id object, char *text, size_t bytes);
/* The identity of the object of that name, HD_OBJECT_NONE if no execution has named one so. */
hd_object_id hd_object_find(const struct hd_engine *engine, const char *name, int index);

/* ---- Replaying: a schedule as a strategy ----------------------------------------------------- */

enum hd_not_carried {
    HD_CARRIED,
    HD_NOT_BLOCKED,
    HD_NOT_ENDED,
    HD_NOT_REACHED,
    HD_NOTHING_TO_DO,
    HD_NOT_PRESENT
};
/* What became of one segment. */
struct hd_segment_report {
    uint32_t segment; /* index */
    enum hd_not_carried outcome;
    uint32_t first_step; /* the trace's length when it began */
    hd_actor_id holder;  /* blocked: by whom; HD_ACTOR_NONE */
    uint32_t since;
    struct hd_step pending; /* blocked: what it wanted */
    const struct hd_site *site;
};
/* Follows a case's segments on the engine's prepared setting (its own variant, or another). The
 * case and engine must outlive the strategy. */
enum hd_error hd_strategy_guided(const struct hd_case *the_case, const struct hd_engine *engine,
                                 struct hd_strategy **ret_strategy);
/* After an execution: one report a segment, in order; borrowed. */
const struct hd_segment_report *hd_guided_reports(const struct hd_strategy *guided,
                                                  uint32_t *ret_count);
/* Answers from bytes: 0 go on, else an index among the other enabled actors; zeroes for ever
 * after.  The bytes are borrowed. */
enum hd_error hd_strategy_bytes(const uint8_t *bytes, size_t count,
                                struct hd_strategy **ret_strategy);
/* The same strategy goes on with other bytes, borrowed as well. */
void hd_bytes_set(struct hd_strategy *bytes, const uint8_t *data, size_t count);
/* Runs each of inner's executions twice and compares.  Takes inner over. */
enum hd_error hd_strategy_twice(struct hd_strategy *inner, struct hd_strategy **ret_strategy);
/* The first step that differed, UINT32_MAX while none has. */
uint32_t hd_twice_difference(const struct hd_strategy *twice);
/* Answers as recorded: the actors in the order in which they took the trace's steps, then last: the
 * verdict's actor, whose wrong step may be none of the trace's, or HD_ACTOR_NONE.  Copies what it
 * needs of the trace.  Where the recorded actor is not enabled, or the record has ended: goes on.
 */
enum hd_error hd_strategy_recorded(const struct hd_trace *trace, hd_actor_id last,
                                   struct hd_strategy **ret_strategy);
/* The first step of the latest execution at which the recorded actor was not enabled; UINT32_MAX if
 * it followed the record. */
uint32_t hd_recorded_divergence(const struct hd_strategy *recorded);

/* A case from an execution: segments that repeat it exactly, `for N` and `choices` form. */
enum hd_error hd_case_from_execution(const struct hd_engine *engine,
                                     const struct hd_execution *execution,
                                     struct hd_case **ret_case);

/* ---- Exploring ------------------------------------------------------------------------------- */

/* What else than the given workload a search executes, in every other chunk of 256 executions,
 * from the sixth on. */
enum hd_swarm {
    HD_SWARM_GIVEN,    /* nothing */
    HD_SWARM_HARMLESS, /* other actors and faults, of those keys that the scenario lets vary */
    HD_SWARM_ALL,      /* of any: even what is fixed may go wrong then */
};

struct hd_coverage; /* heddle/coverage.h */
struct hd_explore_options {
    struct hd_setting setting;
    enum hd_swarm swarm;     /* a strategy that exhausts its space has the given workload only */
    struct hd_engine_options engine;
    const struct hd_strategy_info *strategy;
    struct hd_strategy_options strategy_options;
    uint64_t runs;           /* executions at most; 0: no bound but the time */
    uint64_t time_ns;        /* wall clock; 0: none */
    unsigned jobs;           /* OS threads; 0: 1.  The findings don't depend on it */
    const char *find;        /* "KIND", "FUNCTION" or one around, "KIND at FUNCTION"; NULL: all */
    bool keep_going;         /* collect further findings until the budget ends */
    bool twice;              /* check determinism all along */
    struct hd_coverage *coverage; /* what is counted among the executions is added; NULL for none */
    const atomic_bool *stop; /* set by somebody else: end cleanly; NULL for none */
    void (*progress)(void *context, uint64_t executions, double seconds, unsigned findings);
    void *progress_context;
};
struct hd_finding {
    uint64_t execution;   /* its number, from 1: the same whatever the number of jobs */
    uint64_t fingerprint; /* of scenario, variant, kind and site: equal findings are one */
    uint64_t hits;
    uint64_t digest;
    struct hd_case *the_case; /* owned by the result */
    char verdict[2 * HD_NAME_BYTES];
};
#define HD_FINDINGS_MAX 32
struct hd_explore_result {
    uint64_t executions, steps, choices_max, violations;
    uint64_t redundant; /* executions that the strategy cut */
    uint64_t digest;    /* over the executions' digests, order-independent */
    bool complete;      /* the strategy exhausted its space */
    bool stopped;       /* by time or by `stop` */
    double seconds;
    unsigned finding_count;
    struct hd_finding findings[HD_FINDINGS_MAX];
};
enum hd_error hd_explore(const struct hd_explore_options *options,
                         struct hd_explore_result *ret_result, struct hd_diag *diag);
void hd_explore_result_free(struct hd_explore_result *result);

/* ---- Reporting ------------------------------------------------------------------------------- */

/* Everything a report tells, gathered while the execution is fresh; borrowed from engine and
 * execution. */
struct hd_report {
    const struct hd_engine *engine;
    const struct hd_execution *execution;
    const struct hd_case *the_case;           /* may be NULL */
    const struct hd_segment_report *segments; /* of a guided replay, or NULL */
    uint32_t segment_count;
    const struct hd_execution
        *reference; /* the case's own variant, for outcomes that differ; or NULL */
    const struct hd_engine *reference_engine;
    const char *command; /* that repeats it */
};
struct hd_format_info {
    const char *name; /* table, steps, json, html, chrome, mermaid */
    const char *summary;
    enum hd_error (*print)(const struct hd_report *report, FILE *out);
};
extern const struct hd_format_info hd_formats[];
extern const size_t hd_format_count;
const struct hd_format_info *hd_format_find(const char *name);

#include "heddle/coverage.h"
#include "heddle/fuzz.h"
#include "heddle/minimise.h"

#endif
