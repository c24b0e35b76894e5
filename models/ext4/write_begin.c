/* SPDX-License-Identifier: GPL-2.0-only */
/* Before the copy, and what the two write_ends share: fs/ext4/inode.c, Linux 6.1; the zeroing of
 * partial blocks in 6.12. */
#include "ext4/journalled_file.h"

#define FILE_MAX (MAPPING_FOLIOS * FOLIO_SIZE)

static const char *const block_sizes[] = { "512", "1024", "2048", "4096" };

const struct hd_param_info ext4_params[] = {
    [POS] = { "pos", "where the write starts, bytes", 2048, 0, FILE_MAX - 1 },
    [LEN] = { "len", "bytes asked for, cut at the folio's end", 1024, 1, FOLIO_SIZE },
    [COPIED] = { "copied", "bytes that the copy finds resident", FOLIO_SIZE, 0, FOLIO_SIZE },
    [BLOCK_SIZE] = { "block_size", "bytes", 1, 0, 3, block_sizes },
    [I_SIZE] = { "i_size", "size of the file before, bytes", 1024, 0, FILE_MAX },
    [CACHED] = { "cached", "the folio is in the page cache", 1, 0, 1 },
    [UPTODATE] = { "uptodate", "and is up to date", 1, 0, 1 },
    [DIRTY] = { "dirty", "the folio of the old end is dirty already", 0, 0, 1 },
    [FIRST] = { "first", "byte that the mapper stores to at any time", 0, 0, FILE_MAX - 1 },
    [LATER] = { "later", "and then, once the write is back", 1500, 0, FILE_MAX - 1 },
    { NULL }
};

void ext4_file_init(struct ext4_file *file, const struct write_operations *ops,
                    const struct address_space_operations *a_ops)
{
    const struct plain_setup start = {
        .ops = ops,
        .a_ops = a_ops,
        .gates = GATES_ALL,
        .i_size = hd_param(I_SIZE),
        .block_size = 512u << hd_param(BLOCK_SIZE),
        .pos = hd_param(POS),
        .len = (uint32_t)hd_param(LEN),
        .readable = (uint32_t)hd_param(COPIED),
        .cached = hd_param(CACHED),
        .uptodate = hd_param(UPTODATE),
        .dirty = hd_param(DIRTY),
        .store = { hd_param(FIRST), hd_param(LATER) },
    };

    plain_file_init(&file->plain, &start);
    ext4_journal_init(file);
}

/* The folio is brought in before the handle, and so are its buffers, so that no allocation holds a
 * transaction up; and it is locked after it, as everybody does who needs both. */
void ext4_grab_folio(struct iomap_write *write)
{
    struct address_space *mapping = write->inode->i_mapping;

    write->folio = filemap_grab_folio(mapping, write_index(write));
    if (!folio_has_private(write->folio))
        (void)create_empty_buffers(write->folio);
    folio_unlock(write->folio);
    ext4_journal_start(EXT4_FILE(write));
    folio_lock(write->folio);
    /* Our reference keeps it in the cache: only truncation could have taken it out, and that needs
     * i_rwsem. */
}

void ext4_write_begin(struct iomap_write *write)
{
    HD_CALL("ext4_write_begin");
    ext4_grab_folio(write);
    (void)__block_write_begin_int(write);
}

void ext4_journalled_write_begin(struct iomap_write *write)
{
    uint32_t from = write_offset(write);

    HD_CALL("ext4_write_begin");
    ext4_grab_folio(write);
    (void)__block_write_begin_int(write);
    (void)ext4_walk_page_buffers(write, from, from + write->len, do_journal_get_write_access);
}

bool ext4_walk_page_buffers(struct iomap_write *write, uint32_t from, uint32_t to,
                            void (*fn)(struct ext4_file *file, struct buffer_head *bh))
{
    struct buffer_head *head, *bh;
    uint32_t size, start = 0;
    bool complete = true;

    HD_CALL("ext4_walk_page_buffers");
    head = bh = folio_buffers(write->folio);
    HD_CHECK(head != NULL, "buffers-missing", "page_buffers(): BUG_ON(!PagePrivate(page))");
    size = hd_read_once(&head->b_size);
    do {
        if (block_overlaps(start, start + size, from, to))
            fn(EXT4_FILE(write), bh);
        else if (!buffer_uptodate(bh))
            complete = false;
        start += size;
        bh = next_buffer(bh);
    } while (bh != head);
    return complete;
}

/* Both blocks exist: one has the old last byte, the other is the written one.  A block's version
 * stays: the zeroes lie where neither old data nor new is. */
static void zero_in_block(struct iomap_write *write, uint64_t byte, bool journalled)
{
    struct folio *folio;
    struct buffer_head *bh;

    HD_CALL("ext4_block_zero_page_range");
    folio = filemap_grab_folio(write->inode->i_mapping, byte / FOLIO_SIZE);
    bh = folio_buffers(folio);
    if (!bh)
        bh = create_empty_buffers(folio);
    while (bh_offset(bh) + bh->b_size <= byte % FOLIO_SIZE)
        bh = next_buffer(bh);
    set_buffer_mapped(bh);
    if (folio_test_uptodate(folio))
        set_buffer_uptodate(bh);
    if (!buffer_uptodate(bh))
        bh_read(bh);
    if (journalled) {
        do_journal_get_write_access(EXT4_FILE(write), bh);
        ext4_handle_dirty_metadata(EXT4_FILE(write), bh);
    } else {
        mark_buffer_dirty(bh);
    }
    folio_unlock(folio);
    folio_put(folio);
}

void ext4_zero_partial_blocks(struct iomap_write *write, bool journalled)
{
    uint64_t size = write->inode->block_size, last = write->pos - 1;

    HD_CALL("ext4_zero_partial_blocks");
    if (write->old_size % size != 0)
        zero_in_block(write, write->old_size, journalled);
    if (write->pos % size != 0 && (last / size != write->old_size / size ||
                                   write->old_size % size == 0))
        zero_in_block(write, last, journalled);
}
