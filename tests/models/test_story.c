/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The race as a story, step for step: what a reader of the kernel's source is to check.  Two
 * shipped cases, one that fires and the same one in the order that doesn't.
 */
#include "models/replay.h"

#define TEXT_BYTES 16384

/* "actor  function  operation object", a line a step. */
static void write_story(void *context, const struct hd_engine *engine,
                        const struct hd_strategy *guided, const struct hd_execution *execution)
{
    const struct hd_trace *trace = &execution->trace;
    char *text = context, object[64], verdict[2 * HD_NAME_BYTES];
    size_t length = 0;

    (void)guided;
    for (uint32_t i = 0; i < trace->length; i++) {
        const struct hd_step *step = &trace->steps[i];

        (void)hd_object_format(engine, step->object, object, sizeof object);
        length += (size_t)snprintf(text + length, TEXT_BYTES - length, "%s %s: %s %s%s\n",
                                   hd_engine_actor_name(engine, step->actor),
                                   trace->wheres[i].site->function, hd_op_word(step->op), object,
                                   step->outcome ? "" : " failed");
        assert_true(length < TEXT_BYTES);
    }
    (void)hd_verdict_format(&execution->verdict, verdict, sizeof verdict);
    (void)snprintf(text + length, TEXT_BYTES - length, "%s\n", verdict);
}

/* Compares line by line, so that a difference is told as one. */
static void assert_story(const char *story, const char *const *lines)
{
    for (unsigned i = 0; lines[i]; i++) {
        size_t length = strcspn(story, "\n");

        if (strlen(lines[i]) != length || strncmp(story, lines[i], length) != 0)
            fail_msg("step %u: expected '%s', got '%.*s'", i, lines[i], (int)length, story);
        story += length + (story[length] == '\n');
    }
    assert_string_equal(story, "");
}

static void tell(const char *variant, const char *const *lines)
{
    struct hd_case *i1 = load_case(HEDDLE_SOURCE_DIR "/corpus/gfs2-jdata-write/i1.sched");
    static char text[TEXT_BYTES];

    replay_case(i1, (unsigned)hd_variant_find(i1->setting.scenario, variant), write_story, text);
    assert_story(text, lines);
    hd_case_free(i1);
}

static const char *const old_order[] = {
    "writer gfs2_trans_begin: read-lock sd_log_flush_lock",
    "writer filemap_get_folio: read page_cache[0]",
    "writer folio_try_get: tryget folio[0].ref",
    "writer filemap_get_folio: read page_cache[0]",
    "writer folio_lock: lock folio[0].lock",
    "writer folio_test_uptodate: read folio[0].uptodate",
    "writer folio_buffers: read folio[0].private",
    "writer buffer_new: read bh[0].new",
    "writer buffer_mapped: read bh[0].mapped",
    "writer set_buffer_uptodate: read bh[0].uptodate",
    "writer next_buffer: read bh[0].b_this_page",
    "writer copy_page_from_iter_atomic: write folio[0].data",
    "writer folio_buffers: read folio[0].private",
    "writer set_buffer_uptodate: read bh[0].uptodate",
    "writer test_set_buffer_dirty: rmw bh[0]",
    "writer folio_test_set_dirty: rmw folio[0].dirty",
    "writer buffer_new: read bh[0].new",
    "writer next_buffer: read bh[0].b_this_page",
    "writer folio_test_uptodate: read folio[0].uptodate",
    "writer folio_unlock: unlock folio[0].lock",
    "flusher filemap_get_folio: read page_cache[0]",
    "flusher folio_try_get: tryget folio[0].ref",
    "flusher filemap_get_folio: read page_cache[0]",
    "flusher folio_test_dirty: read folio[0].dirty",
    "flusher gfs2_trans_begin: read-lock sd_log_flush_lock",
    "flusher folio_lock: lock folio[0].lock",
    "flusher folio_test_dirty: read folio[0].dirty",
    "flusher folio_test_writeback: read folio[0].writeback",
    "flusher folio_test_clear_dirty: rmw folio[0].dirty",
    "flusher folio_test_checked: read folio[0].checked",
    "flusher i_size_read: read i_size",
    "flusher folio_buffers: read folio[0].private",
    "flusher buffer_mapped: read bh[0].mapped",
    "flusher trylock_buffer: trylock bh[0].lock",
    "flusher test_clear_buffer_dirty: rmw bh[0]",
    "flusher set_buffer_async_write: write bh[0].async_write",
    "flusher next_buffer: read bh[0].b_this_page",
    "flusher folio_set_writeback: write folio[0].writeback",
    "flusher buffer_async_write: read bh[0].async_write",
    "flusher next_buffer: read bh[0].b_this_page",
    "flusher bio_alloc: alloc bio[0]",
    "flusher bio_alloc: read folio[0].data",
    "flusher submit_bh: push bio_queue",
    "flusher folio_unlock: unlock folio[0].lock",
    "flusher gfs2_trans_end: read-unlock sd_log_flush_lock",
    "flusher folio_put: put folio[0].ref",
    "completion serve: serve bio_queue",
    "completion transfer: disk-write disk[0]",
    "completion set_buffer_uptodate: read bh[0].uptodate",
    "completion clear_buffer_async_write: write bh[0].async_write",
    "completion unlock_buffer: unlock bh[0].lock",
    "completion next_buffer: read bh[0].b_this_page",
    "completion folio_test_reclaim: read folio[0].reclaim",
    "completion folio_clear_writeback: write folio[0].writeback",
    "completion end_bio_bh_io_sync: free bio[0]",
    "reclaimer folio_try_get: tryget folio[0].ref",
    "reclaimer isolate_lru_folio: rmw folio[0].lru",
    "reclaimer folio_trylock: trylock folio[0].lock",
    "reclaimer folio_test_writeback: read folio[0].writeback",
    "reclaimer folio_test_dirty: read folio[0].dirty",
    "reclaimer folio_has_private: read folio[0].private",
    "reclaimer folio_test_writeback: read folio[0].writeback",
    "reclaimer folio_buffers: read folio[0].private",
    "reclaimer gfs2_log_lock: lock sd_log_lock",
    "reclaimer cannot_release: read bh[0].b_count",
    "reclaimer cannot_release: read bh[0].b_private",
    "reclaimer buffer_dirty: read bh[0]",
    "reclaimer buffer_pinned: read bh[0].pinned",
    "reclaimer next_buffer: read bh[0].b_this_page",
    "reclaimer release_bufdata: read bh[0].b_private",
    "reclaimer next_buffer: read bh[0].b_this_page",
    "reclaimer gfs2_log_unlock: unlock sd_log_lock",
    "reclaimer folio_test_writeback: read folio[0].writeback",
    "reclaimer try_to_free_buffers: lock private_lock",
    "reclaimer folio_buffers: read folio[0].private",
    "reclaimer buffer_busy: read bh[0].b_count",
    "reclaimer buffer_locked: read bh[0].lock",
    "reclaimer buffer_dirty: read bh[0]",
    "reclaimer next_buffer: read bh[0].b_this_page",
    "reclaimer folio_detach_private: write folio[0].private",
    "reclaimer folio_put: put folio[0].ref",
    "reclaimer folio_test_dirty: read folio[0].dirty",
    "reclaimer try_to_free_buffers: unlock private_lock",
    "reclaimer next_buffer: read bh[0].b_this_page",
    "reclaimer try_to_free_buffers: free bh[0]",
    "reclaimer __remove_mapping: lock i_pages",
    "reclaimer __remove_mapping: rmw folio[0].ref failed",
    "reclaimer __remove_mapping: unlock i_pages",
    "reclaimer folio_unlock: unlock folio[0].lock",
    "reclaimer putback_lru_folio: write folio[0].lru",
    "reclaimer folio_put: put folio[0].ref",
    "writer folio_buffers: read folio[0].private",
    "buffers-missing at gfs2_page_add_databufs",
    NULL,
};

static void i1_in_the_old_order(void **unused)
{
    (void)unused;
    tell("old", old_order);
}

static const char *const merged_order[] = {
    "writer gfs2_trans_begin: read-lock sd_log_flush_lock",
    "writer filemap_get_folio: read page_cache[0]",
    "writer folio_try_get: tryget folio[0].ref",
    "writer filemap_get_folio: read page_cache[0]",
    "writer folio_lock: lock folio[0].lock",
    "writer folio_test_uptodate: read folio[0].uptodate",
    "writer folio_buffers: read folio[0].private",
    "writer buffer_new: read bh[0].new",
    "writer buffer_mapped: read bh[0].mapped",
    "writer set_buffer_uptodate: read bh[0].uptodate",
    "writer next_buffer: read bh[0].b_this_page",
    "writer copy_page_from_iter_atomic: write folio[0].data",
    "writer folio_buffers: read folio[0].private",
    "writer set_buffer_uptodate: read bh[0].uptodate",
    "writer test_set_buffer_dirty: rmw bh[0]",
    "writer folio_test_set_dirty: rmw folio[0].dirty",
    "writer buffer_new: read bh[0].new",
    "writer next_buffer: read bh[0].b_this_page",
    "writer folio_test_uptodate: read folio[0].uptodate",
    "flusher filemap_get_folio: read page_cache[0]",
    "flusher folio_try_get: tryget folio[0].ref",
    "flusher filemap_get_folio: read page_cache[0]",
    "flusher folio_test_dirty: read folio[0].dirty",
    "flusher gfs2_trans_begin: read-lock sd_log_flush_lock",
    "reclaimer folio_try_get: tryget folio[0].ref",
    "reclaimer isolate_lru_folio: rmw folio[0].lru",
    "reclaimer folio_trylock: trylock folio[0].lock failed",
    "reclaimer putback_lru_folio: write folio[0].lru",
    "reclaimer folio_put: put folio[0].ref",
    "writer folio_buffers: read folio[0].private",
    "writer gfs2_trans_add_databufs: read bh[0].b_size",
    "writer set_buffer_uptodate: read bh[0].uptodate",
    "writer lock_buffer: lock bh[0].lock",
    "writer buffer_pinned: read bh[0].pinned",
    "writer gfs2_log_lock: lock sd_log_lock",
    "writer gfs2_trans_add_data: read bh[0].b_private",
    "writer gfs2_log_unlock: unlock sd_log_lock",
    "writer unlock_buffer: unlock bh[0].lock",
    "writer gfs2_trans_add_data: read bh[0].b_private",
    "writer gfs2_alloc_bufdata: alloc bd[0].bd_bh",
    "writer gfs2_alloc_bufdata: write bh[0].b_private",
    "writer lock_buffer: lock bh[0].lock",
    "writer gfs2_log_lock: lock sd_log_lock",
    "writer gfs2_trans_add_data: read bd[0].bd_gl",
    "writer gfs2_trans_add_data: read bd[0].bd_list",
    "writer gfs2_trans_add_data: read bd[0].bd_bh",
    "writer gfs2_pin: write bh[0]",
    "writer test_set_buffer_pinned: rmw bh[0].pinned",
    "writer buffer_uptodate: read bh[0].uptodate",
    "writer gfs2_pin: read bh[0].b_private",
    "writer gfs2_pin: lock sd_ail_lock",
    "writer gfs2_pin: read bd[0].bd_tr",
    "writer gfs2_pin: unlock sd_ail_lock",
    "writer get_bh: rmw bh[0].b_count",
    "writer gfs2_trans_add_data: mark -",
    "writer gfs2_trans_add_data: write bd[0].bd_list",
    "writer gfs2_log_unlock: unlock sd_log_lock",
    "writer unlock_buffer: unlock bh[0].lock",
    "writer next_buffer: read bh[0].b_this_page",
    "writer folio_unlock: unlock folio[0].lock",
    "writer folio_put: put folio[0].ref",
    "writer gfs2_log_lock: lock sd_log_lock",
    "writer gfs2_log_unlock: unlock sd_log_lock",
    "writer gfs2_trans_end: read-unlock sd_log_flush_lock",
    "flusher folio_lock: lock folio[0].lock",
    "flusher folio_test_dirty: read folio[0].dirty",
    "flusher folio_test_writeback: read folio[0].writeback",
    "flusher folio_test_clear_dirty: rmw folio[0].dirty",
    "flusher folio_test_checked: read folio[0].checked",
    "flusher i_size_read: read i_size",
    "flusher folio_buffers: read folio[0].private",
    "flusher buffer_mapped: read bh[0].mapped",
    "flusher trylock_buffer: trylock bh[0].lock",
    "flusher test_clear_buffer_dirty: rmw bh[0]",
    "flusher unlock_buffer: unlock bh[0].lock",
    "flusher next_buffer: read bh[0].b_this_page",
    "flusher folio_set_writeback: write folio[0].writeback",
    "flusher buffer_async_write: read bh[0].async_write",
    "flusher next_buffer: read bh[0].b_this_page",
    "flusher folio_unlock: unlock folio[0].lock",
    "flusher folio_test_reclaim: read folio[0].reclaim",
    "flusher folio_clear_writeback: write folio[0].writeback",
    "flusher gfs2_trans_end: read-unlock sd_log_flush_lock",
    "flusher folio_put: put folio[0].ref",
    "holds",
    NULL,
};

/* The flusher waits, the reclaimer's trylock fails: both for the folio lock, which the writer
 * has. */
static void the_same_schedule_in_the_merged_order(void **unused)
{
    (void)unused;
    tell("merged", merged_order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(i1_in_the_old_order),
        cmocka_unit_test(the_same_schedule_in_the_merged_order),
    };

    return cmocka_run_group_tests_name("story", tests, NULL, NULL);
}
