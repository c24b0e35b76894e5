/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lost-dirty-bit: whose dirty bit does reclaim clear?
 *
 * Once a folio's clean buffers are off, its dirty bit says nothing and is cleared.  A process that
 * unmaps the folio hands its PTE dirty bit on without the folio lock: before, it would have made
 * the buffers dirty, and they would not have come off; afterwards it finds none, and sets PG_dirty
 * alone.  If the clearing comes only then, a store is forgotten.
 */
#include "kernel/plain_file.h"

enum param { RECLAIM, STORED };
enum variant { LATE_CLEAR, LINUX_6_1, UNLOCKED_DIRTY };
enum reclaim { RECLAIM_DIRECT, RECLAIM_ACTIVE };

static const char *const reclaims[] = { "direct", "active" };

static const struct hd_param_info params[] = {
    [RECLAIM] = { "reclaim", "what the reclaimer is", RECLAIM_DIRECT, 0, 1, reclaims },
    [STORED] = { "stored", "the process has stored to the page", 1, 0, 1 },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "late-clear", "2.6.20-rc: PG_dirty is cleared after private_lock is dropped", HD_BROKEN },
    { "linux-6.1", "PG_dirty is cleared with private_lock held", HD_FIXED },
    { "mutant-unlocked-dirty", "linux-6.1, and dirtying does not take private_lock", HD_MUTANT },
    { NULL }
};

/* block_dirty_folio() as the mutant has it. */
static void dirty_unlocked(struct folio *folio)
{
    struct buffer_head *head, *bh;

    HD_CALL("block_dirty_folio");
    head = bh = folio_buffers(folio);
    while (bh) {
        set_buffer_dirty(bh);
        bh = next_buffer(bh);
        if (bh == head)
            break;
    }
    (void)folio_test_set_dirty(folio);
}

static void unmapper(void *state, unsigned instance)
{
    struct plain_file *file = state;

    zap_pte_range(&file->mapping, instance, 0,
                  hd_variant() == UNLOCKED_DIRTY ? dirty_unlocked : folio_mark_dirty);
}

static void reclaimer(void *state, unsigned instance)
{
    struct plain_file *file = state;

    (void)instance;
    if (hd_param(RECLAIM) == RECLAIM_ACTIVE)
        shrink_active_list(&file->lruvec);
    else
        shrink_inactive_list(&file->lruvec, false);
}

/* One process maps the page and has stored to it; since then nobody has asked its PTE. */
static void setup(void *state)
{
    const struct plain_setup start = {
        .a_ops = &block_aops,
        .gates = hd_variant() == LATE_CLEAR ? GATES_ALL & ~(unsigned)GATE_CANCEL : GATES_ALL,
        .i_size = FOLIO_SIZE,
        .block_size = FOLIO_SIZE,
        .len = FOLIO_SIZE,
        .cached = true,
        .uptodate = true,
    };
    struct plain_file *file = state;
    struct folio *folio;
    bool stored = hd_param(STORED);

    plain_file_init(file, &start);
    folio = file->mapping.slot[0];
    folio->ref.count++;
    folio->data[0] = stored ? STORED_DATA : OLD_DATA;
    file->table.pte[0][0] = (struct pte){ .folio = folio, .write = stored, .dirty = stored,
                                          .i_size = FOLIO_SIZE };
}

/* Once the process is gone, PG_dirty alone says that there is something to write. */
static void check(void *state)
{
    const struct plain_file *file = state;
    const struct folio *folio = file->mapping.slot[0];
    const struct buffer_head *bh = folio ? folio->private : NULL;

    plain_check(file, NULL, NULL);
    if (file->table.pte[0][0].dirty || file->bdev.disk->block[0] == STORED_DATA ||
        !hd_param(STORED))
        return;
    HD_CHECK(folio && folio->dirty && (!bh || bh->dirty), "data-lost",
             "a store is not on the disk, and nothing says that it has to be written");
}

static const struct hd_role_info roles[] = {
    { .name = "unmapper", .summary = "a process that has stored, and ends", .run = unmapper },
    { .name = "reclaimer", .summary = "memory pressure, see the key reclaim", .run = reclaimer },
    { .name = "flusher", .summary = "background writeback", .run = plain_flusher },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = plain_completion, .queue_offset = offsetof(struct plain_file, bdev.queue) },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "zap", EVERYWHERE("zap_pte_range") },
    { "dirty", EVERYWHERE("block_dirty_folio") },
    { "free", EVERYWHERE("try_to_free_buffers") },
    { "drop", EVERYWHERE("drop_buffers") },
    { "submit", EVERYWHERE("__block_write_full_page") },
    { NULL }
};

static const char *const kinds[] = { PLAIN_KINDS, NULL };

#define HOLDS(variant) { variant, "holds", NULL }
#define FIRES(variant) { variant, "data-lost", "check" }

static const struct hd_workload_info workloads[] = {
    { "unmap", "a PTE dirty bit is handed on while the buffers come off", "",
      { FIRES("late-clear"), HOLDS("linux-6.1"),
        { "mutant-unlocked-dirty", "use-after-free", "block_dirty_folio" } } },
    { "active", "active folios stripped of buffers", "reclaim=active",
      { FIRES("late-clear"), HOLDS("linux-6.1") } },
    { "no-flusher", "nobody writes meanwhile", "flusher=off",
      { FIRES("late-clear"), HOLDS("linux-6.1") } },
    { "not-stored", "negative: nothing was stored", "stored=0",
      { HOLDS("late-clear"), HOLDS("linux-6.1"), HOLDS("mutant-unlocked-dirty") } },
    { "unmapped-before", "negative: reclaim comes when the buffers are dirty",
      "reclaimer.after=unmapper.end",
      { HOLDS("late-clear"), HOLDS("linux-6.1"), HOLDS("mutant-unlocked-dirty") } },
    { NULL }
};

const struct hd_scenario lost_dirty_bit = {
    .name = "lost-dirty-bit",
    .summary = "the release of clean buffers clears a dirty bit that is not theirs",
    .passport = {
        .source = "Linux 2.6.20-rc1 and 6.1.192: fs/buffer.c, mm/memory.c, mm/vmscan.c",
        .functions = "unmapper: zap_pte_range, block_dirty_folio.  reclaimer: "
                     "shrink_inactive_list or shrink_active_list, filemap_release_folio, "
                     "try_to_free_buffers, drop_buffers, folio_cancel_dirty.  flusher: "
                     "folio_mkclean, __block_write_full_page.  completion: "
                     "end_buffer_async_write",
        .kept = "private_lock and what it is held over, PG_dirty, BH_Dirty, the PTE's dirty bit "
                "and the page-table lock, buffers and their memory, contents in memory and in "
                "place",
        .left_out = "The store: it has been made, through an entry that does not fault, as where "
                    "writes to a mapping aren't accounted; an accounted one sets PG_dirty by the "
                    "same function, from the fault.  try_to_unmap(): reclaim would do the "
                    "unmapper's work itself, under the folio lock and so in order; a mapped folio "
                    "whose reference makes __remove_mapping() refuse still loses its buffers.  "
                    "Accounting of dirty pages",
        .invariants = "V6 a store that came after the last clean point is written some time, or "
                      "PG_dirty says that it has to be; V1 V4 V5",
        .reference = "kernel commit 46d2277c796f, reverted by ecdfc9787fe5; the rule of 6.1 is "
                     "read in source.  Preemptions: one",
        .evidence = HD_STATED_IN_MAIL,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .vary = "reclaim stored unmapper.after reclaimer reclaimer.after flusher "
            "flusher.after",
    .state_bytes = sizeof(struct plain_file),
    .setup = setup,
    .check = check,
};
