/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ext4-zero-length-writepage: references counted off by a length that can be zero.
 *
 * Before 5.18 writeback with data=journal took a reference on every buffer that it was to write,
 * so that they would outlive the unlocked gap.  If the file has just been cut to nothing, that is
 * none of them; truncation frees the ring in the gap, and the walk that drops the references reads
 * it once more.
 */
#include "ext4/writepage.h"
#include "kernel/invalidate.h"

enum param { BLOCK_SIZE_KEY, SIZE_AFTER };
enum variant { UNPINNED, PINNED, PUT_BEFORE_LOCK };

static const char *const block_sizes[] = { "512", "1024", "2048", "4096" };

static const struct hd_param_info params[] = {
    [BLOCK_SIZE_KEY] = { "block_size", "bytes", 2, 0, 3, block_sizes },
    [SIZE_AFTER] = { "size", "the truncation's, bytes", 0, 0, FOLIO_SIZE },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "unpinned", "5.17: references on the buffers within the file's length", HD_BROKEN },
    { "pinned", "references on every buffer of the folio", HD_FIXED },
    { "mutant-put-before-lock", "pinned, but they are dropped before the folio is locked again",
      HD_MUTANT },
    { NULL }
};

static void bget_one(struct ext4_file *file, struct buffer_head *bh)
{
    (void)file;
    get_bh(bh);
}

static void bput_one(struct ext4_file *file, struct buffer_head *bh)
{
    (void)file;
    brelse(bh);
}

static void __ext4_journalled_writepage(struct ext4_file *file, struct folio *folio, uint64_t len)
{
    uint64_t pinned = hd_variant() == UNPINNED ? len : FOLIO_SIZE;
    struct buffer_head *head;

    HD_CALL("__ext4_journalled_writepage");
    folio_clear_checked(folio);
    head = folio_buffers(folio);
    HD_CHECK(head != NULL, "buffers-missing", "BUG_ON(!page_bufs)");
    ext4_walk_ring(file, head, 0, pinned, bget_one);
    folio_get(folio);
    folio_unlock(folio);
    ext4_journal_start(file);
    if (hd_variant() == PUT_BEFORE_LOCK)
        ext4_walk_ring(file, head, 0, pinned, bput_one);
    folio_lock(folio);
    folio_put(folio);
    if (folio->mapping == &file->plain.mapping)
        ext4_journal_ring(file, head, len);
    ext4_journal_stop(file);
    folio_unlock(folio);
    if (hd_variant() != PUT_BEFORE_LOCK)
        ext4_walk_ring(file, head, 0, pinned, bput_one);
}

static void ext4_writepage(struct folio *folio)
{
    struct ext4_file *file = hd_state();
    uint64_t size;

    HD_CALL("ext4_writepage");
    size = i_size_read(&file->plain.inode);
    __ext4_journalled_writepage(file, folio, ext4_folio_len(folio, size));
}

/* ---- Truncation ------------------------------------------------------------------------------ */

/* The running transaction's: it is taken off, and what it was to write is forgotten. */
static void dispose_journal_head(struct ext4_file *file, struct buffer_head *bh)
{
    struct journal_head *jh = hd_read_once(&bh->b_private);
    uint32_t kept = 0;

    if (!jh)
        return;
    hd_spin_lock(&file->j_list_lock);
    for (uint32_t i = 0; i < file->count; i++)
        if (file->list[i] != jh)
            file->list[kept++] = file->list[i];
    file->count = kept;
    hd_spin_unlock(&file->j_list_lock);
    hd_write_once(&bh->b_private, NULL);
    brelse(bh);
    hd_free(jh);
}

static void journal_unmap_buffer(struct ext4_file *file, struct buffer_head *bh)
{
    HD_CALL("journal_unmap_buffer");
    lock_buffer(bh);
    dispose_journal_head(file, bh);
    clear_buffer_dirty(bh);
    clear_buffer_mapped(bh);
    unlock_buffer(bh);
}

static void ext4_journalled_invalidate_folio(struct folio *folio)
{
    struct ext4_file *file = hd_state();

    HD_CALL("ext4_journalled_invalidate_folio");
    folio_clear_checked(folio);
    ext4_walk_ring(file, folio_buffers(folio), 0, FOLIO_SIZE, journal_unmap_buffer);
    (void)try_to_free_buffers(folio); /* else reclaim will */
}

static bool ext4_release_folio(struct folio *folio)
{
    HD_CALL("ext4_release_folio");
    if (folio_test_checked(folio))
        return false;
    return jbd2_journal_try_to_free_buffers(folio);
}

static const struct address_space_operations ext4_journalled_aops = {
    .release_folio = ext4_release_folio,
    .writepage = ext4_writepage,
    .invalidate_folio = ext4_journalled_invalidate_folio,
};

/* A file that keeps a part of its folio keeps the folio; its tail is another path. */
static void truncater(void *state, unsigned instance)
{
    struct ext4_file *file = state;
    struct address_space *mapping = &file->plain.mapping;
    struct folio *folio;

    (void)instance;
    HD_CALL("ext4_setattr");
    i_size_write(&file->plain.inode, hd_param(SIZE_AFTER));
    if (hd_param(SIZE_AFTER))
        return;
    folio = filemap_lock_folio(mapping, 0);
    if (!folio)
        return;
    truncate_inode_folio(mapping, folio);
    folio_unlock(folio);
    folio_put(folio);
}

/* Somebody who wants all handles stopped, and stops nothing else. */
static void freezer(void *state, unsigned instance)
{
    struct ext4_file *file = state;

    (void)instance;
    HD_CALL("jbd2_journal_lock_updates");
    hd_down_write(&file->handles);
    hd_up_write(&file->handles);
}

static void reclaimer(void *state, unsigned instance)
{
    struct ext4_file *file = state;

    (void)instance;
    shrink_inactive_list(&file->plain.lruvec, false);
}

/* ---- Set-up and end -------------------------------------------------------------------------- */

struct zero_length {
    struct ext4_mapped_file mapped; /* first */
    struct folio *folio;            /* the file's, wherever it is now */
};

static void setup(void *state)
{
    struct zero_length *zero = state;

    ext4_mapped_file_init(&zero->mapped, &ext4_journalled_aops, 512u << hd_param(BLOCK_SIZE_KEY));
    zero->folio = zero->mapped.ext4.plain.mapping.slot[0];
}

static void check(void *state)
{
    struct zero_length *zero = state;
    const struct folio *folio = zero->folio;
    const struct buffer_head *bh = folio->private;
    int32_t cached = folio->mapping != NULL;

    HD_CHECK(folio->ref.count == cached + (bh != NULL), "reference-left",
             "a folio's count is not what page cache and buffers hold");
    while (bh) {
        HD_CHECK(bh->b_count == (bh->b_private != NULL), "reference-left",
                 "a buffer's count is not what the journal holds");
        hd_owned(bh);
        if (bh->b_private)
            hd_owned(bh->b_private);
        bh = bh->b_this_page;
        if (bh == folio->private)
            break;
    }
}

static const struct hd_role_info roles[] = {
    { .name = "flusher", .summary = "background writeback", .run = ext4_writepages },
    { .name = "truncater", .summary = "ftruncate(2)", .run = truncater },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = plain_completion,
      .queue_offset = offsetof(struct ext4_mapped_file, ext4.plain.bdev.queue) },
    { .name = "reclaimer", .summary = "memory pressure", .run = reclaimer },
    { .name = "freezer", .summary = "waits for all handles to be stopped", .run = freezer },
    { .name = "other", .summary = "has a handle open, and reads", .run = ext4_other_task },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "writepage", EVERYWHERE("ext4_writepage") },
    { "start", EVERYWHERE("ext4_journal_start") },
    { "walk", EVERYWHERE("ext4_walk_page_buffers") },
    { "read", EVERYWHERE("bh_read") },
    { "invalidate", EVERYWHERE("ext4_journalled_invalidate_folio") },
    { "free", EVERYWHERE("try_to_free_buffers") },
    { NULL }
};

static const char *const kinds[] = EXT4_KINDS;

#define HOLDS(variant) { variant, "holds", NULL }
#define FIRES(variant) { variant, "use-after-free", "ext4_walk_page_buffers" }

static const struct hd_workload_info workloads[] = {
    { "to-zero", "the file is cut to nothing", "",
      { FIRES("unpinned"), HOLDS("pinned"), FIRES("mutant-put-before-lock") } },
    { "one-block", "a folio of one block", "block_size=4096",
      { FIRES("unpinned"), HOLDS("pinned"), FIRES("mutant-put-before-lock") } },
    { "reclaim", "negative: reclaim in place of truncation, which references stop",
      "truncater=off",
      { HOLDS("unpinned"), HOLDS("pinned"), FIRES("mutant-put-before-lock") } },
    { "to-a-byte", "negative: cut to one byte, the folio stays, and the length is not zero",
      "size=1", { HOLDS("unpinned"), HOLDS("pinned") } },
    { "cut-before", "negative: the truncation is over before writeback begins",
      "flusher.after=truncater.end", { HOLDS("unpinned"), HOLDS("pinned") } },
    { NULL }
};

const struct hd_scenario ext4_zero_length_writepage = {
    .name = "ext4-zero-length-writepage",
    .summary = "writeback with data=journal of a folio whose file is cut to nothing",
    .passport = {
        .source = "Linux 5.17: fs/ext4/inode.c, fs/jbd2/transaction.c, mm/truncate.c, fs/buffer.c",
        .functions = "flusher: ext4_writepage, __ext4_journalled_writepage, "
                     "ext4_walk_page_buffers with bget_one, folio_unlock, ext4_journal_start, "
                     "folio_lock, do_journal_get_write_access, write_end_fn, ext4_journal_stop, "
                     "ext4_walk_page_buffers with bput_one.  truncater: i_size_write, "
                     "truncate_inode_folio, ext4_journalled_invalidate_folio, "
                     "journal_unmap_buffer, try_to_free_buffers.  reclaimer: shrink_inactive_list, "
                     "ext4_release_folio",
        .kept = "i_size, the length made from it and when; the folio lock, references on folio and "
                "buffers, the ring's memory, journal heads of the running transaction, handles",
        .left_out = "The commit: the file's buffers are in the "
                    "running transaction or in none, and truncation that meets the committing "
                    "one is jbd2-unmap-buffer.  The tail of a file that keeps a part of the folio: "
                    "its buffers are not freed.  Transactions of the truncation itself: they come "
                    "after the page cache's",
        .invariants = "V1 no access to a freed buffer; V4; V5 references balanced on every exit",
        .reference = "kernel commit 5c48a7df9149 describes the broken order.  It dropped the "
                     "references altogether and looks at the buffers again, which opened "
                     "ext4-journalled-writepage; `pinned`, references whatever the length, is our "
                     "repair.  Preemptions: one, as the flusher sleeps for the handle",
        .evidence = HD_STATED_IN_MAIL,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .vary = "block_size size flusher flusher.after truncater truncater.after freezer "
            "freezer.after other other.after reclaimer reclaimer.after",
    .state_bytes = sizeof(struct zero_length),
    .setup = setup,
    .check = check,
};
