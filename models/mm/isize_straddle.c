/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * isize-straddle: the page that straddles the old end of a file, mapped, while the file grows.
 *
 * A store made the page writable when only its first block was inside the file.  The file grows;
 * blocks of that page are inside now, and nobody has prepared them.  The next store must fault.
 * pagecache_isize_extended() finds that page and write-protects it.  The helper that was posted in
 * its place protects the folio under write, which is another one.
 */
#include "kernel/plain_file.h"
#include "mm/straddle_rules.h"

enum param { OP, POS, LEN, BLOCK_SIZE, I_SIZE, MAPPERS, FIRST, LATER, JUDGE };

static const char *const ops[] = { "write", "truncate" };
static const char *const block_sizes[] = { "512", "1024", "2048", "4096" };
static const char *const judges[] = { "protection", "stores" };

#define FILE_MAX (MAPPING_FOLIOS * FOLIO_SIZE)

static const struct hd_param_info params[] = {
    [OP] = { "op", "what makes the file grow", 0, 0, 1, ops },
    [POS] = { "pos", "where the write starts, or the new size, bytes", 10000, 0, FILE_MAX - 1 },
    [LEN] = { "len", "bytes written, cut at the folio's end", 100, 1, FOLIO_SIZE },
    [BLOCK_SIZE] = { "block_size", "bytes", 1, 0, 3, block_sizes },
    [I_SIZE] = { "i_size", "size of the file before, bytes", 1024, 0, FILE_MAX - 1 },
    [MAPPERS] = { "mappers", "processes that map the file", 1, 1, PAGE_TABLE_TASKS },
    [FIRST] = { "first", "byte that each stores to at any time", 0, 0, FILE_MAX - 1 },
    [LATER] = { "later", "and then, once the writer is back", 4095, 0, FILE_MAX - 1 },
    [JUDGE] = { "judge", "V7 when i_rwsem is released, or what becomes of stores", 0, 0, 1,
                judges },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "kernel-rule", "6.1 and 6.12: unlock, then find and protect the folio of the old end",
      HD_FIXED },
    { "posted-helper", "posted in 2022: protect the folio under write, before the unlock",
      HD_BROKEN },
    { "mutant-no-folio-lock", "kernel-rule, without the lock of the folio of the old end",
      HD_MUTANT },
    { "mutant-before-size", "kernel-rule, but before i_size is written", HD_MUTANT },
    { NULL }
};

/* ---- The orders ------------------------------------------------------------------------------ */

static void write_end_kernel(struct iomap_write *write)
{
    HD_CALL("generic_write_end");
    block_write_end(write);
    iomap_update_i_size(write);
    folio_unlock(write->folio);
    folio_put(write->folio);
    if (write->old_size < write->pos)
        pagecache_isize_extended(write->inode, write->old_size, write->pos);
}

static void protect(struct folio *folio)
{
    if (folio_mkclean(folio))
        folio_mark_dirty(folio);
}

static void write_end_posted(struct iomap_write *write)
{
    HD_CALL("generic_write_end");
    block_write_end(write);
    iomap_update_i_size(write);
    if (folio_may_straddle_isize(write->old_size, write->pos, write->inode->block_size))
        protect(write->folio);
    folio_unlock(write->folio);
    folio_put(write->folio);
}

static void write_end_no_folio_lock(struct iomap_write *write)
{
    struct folio *folio;

    HD_CALL("generic_write_end");
    block_write_end(write);
    iomap_update_i_size(write);
    folio_unlock(write->folio);
    folio_put(write->folio);
    if (!isize_extension_exposes(write->old_size, write->pos, write->inode->block_size, FOLIO_SIZE))
        return;
    folio = filemap_get_folio(write->inode->i_mapping, write->old_size / FOLIO_SIZE);
    protect(folio);
    folio_put(folio);
}

static void write_end_before_size(struct iomap_write *write)
{
    uint64_t i_size = write->inode->i_size;

    HD_CALL("generic_write_end");
    block_write_end(write);
    folio_unlock(write->folio);
    folio_put(write->folio);
    if (i_size < write->pos)
        pagecache_isize_extended(write->inode, i_size, write->pos);
    iomap_update_i_size(write);
}

static const struct write_operations orders[] = {
    { block_write_begin, write_end_kernel },
    { block_write_begin, write_end_posted },
    { block_write_begin, write_end_no_folio_lock },
    { block_write_begin, write_end_before_size },
};

/* ---- The scenario ---------------------------------------------------------------------------- */

static void setup(void *state)
{
    const struct plain_setup start = {
        .ops = &orders[hd_variant()],
        .a_ops = &block_aops,
        .gates = GATES_ALL,
        .i_size = hd_param(I_SIZE),
        .block_size = 512u << hd_param(BLOCK_SIZE),
        .pos = hd_param(POS),
        .len = (uint32_t)hd_param(LEN),
        .readable = (uint32_t)hd_param(LEN),
        .truncate = hd_param(OP),
        .stores_only = hd_param(JUDGE),
        .store = { hd_param(FIRST), hd_param(LATER) },
    };

    plain_file_init(state, &start);
}

static void check(void *state)
{
    plain_check(state, NULL, NULL);
}

static const struct hd_role_info roles[] = {
    { .name = "writer", .summary = "write(2) or ftruncate(2)", .run = plain_writer },
    { .name = "mapper", .summary = "a process that stores to its shared mapping, before and after",
      .run = plain_mapper, .count_param = MAPPERS + 1 },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = plain_completion, .queue_offset = offsetof(struct plain_file, bdev.queue) },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "write-end", EVERYWHERE("generic_write_end") },
    { "isize-extended", EVERYWHERE("pagecache_isize_extended") },
    { "mkclean", EVERYWHERE("folio_mkclean") },
    { "fault", EVERYWHERE("do_shared_fault") },
    { "mkwrite", EVERYWHERE("block_page_mkwrite") },
    { "store", EVERYWHERE("user_store") },
    { NULL }
};

static const char *const kinds[] = { PLAIN_KINDS, NULL };

#define HOLDS(variant) { variant, "holds", NULL }
#define FIRES(variant) { variant, "page-not-protected", "inode_unlock" }
#define LOST(variant) { variant, "store-lost", "promised_store" }
#define ALL_HOLD                                                                                   \
    HOLDS("kernel-rule"), HOLDS("posted-helper"), HOLDS("mutant-no-folio-lock"),                   \
        HOLDS("mutant-before-size")

static const struct hd_workload_info workloads[] = {
    { "other-page", "V7: the old end and the write are pages apart", "",
      { HOLDS("kernel-rule"), FIRES("posted-helper"), FIRES("mutant-no-folio-lock"),
        FIRES("mutant-before-size") } },
    { "lost-store", "V6: the same, seen by the store after it", "judge=stores",
      { HOLDS("kernel-rule"), LOST("posted-helper"), LOST("mutant-no-folio-lock"),
        LOST("mutant-before-size") } },
    { "two-mappers", "and two processes map the file", "mappers=2",
      { HOLDS("kernel-rule"), FIRES("posted-helper") } },
    { "next-page", "the write begins at the next page's first byte",
      "i_size=5000 pos=8192 first=4096 later=8191",
      { HOLDS("kernel-rule"), FIRES("posted-helper"), FIRES("mutant-no-folio-lock"),
        FIRES("mutant-before-size") } },
    { "half-page-blocks", "two blocks a page", "i_size=100 pos=5000 block_size=2048",
      { HOLDS("kernel-rule"), FIRES("posted-helper") } },
    { "same-page", "the write begins in the page of the old end", "i_size=100 pos=3000 later=2000",
      { HOLDS("kernel-rule"), HOLDS("posted-helper") } },
    { "last-byte-before", "and one byte earlier, in it",
      "i_size=5000 pos=8191 first=4096 later=7000",
      { HOLDS("kernel-rule"), HOLDS("posted-helper") } },
    { "next-block", "the write makes the only block that comes in",
      "i_size=100 pos=1500 later=1499",
      { ALL_HOLD } },
    { "last-block", "the last block of the page was in the file", "i_size=3500 later=4000",
      { ALL_HOLD } },
    { "aligned-end", "no page straddles the end", "i_size=4096 later=5000", { ALL_HOLD } },
    { "whole-page-blocks", "a block is a page", "i_size=100 block_size=4096", { ALL_HOLD } },
    { "truncate", "ftruncate(2); the posted patches leave it as it is", "op=truncate",
      { HOLDS("kernel-rule"), HOLDS("posted-helper") } },
    { NULL }
};

const struct hd_scenario isize_straddle = {
    .name = "isize-straddle",
    .summary = "a file grows while the page of its old end is mapped writable",
    .passport = {
        .source = "Linux 6.1.192 and 6.12.117: mm/truncate.c, fs/buffer.c, mm/rmap.c, "
                  "mm/memory.c; the posted helper from the patches of 2022",
        .functions = "writer: block_write_begin, block_write_end, i_size_write, folio_unlock, "
                     "pagecache_isize_extended (posted: folio_may_straddle_isize, before the "
                     "unlock), folio_mkclean, block_dirty_folio; or truncate_setsize.  mapper: "
                     "do_shared_fault, filemap_read_folio, block_page_mkwrite, mark_buffer_dirty",
        .kept = "of each page and process: writable, dirty, and the reference; the folio lock from "
                "page_mkwrite to the entry that it allows; i_size, i_rwsem; which blocks "
                "page_mkwrite has prepared, from the i_size that it read; two processes",
        .left_out = "writeback and reclaim: they too write-protect pages, under the same lock, so "
                    "they can only make a store fault more often; the entry's dirty bit is moved "
                    "out, but page_mkwrite has made the folio dirty already, so nothing hangs on "
                    "it.  Large folios: user stores are limited page by page, and a rule may "
                    "protect more; `heddle straddle` has them as arithmetic.  Errors of "
                    "page_mkwrite: a store that faults has got its answer.  Stores while the write "
                    "runs: nothing is promised to them, and nothing is judged.  mmap_lock and "
                    "invalidate_lock: nobody here takes them for writing",
        .invariants = "V7 before i_rwsem is released, the page is writable for nobody who was let "
                      "in at the old size; V6 a later store finds its block; V4 V5",
        .reference = "the commit \"vfs: fix data corruption when blocksize < pagesize for mmaped "
                     "data\" (2014) states the problem, the patches of 2022 the helper.  That "
                     "the helper protects the wrong folio is our reading, confirmed by nobody; "
                     "`heddle straddle` counts it.  Preemptions: none",
        .evidence = HD_DERIVED,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .state_bytes = sizeof(struct plain_file),
    .setup = setup,
    .check = check,
};
