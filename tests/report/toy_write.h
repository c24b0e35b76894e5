/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * toy-write: the gfs2 race in miniature.  The writer unlocks its folio before (old) or after
 * (merged) it looks at the folio's buffer; meanwhile it is written back and reclaimed.
 */
#ifndef TOY_WRITE_H
#define TOY_WRITE_H

#include "heddle/model.h"

struct buffer {
    uint32_t pinned;
};

struct folio {
    struct hd_bitlock lock;
    uint8_t dirty;
    struct buffer *buffer;
};

struct toy {
    struct folio folio;
    struct hd_queue bios;
};

static void folio_lock(struct folio *folio)
{
    hd_bit_lock(&folio->lock);
}

static bool folio_trylock(struct folio *folio)
{
    return hd_bit_trylock(&folio->lock);
}

static void folio_unlock(struct folio *folio)
{
    hd_bit_unlock(&folio->lock);
}

static bool folio_test_dirty(struct folio *folio)
{
    return hd_read_once(&folio->dirty);
}

static void folio_set_dirty(struct folio *folio, uint8_t dirty)
{
    hd_write_once(&folio->dirty, dirty);
}

static struct buffer *page_buffers(struct folio *folio)
{
    HD_CALL("page_buffers");
    struct buffer *buffer = hd_read_once(&folio->buffer);

    HD_CHECK(buffer != NULL, "buffers-missing", "the folio has lost its buffers");
    return buffer;
}

static void add_buffers(struct folio *folio)
{
    HD_CALL("add_buffers");
    hd_write_once(&page_buffers(folio)->pinned, 1);
}

static void page_done(struct folio *folio)
{
    HD_CALL("page_done");
    add_buffers(folio);
}

static void put_folio(struct folio *folio)
{
    HD_CALL("put_folio");
    add_buffers(folio);
    folio_unlock(folio);
}

static void toy_writer(void *state, unsigned instance)
{
    struct toy *toy = state;

    HD_CALL("write_iter");
    (void)instance;
    folio_lock(&toy->folio);
    folio_set_dirty(&toy->folio, 1);
    if (hd_variant() == 1) {
        put_folio(&toy->folio);
        return;
    }
    folio_unlock(&toy->folio);
    page_done(&toy->folio);
}

static void toy_flusher(void *state, unsigned instance)
{
    struct toy *toy = state;

    HD_CALL("write_pages");
    (void)instance;
    folio_lock(&toy->folio);
    if (folio_test_dirty(&toy->folio))
        hd_push(&toy->bios, &toy->folio);
    folio_unlock(&toy->folio);
}

static void toy_completion(void *state, void *item)
{
    HD_CALL("end_write");
    (void)state;
    folio_set_dirty(item, 0);
}

static void free_buffers(struct folio *folio)
{
    HD_CALL("free_buffers");
    struct buffer *buffer = hd_xchg(&folio->buffer, NULL);

    if (buffer)
        hd_free(buffer);
}

static void toy_reclaimer(void *state, unsigned instance)
{
    struct toy *toy = state;

    HD_CALL("shrink_list");
    (void)instance;
    if (!folio_trylock(&toy->folio))
        return;
    if (!folio_test_dirty(&toy->folio))
        free_buffers(&toy->folio);
    folio_unlock(&toy->folio);
}

static void toy_setup(void *state)
{
    struct toy *toy = state;

    toy->folio.buffer = hd_new(struct buffer);
    hd_owned(toy->folio.buffer);
    hd_name(&toy->folio, "folio", 0);
    hd_name(&toy->folio.lock, "folio.lock", 0);
    hd_name(&toy->folio.dirty, "folio.dirty", 0);
    hd_name(&toy->folio.buffer, "folio.private", 0);
    hd_name(toy->folio.buffer, "bh", 0);
    hd_name(&toy->bios, "bios", -1);
}

static const struct hd_variant_info old_and_merged[] = {
    { "old", "the folio is unlocked before its buffers are added", HD_BROKEN },
    { "merged", "the buffers are added under the folio's lock", HD_FIXED },
    { NULL },
};
static const struct hd_role_info toy_roles[] = {
    { .name = "writer", .summary = "writes a folio", .run = toy_writer },
    { .name = "flusher", .summary = "writes it back", .run = toy_flusher },
    { .name = "completion", .summary = "the disk's interrupt", .kind = HD_SERVICE,
      .serve = toy_completion, .queue_offset = offsetof(struct toy, bios) },
    { .name = "reclaimer", .summary = "frees what is clean", .run = toy_reclaimer },
    { NULL },
};
static const struct hd_landmark_info toy_landmarks[] = {
    { "hook", { "page_done", "put_folio" } },
    { NULL },
};
static const char *const toy_kinds[] = { "buffers-missing", NULL };
static const struct hd_scenario toy_write = {
    .name = "toy-write",
    .summary = "the gfs2 race in miniature",
    .passport = { .source = "none", .invariants = "a folio being written has its buffers",
                  .evidence = HD_SYNTHETIC },
    .variants = old_and_merged,
    .roles = toy_roles,
    .landmarks = toy_landmarks,
    .kinds = toy_kinds,
    .state_bytes = sizeof(struct toy),
    .setup = toy_setup,
};

#endif
