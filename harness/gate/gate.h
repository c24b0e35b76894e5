/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A gate under way.
 *
 *   gate.c     the order of things          plan.c    which checks there are
 *   files.c    the cases of a directory     pool.c    who does the next one
 *   case.c     replay and neighbours        search.c  proofs and searches
 *   outcome.c  what failed, what to do      text.c ktap.c junit.c sarif.c github.c   formats
 */
#ifndef HD_GATE_INSIDE_H
#define HD_GATE_INSIDE_H

#include "heddle/gate.h"

struct hd_gate {
    const struct hd_gate_options *options;
    struct hd_gate_result result;
    uint64_t deadline_ns; /* of the clock of hd_gate_now(); 0: none */
};

/* ---- Planning ----------------------------------------------------------------------------------
 */

/* Paths of the case files at or under a path, sorted by their bytes; all to be released. */
struct hd_files {
    char **paths;
    size_t count, room;
};
/* Appends; hidden files and directories are left out. */
enum hd_error hd_files_add(struct hd_files *files, const char *path, struct hd_diag *diag);
void hd_files_free(struct hd_files *files);

/* Reads the cases and lists all checks; what can't be read is a check that went wrong. */
enum hd_error hd_gate_plan(struct hd_gate *gate, struct hd_diag *diag);

/* ---- Doing -------------------------------------------------------------------------------------
 */

/* Each does one check, and gives it its outcome; what an engine can't do is one too. */
void hd_gate_replay(const struct hd_gate *gate, struct hd_gate_check *check);
void hd_gate_neighbours(const struct hd_gate *gate, struct hd_gate_check *check);
void hd_gate_prove(const struct hd_gate *gate, struct hd_gate_check *check);
/* One more round of the search, the round-th from 0. */
void hd_gate_search(const struct hd_gate *gate, struct hd_gate_check *check, uint32_t round);

/* Does all checks that are not searches, then searches until the time is up. */
enum hd_error hd_gate_do(struct hd_gate *gate, struct hd_diag *diag);

/* Nanoseconds of a clock that only goes forward. */
uint64_t hd_gate_now(void);
/* What is left of the time: UINT64_MAX if it is not bounded, 0 when it is over. */
uint64_t hd_gate_left(const struct hd_gate *gate);
bool hd_gate_is_stopped(const struct hd_gate *gate);

/* ---- Outcomes ----------------------------------------------------------------------------------
 */

void hd_gate_pass(struct hd_gate_check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The world is in the way. */
void hd_gate_error(struct hd_gate_check *check, const char *rule, const struct hd_diag *diag);
void hd_gate_stop(struct hd_gate_check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* rule: a word; file: the place, or NULL. */
void hd_gate_fail(struct hd_gate_check *check, const char *rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void hd_gate_advise(struct hd_gate_check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* "`heddle replay --variant merged FILE` tells ...": what to do with a file, then a sentence. */
void hd_gate_advise_run(const struct hd_gate *gate, struct hd_gate_check *check, const char *what,
                        const char *path, const char *sentence);
/* A schedule of a variant that is right goes wrong: takes the case over, and makes it smaller.
 * what: how it was found. */
void hd_gate_found(const struct hd_gate *gate, struct hd_gate_check *check, struct hd_case *found,
                   const char *what);
/* Writes the cases of all findings, in the order of the checks, and says how to see them. */
void hd_gate_write_findings(struct hd_gate *gate);
/* The line of the file that begins with these two words, from 1; 0: none. */
uint32_t hd_gate_line(const struct hd_case *the_case, const char *first, const char *second);

#endif
