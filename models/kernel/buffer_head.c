/* SPDX-License-Identifier: GPL-2.0-only */
/* Buffer heads: fs/buffer.c, Linux 6.1. */
#include "kernel/buffer_head.h"

void lock_buffer(struct buffer_head *bh)
{
    hd_bit_lock(&bh->lock);
}

bool trylock_buffer(struct buffer_head *bh)
{
    return hd_bit_trylock(&bh->lock);
}

void unlock_buffer(struct buffer_head *bh)
{
    hd_bit_unlock(&bh->lock);
}

void brelse(struct buffer_head *bh)
{
    int32_t before = hd_fetch_add(&bh->b_count, -1);

    HD_CHECK(before > 0, "brelse-free", "releases a buffer head that has no reference");
}

static void name_buffer(const struct buffer_head *bh)
{
    int i = (int)bh->b_blocknr;

    hd_name(bh, "bh", i);
    hd_name(&bh->uptodate, "bh.uptodate", i);
    hd_name(&bh->async_write, "bh.async_write", i);
    hd_name(&bh->pinned, "bh.pinned", i);
    hd_name(&bh->mapped, "bh.mapped", i);
    hd_name(&bh->new, "bh.new", i);
    hd_name(&bh->lock, "bh.lock", i);
    hd_name(&bh->b_count, "bh.b_count", i);
    hd_name(&bh->b_size, "bh.b_size", i);
    hd_name(&bh->b_this_page, "bh.b_this_page", i);
    hd_name(&bh->b_private, "bh.b_private", i);
}

static struct buffer_head *alloc_buffer_head(struct folio *folio, uint32_t size, uint32_t nth)
{
    struct buffer_head *bh = hd_new(struct buffer_head);

    bh->b_size = size;
    bh->b_blocknr = (uint32_t)folio->index * (FOLIO_SIZE / size) + nth;
    bh->b_bdev = folio->mapping->bdev;
    bh->b_folio = folio;
    name_buffer(bh);
    return bh;
}

/* Plain stores into what only we know; folio_attach_private() publishes it. */
struct buffer_head *create_empty_buffers(struct folio *folio)
{
    uint32_t size = folio->mapping->host->block_size, count = FOLIO_SIZE / size;
    struct buffer_head *buffer[FOLIO_BLOCKS];
    bool uptodate, dirty;

    HD_CALL("create_empty_buffers");
    for (uint32_t i = 0; i < count; i++)
        buffer[i] = alloc_buffer_head(folio, size, i);
    hd_spin_lock(&folio->mapping->private_lock);
    uptodate = folio_test_uptodate(folio);
    dirty = folio_test_dirty(folio);
    for (uint32_t i = 0; i < count; i++) {
        buffer[i]->b_this_page = buffer[(i + 1) % count];
        buffer[i]->uptodate = uptodate;
        buffer[i]->dirty = dirty;
    }
    folio_attach_private(folio, buffer[0]);
    hd_spin_unlock(&folio->mapping->private_lock);
    return buffer[0];
}

/* The xarray's dirty tag and the inode's I_DIRTY_PAGES follow PG_dirty; a flusher here looks at
 * PG_dirty in their place. */
void mark_buffer_dirty(struct buffer_head *bh)
{
    if (!test_set_buffer_dirty(bh))
        (void)folio_test_set_dirty(bh->b_folio);
}

/*
 * b_count is one read and the state another, as in the kernel, which has both bits in one word.
 * Two reads of ours are as good as that one: to be fooled they would need BH_Dirty set before the
 * first and cleared before the second, with the folio locked.  Only a second writer's pin could do
 * that.
 */
static bool buffer_busy(struct buffer_head *bh, const struct address_space *mapping)
{
    int32_t count = hd_read_once(&bh->b_count);

    if (count && has_gate(mapping, GATE_B_COUNT))
        return true;
    if (buffer_locked(bh) && has_gate(mapping, GATE_WRITEBACK))
        return true;
    return buffer_dirty(bh) && has_gate(mapping, GATE_DIRTY);
}

/* R10: all of them or none. */
static struct buffer_head *drop_buffers(struct folio *folio)
{
    struct buffer_head *head, *bh;

    HD_CALL("drop_buffers");
    head = bh = folio_buffers(folio);
    do {
        if (buffer_busy(bh, folio->mapping))
            return NULL;
        bh = next_buffer(bh);
    } while (bh != head);
    folio_detach_private(folio);
    return head;
}

/* Clean buffers speak for the folio.  That is true as long as nobody could dirty it since they were
 * looked at, and private_lock is what keeps folio_mark_dirty() away. */
static void cancel_dirty(struct folio *folio)
{
    if (folio_test_dirty(folio))
        folio_clear_dirty(folio);
}

bool try_to_free_buffers(struct folio *folio)
{
    struct address_space *mapping = folio->mapping;
    struct buffer_head *head, *bh, *next;

    HD_CALL("try_to_free_buffers");
    if (folio_test_writeback(folio) && has_gate(mapping, GATE_WRITEBACK)) /* R9 */
        return false;
    hd_spin_lock(&mapping->private_lock);
    head = drop_buffers(folio);
    if (head && has_gate(mapping, GATE_CANCEL))
        cancel_dirty(folio); /* R11 */
    hd_spin_unlock(&mapping->private_lock);
    if (!head)
        return false;
    if (!has_gate(mapping, GATE_CANCEL))
        cancel_dirty(folio);
    bh = head;
    do { /* R12: at once, not after a grace period */
        next = next_buffer(bh);
        hd_free(bh);
        bh = next;
    } while (bh != head);
    return true;
}
