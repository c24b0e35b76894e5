/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A story: one execution told without regard to a format.  story.c builds it from a hd_report once;
 * every format prints it and computes nothing of its own.
 *
 * Two sequences tell what happened.  rows[] is complete: each function entered and each step taken.
 * lines[] is what a table shows of it: only what another actor could notice, calls that lead there,
 * and the wrong step, last.
 */
#ifndef HD_STORY_H
#define HD_STORY_H

#include "heddle/heddle.h"
#include "report/pool.h"
#include "report/scene.h"
#include "report/waits.h"

#define HD_ROW_NONE UINT32_MAX

enum hd_row_kind {
    HD_ROW_CALL,  /* a function was entered */
    HD_ROW_STEP,  /* an operation was carried out */
    HD_ROW_CHECK, /* the check that failed: takes no step, comes last */
    HD_ROW_STUCK, /* what an actor stands before for ever: takes no step, comes last */
};

struct hd_story_row {
    enum hd_row_kind kind;
    hd_actor_id actor;
    uint16_t depth;      /* functions around it */
    uint32_t step;       /* HD_ROW_STEP: its index; else HD_STEP_NONE */
    uint32_t call;       /* row of the innermost function around it, or HD_ROW_NONE */
    const char *text;    /* a call: the function's name; else the code as it is written */
    const struct hd_site *site; /* may be NULL */
    uint32_t moment;     /* steps taken when it has happened, see scene.h */
    bool switched;       /* the first row of another actor than before */
    bool preempts;       /* ... and that one could have gone on */

    /* HD_ROW_CALL: what stands directly in it. */
    uint32_t own_steps;  /* operations in the function's own body */
    uint32_t inner;      /* calls, and operations in functions that are not marked as calls */

    /* The rest: valid unless HD_ROW_CALL. */
    uint8_t op;          /* enum hd_op; valid with a step or an object */
    bool own;            /* stands in the body of the function around it, not in a helper */
    bool failed;         /* an attempt that did not succeed */
    bool waited;         /* had to wait before */
    bool seen;           /* a later step of another actor depends on it directly */
    bool shared;         /* some step of another actor conflicts with it */
    bool wrong, counterpart; /* the verdict's step, and its other_step */
    bool decisive;       /* what the last thing that the wrong actor looked at goes back to */
    hd_actor_id holder;  /* who was in the way of what failed or waited; or HD_ACTOR_NONE */
    uint32_t since;      /* the holder's step */
    uint32_t sees;       /* another actor's step that it depends on directly, or HD_STEP_NONE */
    const char *object;  /* its name, or NULL */
    const char *base;    /* the name of the thing it is a part of ("folio[0]"), or NULL */
    const char *value;   /* what was read, written or handed over; or NULL */
};

enum hd_line_kind {
    HD_LINE_ACTOR,   /* "<writer>": from here on this column is that actor */
    HD_LINE_EVENT,   /* a call or an operation */
    HD_LINE_REMARK,  /* "<-- buffers-missing", about the event above */
    HD_LINE_ELISION, /* "[ 9 more ]" */
};

struct hd_story_line {
    enum hd_line_kind kind;
    hd_actor_id actor; /* HD_ACTOR_NONE: of all columns */
    uint16_t indent;   /* spaces */
    uint32_t step;     /* first step it stands for, or HD_STEP_NONE */
    const char *text;
    const char *brief; /* where text is too long: without its argument; or NULL */
};

/* Beyond this many columns a table isn't readable: formats fall back to numbered lines. */
#define HD_COLUMNS_MAX 3u
#define HD_COLUMN_NONE UINT8_MAX

struct hd_story_actor {
    const char *name;
    const char *heading; /* "<writer>", "<irq> completion" */
    const char *summary; /* may be empty */
    bool service;
    uint8_t column;      /* HD_COLUMN_NONE: shows in no line */
    uint32_t steps;
};

/* A finding in words, and its parts for machines; parts that don't apply are NULL. */
struct hd_story_fact {
    const char *sentence; /* without a full stop */
    const char *actor, *op, *object, *function;
    const char *outcome;  /* segments: "carried out", "blocked" ...; differences: "failed" ... */
    const char *holder;
    uint32_t since;       /* HD_STEP_NONE: no holder */
    uint32_t number;      /* segments: from 1; else the step, or HD_STEP_NONE */
};
struct hd_story_facts {
    struct hd_story_fact *items;
    uint32_t count;
};

struct hd_story_key {
    const char *key, *value;
    bool is_default;
};

struct hd_story {
    struct hd_pool pool; /* owns everything below that the report doesn't */
    const struct hd_report *report;
    const struct hd_scenario *scenario;
    const struct hd_variant_info *variant;
    const struct hd_verdict *verdict;
    const char *title;
    const char *object; /* the verdict's, or NULL */
    const char *evidence, *evidence_word;

    struct hd_story_actor actors[HD_ACTORS_MAX];
    unsigned actor_count;
    struct hd_story_key *keys;
    uint32_t key_count, key_room;

    struct hd_story_row *rows;
    uint32_t row_count, row_room;
    struct hd_story_line *lines;
    uint32_t line_count;
    unsigned column_count; /* more than HD_COLUMNS_MAX: no table */

    struct hd_scenes scenes;

    const char **narrative; /* one sentence a run of one actor */
    uint32_t narrative_count;
    struct hd_story_facts held;        /* locks at the end */
    struct hd_story_facts stuck;       /* who could not go on, and why */
    struct hd_story_facts segments;    /* of a guided replay */
    struct hd_story_facts differences; /* attempts that went otherwise than in the reference */
};

/*
 * Builds the story.  The report must outlive it.  HD_OK; HD_E_NOMEM.  Release it with
 * hd_story_free() in either case.
 */
enum hd_error hd_story_build(const struct hd_report *report, struct hd_story *ret_story);
void hd_story_free(struct hd_story *story);

/* ---- The parts, each in a file of its own; the pool remembers allocations that failed -------- */

void hd_story_rows(struct hd_story *story);
void hd_story_links(struct hd_story *story);
void hd_story_lines(struct hd_story *story);
void hd_story_narrate(struct hd_story *story);
void hd_story_cells(struct hd_story *story);
void hd_story_stances(struct hd_story *story);
void hd_story_standstill(struct hd_story *story);
void hd_story_segments(struct hd_story *story);
void hd_story_differences(struct hd_story *story);

/* Is this row an end of an edge between actors, or wrong by itself? */
bool hd_story_matters(const struct hd_story_row *row);
/* The name of an actor; "nobody" for one that is none. */
const char *hd_story_actor_name(const struct hd_story *story, hd_actor_id actor);
/* Its name in the report's engine or another, NULL for HD_OBJECT_NONE. */
const char *hd_story_object(struct hd_story *story, const struct hd_engine *engine,
                            hd_object_id object);
/* "6", "0xdead0000", "&bh[0]"; "NULL" where a pointer has stood at another time. */
const char *hd_story_value(struct hd_story *story, const struct hd_step *step);
/* The operation as a kernel developer would write it: "READ_ONCE(*slot)". */
const char *hd_story_code(struct hd_story *story, uint8_t op, const struct hd_site *site);
/* Does the operation read, or write, a value worth showing? */
bool hd_op_reads(uint8_t op);
bool hd_op_writes(uint8_t op);
/* What every model is full of, and tells a reader nothing. */
bool hd_op_is_bookkeeping(uint8_t op);
/* "unlocks", "fails to lock": what the actor does to the object. */
const char *hd_op_verb(uint8_t op, bool failed);
/* The name of the function where the row stands. */
const char *hd_row_function(const struct hd_story_row *row);
/*
 * A source file as it was given to the compiler, models/gfs2/aops.c: its last component alone would
 * pass for a line of the kernel's own file.  Of an absolute path, which differs between machines,
 * the last component.
 */
const char *hd_site_file(const struct hd_site *site);

#endif
