/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * p1: the shape of the gfs2 race in a page of pthread code, as it is given to other tools.
 *
 * Writers make buffers under a folio's lock and add them to a journal, a reclaimer frees clean
 * buffers, writeback cleans them.  Each shared access of the pthread program is one point here:
 * its locks and trylocks, every read of f->buffers (an expression that has it twice reads it
 * twice), every field of a buffer, both halves of jcount++.  Creating and joining threads
 * conflicts with nothing and is left out; what main() does at the end, check() does.
 *
 * Classes of executions of `new` are decided by the order of the critical sections alone, since
 * every access lies in one: with 1 writer, 1 folio, 1 buffer there are 10, with 2 writers 42.
 */
#include "heddle/model.h"

enum param { WRITERS, FOLIOS, BUFFERS };
enum variant { OLD, RELOCK, NEW };

#define P1_MAX 8u

struct buf {
    int uptodate, dirty, jadded;
};

struct folio {
    struct hd_mutex lock;
    struct buf *buffers;
};

struct p1 {
    struct folio folio[P1_MAX];
    struct hd_mutex jlock;
    int jcount;
};

/* The field's address, also of no buffer: a NULL pointer here is the bug, and the engine's to
 * report. */
static int *field(struct buf *buffers, uint32_t m, size_t offset)
{
    return (int *)((uintptr_t)buffers + m * sizeof *buffers + offset);
}

#define FIELD(buffers, m, name) field(buffers, m, offsetof(struct buf, name))

static void journal_add(struct p1 *p1, struct buf *b)
{
    int count;

    HD_CALL("journal_add");
    hd_mutex_lock(&p1->jlock);
    for (uint32_t m = 0; m < hd_param(BUFFERS); m++)
        hd_store(FIELD(b, m, jadded), 1);
    count = hd_load(&p1->jcount);
    hd_store(&p1->jcount, count + 1);
    hd_mutex_unlock(&p1->jlock);
}

static void create_buffers(struct folio *f)
{
    size_t bytes = hd_param(BUFFERS) * sizeof(struct buf);
    struct buf *buffers = hd_alloc(bytes);

    hd_store(&f->buffers, buffers);
    for (uint32_t m = 0; m < hd_param(BUFFERS); m++) {
        buffers = hd_load(&f->buffers);
        hd_store(FIELD(buffers, m, jadded), 0);
    }
}

static void fill(struct folio *f)
{
    struct buf *buffers = hd_load(&f->buffers);

    if (!buffers)
        create_buffers(f);
    for (uint32_t m = 0; m < hd_param(BUFFERS); m++) {
        buffers = hd_load(&f->buffers);
        hd_store(FIELD(buffers, m, uptodate), 1);
        buffers = hd_load(&f->buffers);
        hd_store(FIELD(buffers, m, dirty), 1);
    }
}

static void write_folio(struct p1 *p1, struct folio *f)
{
    struct buf *buffers;

    HD_CALL("write_folio");
    hd_mutex_lock(&f->lock);
    fill(f);
    if (hd_variant() != NEW)
        hd_mutex_unlock(&f->lock);
    if (hd_variant() == RELOCK)
        hd_mutex_lock(&f->lock);
    buffers = hd_load(&f->buffers);
    journal_add(p1, buffers);
    if (hd_variant() != OLD)
        hd_mutex_unlock(&f->lock);
}

static void writer(void *state, unsigned instance)
{
    struct p1 *p1 = state;

    (void)instance;
    for (uint32_t i = 0; i < hd_param(FOLIOS); i++)
        write_folio(p1, &p1->folio[i]);
}

static void reclaim_folio(struct folio *f)
{
    struct buf *buffers;
    bool busy = false;

    HD_CALL("reclaim_folio");
    if (!hd_mutex_trylock(&f->lock))
        return;
    buffers = hd_load(&f->buffers);
    if (buffers) {
        for (uint32_t m = 0; m < hd_param(BUFFERS); m++) {
            buffers = hd_load(&f->buffers);
            if (hd_load(FIELD(buffers, m, dirty)))
                busy = true;
        }
        if (!busy) {
            buffers = hd_load(&f->buffers);
            hd_free(buffers);
            hd_store(&f->buffers, NULL);
        }
    }
    hd_mutex_unlock(&f->lock);
}

static void reclaimer(void *state, unsigned instance)
{
    struct p1 *p1 = state;

    (void)instance;
    for (uint32_t i = 0; i < hd_param(FOLIOS); i++)
        reclaim_folio(&p1->folio[i]);
}

static void write_back_folio(struct folio *f)
{
    struct buf *buffers;

    HD_CALL("write_back_folio");
    hd_mutex_lock(&f->lock);
    buffers = hd_load(&f->buffers);
    for (uint32_t m = 0; buffers && m < hd_param(BUFFERS); m++) {
        buffers = hd_load(&f->buffers);
        hd_store(FIELD(buffers, m, dirty), 0);
    }
    hd_mutex_unlock(&f->lock);
}

static void writeback(void *state, unsigned instance)
{
    struct p1 *p1 = state;

    (void)instance;
    for (uint32_t i = 0; i < hd_param(FOLIOS); i++)
        write_back_folio(&p1->folio[i]);
}

static void setup(void *state)
{
    struct p1 *p1 = state;

    for (int i = 0; i < (int)hd_param(FOLIOS); i++) {
        hd_name(&p1->folio[i].lock, "folio.lock", i);
        hd_name(&p1->folio[i].buffers, "folio.buffers", i);
    }
    hd_name(&p1->jlock, "jlock", -1);
    hd_name(&p1->jcount, "jcount", -1);
}

static void check(void *state)
{
    struct p1 *p1 = state;

    HD_CHECK((uint64_t)p1->jcount == hd_param(WRITERS) * hd_param(FOLIOS), "journal-count",
             "assert(jcount == W * N)");
    for (uint32_t i = 0; i < P1_MAX; i++)
        hd_free(p1->folio[i].buffers);
}

static const struct hd_param_info params[] = {
    [WRITERS] = { "writers", "threads that write", 1, 1, P1_MAX },
    [FOLIOS] = { "folios", "that each of them writes", 1, 1, P1_MAX },
    [BUFFERS] = { "buffers", "of a folio", 1, 1, P1_MAX },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    [OLD] = { "old", "the journal is told after the unlock: the bug, and a data race", HD_BROKEN },
    [RELOCK] = { "relock", "the same bug without a data race: the lock is taken again", HD_BROKEN },
    [NEW] = { "new", "the journal is told before the unlock", HD_FIXED },
    { NULL }
};

static const struct hd_role_info roles[] = {
    { .name = "writer", .summary = "fills folios and journals them", .run = writer,
      .count_param = WRITERS + 1 },
    { .name = "reclaimer", .summary = "frees what is clean", .run = reclaimer },
    { .name = "writeback", .summary = "cleans", .run = writeback },
    { NULL }
};

static const struct hd_landmark_info landmarks[] = {
    { "journal-add", { "journal_add", "journal_add", "journal_add" } },
    { NULL }
};

#define FIRES_AND_HOLDS                                                                            \
    { { "old", "null-dereference", "journal_add" },                                                \
      { "relock", "null-dereference", "journal_add" },                                             \
      { "new", "holds", NULL } }

static const struct hd_workload_info workloads[] = {
    { "1.1.1", "one of each", "", FIRES_AND_HOLDS },
    { "2.1.1", "two writers", "writers=2", FIRES_AND_HOLDS },
    { "2.2.1", "two writers, two folios", "writers=2 folios=2", FIRES_AND_HOLDS },
    { NULL }
};

static const char *const kinds[] = { "journal-count", NULL };

const struct hd_scenario synthetic_p1 = {
    .name = "p1",
    .summary = "buffers added to a journal after their folio's unlock, in a page of code",
    .passport = {
        .source = "our own; the same program as pthread C is given to other tools for comparison",
        .functions = "writer, journal_add, reclaimer, writeback",
        .kept = "each shared access and each lock operation of the program, in its order",
        .left_out = "thread creation and join, and the final frees: they conflict with nothing "
                    "that can happen beside them",
        .invariants = "no access through NULL or to freed buffers; each write is journaled once",
        .reference = "bug of depth 3: writer, writeback, reclaimer, writer",
        .evidence = HD_SYNTHETIC,
    },
    .oracles = HD_ORACLE_BIT(PROPERTY) | HD_ORACLE_BIT(MEMORY) | HD_ORACLE_BIT(DEADLOCK) |
               HD_ORACLE_BIT(LIVELOCK) | HD_ORACLE_BIT(BALANCE),
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .vary = "writers folios buffers",
    .kinds = kinds,
    .state_bytes = sizeof(struct p1),
    .setup = setup,
    .check = check,
};
