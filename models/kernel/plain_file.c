/* SPDX-License-Identifier: GPL-2.0-only */
/* A file on blocks: set-up, the generic write path (mm/filemap.c, fs/buffer.c, Linux 6.1), actors,
 * what must be true at the end. */
#include "kernel/plain_file.h"

/* ---- Set-up ---------------------------------------------------------------------------------- */

static void cache_folio(struct plain_file *file, uint64_t index, bool uptodate, bool dirty)
{
    struct folio *folio;
    struct buffer_head *bh;

    if (index >= MAPPING_FOLIOS || file->mapping.slot[index])
        return;
    folio = folio_alloc(&file->mapping, index);
    file->mapping.slot[index] = folio;
    folio->uptodate = uptodate;
    for (unsigned block = 0; uptodate && block < FOLIO_BLOCKS; block++)
        folio->data[block] = OLD_DATA;
    lruvec_add_folio(&file->lruvec, folio);
    if (!uptodate)
        return;
    folio->dirty = dirty;
    bh = create_empty_buffers(folio);
    do {
        bh->mapped = (uint64_t)bh->b_blocknr * bh->b_size < file->inode.i_size;
        bh->dirty = dirty && bh->mapped;
        bh = bh->b_this_page;
    } while (bh != folio->private);
}

static void name_file(const struct plain_file *file)
{
    hd_name(&file->i_rwsem, "i_rwsem", -1);
    hd_name(&file->table.lock, "page_table", -1);
    hd_name(&file->written, "written", -1);
    hd_name(&file->mapping.i_pages, "i_pages", -1);
    hd_name(&file->mapping.private_lock, "private_lock", -1);
    hd_name(&file->inode.i_size, "i_size", -1);
    hd_name(&file->bdev.queue, "bio_queue", -1);
    for (int i = 0; i < (int)MAPPING_FOLIOS; i++)
        hd_name(&file->mapping.slot[i], "page_cache", i);
    for (int i = 0; i < (int)DEVICE_BLOCKS; i++)
        hd_name(&file->bdev.disk->block[i], "disk", i);
}

void plain_file_init(struct plain_file *file, const struct plain_setup *setup)
{
    uint32_t room = FOLIO_SIZE - (uint32_t)(setup->pos % FOLIO_SIZE);

    file->ops = setup->ops;
    file->bdev.disk = hd_disk_new(DEVICE_BLOCKS);
    for (unsigned block = 0; block < DEVICE_BLOCKS; block++)
        file->bdev.disk->block[block] = OLD_DATA;
    file->inode = (struct inode){ .i_size = setup->i_size, .i_mapping = &file->mapping,
                                  .block_size = setup->block_size };
    file->mapping.a_ops = setup->a_ops;
    file->mapping.bdev = &file->bdev;
    file->mapping.host = &file->inode;
    file->mapping.gates = setup->gates;
    file->mapping.i_mmap = &file->table;
    file->lruvec.mapping = &file->mapping;
    file->write = (struct iomap_write){
        .inode = &file->inode,
        .pos = setup->pos,
        .len = setup->len < room ? setup->len : room,
        .readable = setup->readable,
        .data = WRITTEN_DATA,
    };
    file->truncate = setup->truncate;
    file->stores_only = setup->stores_only;
    file->store[0] = setup->store[0];
    file->store[1] = setup->store[1];
    name_file(file);
    if (setup->i_size % FOLIO_SIZE != 0)
        cache_folio(file, setup->i_size / FOLIO_SIZE, true, setup->dirty);
    if (setup->cached)
        cache_folio(file, write_index(&file->write), setup->uptodate, false);
}

/* ---- The write path -------------------------------------------------------------------------- */

void block_write_begin(struct iomap_write *write)
{
    HD_CALL("block_write_begin");
    write->folio = filemap_grab_folio(write->inode->i_mapping, write_index(write));
    (void)__block_write_begin_int(write);
}

void generic_perform_write(const struct write_operations *ops, struct iomap_write *write)
{
    HD_CALL("generic_perform_write");
    ops->write_begin(write);
    copy_page_from_iter_atomic(write);
    ops->write_end(write);
}

/* A filesystem without a ->release_folio of its own. */
static bool release_folio(struct folio *folio)
{
    return try_to_free_buffers(folio);
}

const struct address_space_operations block_aops = {
    .release_folio = release_folio,
    .writepage = __block_write_full_page,
};

/* ---- Actors ---------------------------------------------------------------------------------- */

/* V7 is judged at the last moment at which it may still come true. */
static void inode_unlock(struct plain_file *file)
{
    uint64_t from = file->write.old_size, to = file->write.pos;
    bool writable;

    HD_CALL("inode_unlock");
    if (!file->stores_only && isize_extension_needs_fault(from, to, file->inode.block_size,
                                                          FOLIO_SIZE, file->truncate)) {
        writable = page_is_writable_since(&file->mapping, from / FOLIO_SIZE, to);
        HD_CHECK(!writable, "page-not-protected",
                 "blocks of a page are inside the file now, and stores to them will not fault");
    }
    hd_up_write(&file->i_rwsem);
}

static void truncate_up(struct plain_file *file)
{
    file->write.old_size = file->inode.i_size; /* ours to read: i_rwsem */
    truncate_setsize_up(&file->inode, file->write.pos);
}

void plain_writer(void *state, unsigned instance)
{
    struct plain_file *file = state;

    (void)instance;
    hd_down_write(&file->i_rwsem);
    if (file->truncate)
        truncate_up(file);
    else
        generic_perform_write(file->ops, &file->write);
    inode_unlock(file);
    hd_complete_all(&file->written);
}

/* Did the write itself make the byte's block? */
static bool is_written(const struct plain_file *file, uint64_t byte)
{
    uint64_t size = file->inode.block_size, start = size_round_down(file->write.pos, size);

    return !file->truncate && byte >= start && byte < file->write.pos + file->write.copied;
}

/* A store that begins after write(2) has returned, so it has its promise. */
static void promised_store(struct plain_file *file, unsigned task, uint64_t byte)
{
    enum store store;
    uint64_t size;

    HD_CALL("promised_store");
    size = i_size_read(&file->inode);
    store = user_store(&file->mapping, task, byte, STORED_DATA);
    if (byte >= size || is_written(file, byte))
        return;
    HD_CHECK(store != STORE_UNPREPARED, "store-lost",
             "a store inside the file did not fault, and its block does not exist");
}

void plain_mapper(void *state, unsigned instance)
{
    struct plain_file *file = state;

    (void)user_store(&file->mapping, instance, file->store[0], STORED_DATA);
    hd_wait_for_completion(&file->written);
    promised_store(file, instance, file->store[1]);
}

/* WB_SYNC_NONE, one folio; the look at PG_dirty stands for the search by the dirty tag. */
void plain_flusher(void *state, unsigned instance)
{
    struct plain_file *file = state;
    struct folio *folio;

    (void)instance;
    HD_CALL("generic_writepages");
    folio = filemap_get_folio(&file->mapping, write_index(&file->write));
    if (!folio)
        return;
    if (folio_test_dirty(folio)) {
        folio_lock(folio);
        if (folio_mkclean(folio)) /* folio_clear_dirty_for_io() */
            folio_mark_dirty(folio);
        if (folio_test_writeback(folio) || !folio_clear_dirty_for_io(folio))
            folio_unlock(folio);
        else
            file->mapping.a_ops->writepage(folio);
    }
    folio_put(folio);
}

void plain_completion(void *state, void *item)
{
    (void)state;
    end_bio_bh_io_sync(item);
}

void plain_reclaimer(void *state, unsigned instance)
{
    struct plain_file *file = state;

    (void)instance;
    shrink_inactive_list(&file->lruvec, false);
}

/* Reads the folio under write, as far as the file goes. */
void plain_reader(void *state, unsigned instance)
{
    struct plain_file *file = state;
    struct folio *folio;
    uint64_t size;

    (void)instance;
    HD_CALL("generic_file_read_iter");
    size = i_size_read(&file->inode);
    if (size <= write_index(&file->write) * FOLIO_SIZE)
        return;
    folio = filemap_read_folio(&file->mapping, write_index(&file->write));
    folio_put(folio);
}

/* ---- The end: plain C, nobody else runs ------------------------------------------------------ */

static void check_folio(const struct plain_file *file, const struct folio *folio,
                        int32_t (*held)(const struct buffer_head *bh))
{
    const struct buffer_head *bh = folio->private;
    int32_t expected = 1 + (bh != NULL) + page_mapcount(&file->table, folio);

    HD_CHECK(folio->ref.count == expected, "reference-left",
             "a folio's count is not what page cache, buffers and page tables hold");
    while (bh) {
        HD_CHECK(bh->b_count == (held ? held(bh) : 0), "reference-left",
                 "a buffer's count is not what the filesystem holds");
        hd_owned(bh);
        if (bh->b_private)
            hd_owned(bh->b_private);
        bh = bh->b_this_page;
        if (bh == folio->private)
            break;
    }
}

/* A store may have come after the write. */
static bool is_new(uint64_t data)
{
    return data == WRITTEN_DATA || data == STORED_DATA;
}

static bool is_safe(const struct plain_file *file, uint64_t block,
                    bool (*safe)(const struct plain_file *, const struct buffer_head *))
{
    const struct folio *folio = file->mapping.slot[write_index(&file->write)];
    const struct buffer_head *bh = folio ? folio->private : NULL;

    if (is_new(file->bdev.disk->block[block]))
        return true;
    while (bh && bh->b_blocknr != block)
        bh = bh->b_this_page;
    if (!bh || !is_new(*bh_data(bh)))
        return false;
    return (bh->dirty && folio->dirty) || (safe && safe(file, bh));
}

void plain_check(const struct plain_file *file, int32_t (*held)(const struct buffer_head *bh),
                 bool (*safe)(const struct plain_file *file, const struct buffer_head *bh))
{
    const struct iomap_write *write = &file->write;
    uint64_t size = file->inode.block_size;

    for (unsigned i = 0; i < MAPPING_FOLIOS; i++)
        if (file->mapping.slot[i])
            check_folio(file, file->mapping.slot[i], held);
    for (uint64_t byte = write->pos; byte < write->pos + write->copied;
         byte = size_round_down(byte, size) + size)
        HD_CHECK(is_safe(file, byte / size, safe), "data-lost",
                 "accepted data is neither on the disk nor going to be written");
}
