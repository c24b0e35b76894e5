/* SPDX-License-Identifier: GPL-2.0-only */
/* fs/ext4/inode.c, Linux 6.1, as far as writepage.h says. */
#include "ext4/writepage.h"

#define INODE_TABLE (MAPPING_FOLIOS - 1) /* the folio that keeps it; no page of the file's */

/* A folio of the device's, not up to date; the file's mapping stands for the device's. */
static struct buffer_head *init_inode_table(struct address_space *mapping)
{
    struct buffer_head *head = create_empty_buffers(folio_alloc(mapping, INODE_TABLE)), *bh = head;

    do {
        hd_owned(bh);
        bh->mapped = true;
        bh = bh->b_this_page;
    } while (bh != head);
    return head;
}

void ext4_mapped_file_init(struct ext4_mapped_file *mapped,
                           const struct address_space_operations *a_ops, uint32_t block_size)
{
    const struct plain_setup start = {
        .a_ops = a_ops,
        .gates = GATES_ALL,
        .i_size = FOLIO_SIZE,
        .block_size = block_size,
        .len = FOLIO_SIZE,
        .cached = true,
        .uptodate = true,
    };
    struct ext4_file *file = &mapped->ext4;
    struct folio *folio;

    plain_file_init(&file->plain, &start);
    ext4_journal_init(file);
    folio = file->plain.mapping.slot[0];
    folio->dirty = 1;
    folio->checked = 1;
    for (unsigned block = 0; block < FOLIO_BLOCKS; block++)
        folio->data[block] = STORED_DATA;
    mapped->inode = init_inode_table(&file->plain.mapping);
}

/* The condition ends the walk back at the head, which is not looked into again. */
void ext4_walk_ring(struct ext4_file *file, struct buffer_head *head, uint64_t from, uint64_t to,
                    void (*fn)(struct ext4_file *file, struct buffer_head *bh))
{
    struct buffer_head *bh = head, *next;
    uint64_t size = file->plain.inode.block_size, start = 0;

    HD_CALL("ext4_walk_page_buffers");
    do {
        next = next_buffer(bh); /* before fn, which may drop the last reference */
        if (start + size > from && start < to)
            fn(file, bh);
        start += size;
        bh = next;
    } while (bh != head);
}

static void write_end_fn(struct ext4_file *file, struct buffer_head *bh)
{
    set_buffer_uptodate(bh);
    ext4_handle_dirty_metadata(file, bh);
}

void ext4_journal_ring(struct ext4_file *file, struct buffer_head *head, uint64_t len)
{
    ext4_walk_ring(file, head, 0, len, do_journal_get_write_access);
    ext4_walk_ring(file, head, 0, len, write_end_fn);
}

uint64_t ext4_folio_len(const struct folio *folio, uint64_t size)
{
    return folio->index == size / FOLIO_SIZE ? size % FOLIO_SIZE : FOLIO_SIZE;
}

/* The look at PG_dirty before the lock stands for the search by the dirty tag. */
void ext4_writepages(void *state, unsigned instance)
{
    struct ext4_file *file = state;
    struct address_space *mapping = &file->plain.mapping;
    struct folio *folio;

    (void)instance;
    HD_CALL("ext4_writepages");
    folio = filemap_get_folio(mapping, 0);
    if (!folio)
        return;
    if (folio_test_dirty(folio)) {
        folio_lock(folio);
        if (folio->mapping == mapping && folio_clear_dirty_for_io(folio))
            mapping->a_ops->writepage(folio);
        else
            folio_unlock(folio);
    }
    folio_put(folio);
}

void ext4_other_task(void *state, unsigned instance)
{
    struct ext4_mapped_file *mapped = state;

    (void)instance;
    HD_CALL("ext4_setattr");
    ext4_journal_start(&mapped->ext4);
    bh_read(mapped->inode);
    ext4_journal_stop(&mapped->ext4);
}
