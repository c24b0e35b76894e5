/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A chunk: the unit of work that one worker executes with a strategy of its own. */
#ifndef HD_CHUNK_H
#define HD_CHUNK_H

#include "heddle/heddle.h"

/* Executions in a chunk; part of the meaning of a seed, so fixed for ever. */
#define HD_CHUNK 256

struct hd_chunk {
    uint64_t number;  /* from 0 */
    uint64_t first;   /* number of its first execution, from 1 */
    uint64_t count;   /* executions at most; 0: until the strategy has exhausted its space */
    struct hd_explore_result tally;
    struct hd_coverage *coverage; /* owned; NULL: not asked for */
    bool ends_search; /* it met what the search was for, or an error */
    bool complete;    /* the strategy exhausted its space */
    enum hd_error error;
    struct hd_diag diag;
};

/*
 * Executes the chunk on a prepared engine.  Equal options and number give equal contents, unless
 * *abandon becomes true: then the chunk ends early.  Adds to *executions now and then.
 */
void hd_chunk_execute(struct hd_chunk *chunk, const struct hd_explore_options *options,
                      struct hd_engine *engine, bool (*abandon)(void *context, uint64_t number),
                      void *context, atomic_uint_fast64_t *executions);

#endif
