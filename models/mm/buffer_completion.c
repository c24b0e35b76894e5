/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * buffer-completion: the interrupt that unlocks a buffer, and then drops its reference.
 *
 * Some readers have their buffer head on the stack.  They wait for BH_Lock; once it is clear they
 * return, and their frame belongs to whoever is called next.  An interrupt that touches the buffer
 * after the unlock writes there.  On a buffer of a folio's, what it has left then keeps the buffer:
 * the reference in one order, the lock in the other.
 */
#include "kernel/plain_file.h"

enum param { BUFFER };
enum variant { UNLOCK_THEN_PUT, PUT_THEN_UNLOCK, NO_LOCK_TEST };
enum buffer { ON_STACK, IN_CACHE };

static const char *const buffers[] = { "on-stack", "in-cache" };

static const struct hd_param_info params[] = {
    [BUFFER] = { "buffer", "where the reader's buffer head is", ON_STACK, 0, 1, buffers },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "unlock-then-put", "set BH_Uptodate, unlock, drop the reference", HD_BROKEN },
    { "put-then-unlock", "drop the reference, set BH_Uptodate, unlock", HD_FIXED },
    { "mutant-no-lock-test", "put-then-unlock, and reclaim frees locked buffers", HD_MUTANT },
    { NULL }
};

struct reading {
    struct plain_file plain;
    struct hd_waitq bit_wait; /* where BH_Lock is waited for: no part of the buffer */
    struct folio *folio;
};

static void end_buffer_read_sync(struct buffer_head *bh)
{
    struct reading *reading = hd_state();

    HD_CALL("end_buffer_read_sync");
    if (hd_variant() != UNLOCK_THEN_PUT)
        brelse(bh);
    set_buffer_uptodate(bh);
    unlock_buffer(bh);
    hd_wake_up(&reading->bit_wait);
    if (hd_variant() == UNLOCK_THEN_PUT)
        brelse(bh);
}

static void submit_read(struct buffer_head *bh)
{
    get_bh(bh);
    submit_bh(bh, false, end_buffer_read_sync);
}

/* The frame of the reading function: it lives until the function returns. */
static void read_on_stack(struct reading *reading)
{
    struct buffer_head *bh = hd_new(struct buffer_head);
    bool uptodate;

    HD_CALL("__bh_read");
    hd_name(bh, "stack.bh", -1);
    bh->b_size = FOLIO_SIZE;
    bh->b_bdev = &reading->plain.bdev;
    bh->b_folio = reading->folio;
    set_buffer_mapped(bh);
    lock_buffer(bh);
    submit_read(bh);
    hd_wait_event(&reading->bit_wait, !buffer_locked(bh));
    uptodate = buffer_uptodate(bh);
    HD_CHECK(uptodate, "read-failed", "the buffer is unlocked, and has not been read");
    hd_free(bh);
}

/* Read-ahead of a block: nobody waits.  Whoever looked the buffer up has a reference so long. */
static void read_ahead(struct reading *reading)
{
    struct buffer_head *bh;

    HD_CALL("bh_readahead");
    hd_spin_lock(&reading->plain.mapping.private_lock);
    bh = folio_buffers(reading->folio);
    if (bh)
        get_bh(bh);
    hd_spin_unlock(&reading->plain.mapping.private_lock);
    if (!bh)
        return;
    if (trylock_buffer(bh))
        submit_read(bh);
    brelse(bh);
}

static void reader(void *state, unsigned instance)
{
    struct reading *reading = state;

    (void)instance;
    if (hd_param(BUFFER) == ON_STACK)
        read_on_stack(reading);
    else
        read_ahead(reading);
}

static void setup(void *state)
{
    struct reading *reading = state;
    const struct plain_setup start = {
        .a_ops = &block_aops,
        .gates = hd_variant() == NO_LOCK_TEST ? GATES_ALL & ~(unsigned)GATE_WRITEBACK : GATES_ALL,
        .i_size = FOLIO_SIZE,
        .block_size = FOLIO_SIZE,
        .len = FOLIO_SIZE,
        .cached = true,
    };

    plain_file_init(&reading->plain, &start);
    hd_name(&reading->bit_wait, "bit_wait", -1);
    reading->folio = reading->plain.mapping.slot[0];
    if (hd_param(BUFFER) == IN_CACHE)
        create_empty_buffers(reading->folio)->mapped = true;
}

static void check(void *state)
{
    const struct reading *reading = state;

    plain_check(&reading->plain, NULL, NULL);
}

static const struct hd_role_info roles[] = {
    { .name = "reader", .summary = "reads one block", .run = reader },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = plain_completion, .queue_offset = offsetof(struct reading, plain.bdev.queue) },
    { .name = "reclaimer", .summary = "memory pressure", .run = plain_reclaimer, .off = true },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "end-io", EVERYWHERE("end_buffer_read_sync") },
    { "free", EVERYWHERE("try_to_free_buffers") },
    { NULL }
};

static const char *const kinds[] = { PLAIN_KINDS, "read-failed", NULL };

#define HOLDS(variant) { variant, "holds", NULL }

static const struct hd_workload_info workloads[] = {
    { "on-stack", "the buffer head is in the reader's frame", "",
      { { "unlock-then-put", "use-after-free", "end_buffer_read_sync" },
        HOLDS("put-then-unlock") } },
    { "in-cache", "negative: it is a folio's, and reclaim is about; reference or lock keep it",
      "buffer=in-cache reclaimer=on",
      { HOLDS("unlock-then-put"), HOLDS("put-then-unlock"),
        { "mutant-no-lock-test", "use-after-free", "end_buffer_read_sync" } } },
    { "no-reclaim", "negative: nobody frees a buffer", "buffer=in-cache",
      { HOLDS("unlock-then-put"), HOLDS("put-then-unlock"), HOLDS("mutant-no-lock-test") } },
    { NULL }
};

const struct hd_scenario buffer_completion = {
    .name = "buffer-completion",
    .summary = "the end of a read touches a buffer that it has unlocked",
    .passport = {
        .source = "Linux 6.1 and 6.12: fs/buffer.c, mm/vmscan.c; both Debian kernels have the "
                  "fixed order",
        .functions = "reader: __bh_read, lock_buffer, submit_bh, wait_on_buffer, return; or "
                     "bh_readahead.  completion: end_bio_bh_io_sync, end_buffer_read_sync.  "
                     "reclaimer: shrink_inactive_list, try_to_free_buffers, drop_buffers",
        .kept = "the buffer's memory and when it ends, BH_Lock and who waits for it without "
                "taking it, BH_Uptodate, b_count, every gate of reclaim",
        .left_out = "What the stack is used for next: a write to a frame that is gone is the "
                    "verdict.  Read errors: they take the same path.  The wait queue's memory: it "
                    "is one of a hash table, so the wake-up touches nothing of the buffer.  The "
                    "folio lock, which a reader of a whole folio holds: it stops reclaim, which "
                    "is no part of the broken case",
        .invariants = "V1 no access to a buffer head that is gone; V5 references balanced",
        .reference = "kernel commit 7375f22495e7, whose argument is that a locked buffer can't be "
                     "freed; the order is read in source.  Preemptions: one",
        .evidence = HD_READ_IN_SOURCE,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .vary = "buffer reader reader.after reclaimer.after",
    .state_bytes = sizeof(struct reading),
    .setup = setup,
    .check = check,
};
