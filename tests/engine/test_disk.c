/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The disk image, the power, and what is judged when. */
#include "tiny.h"

#define RECOVERS .oracles = HD_ORACLES_ALL & ~HD_ORACLE_BIT(RACE)

struct machine {
    struct hd_disk *disk;
    struct hd_mutex lock;
    uint32_t judged, checked;
};

static void two_blocks(void *state)
{
    ((struct machine *)state)->disk = hd_disk_new(2);
}

/* Block 1 must never be ahead of block 0. */
static void recover(const void *state)
{
    const uint64_t *block = ((const struct machine *)state)->disk->block;

    HD_CHECK(block[1] <= block[0], "torn", "the second block is ahead");
}

static void write_in_order(void *state, unsigned instance)
{
    struct hd_disk *disk = ((struct machine *)state)->disk;

    (void)instance;
    hd_disk_write(disk, 0, 1);
    hd_disk_write(disk, 1, 1);
}

static void write_out_of_order(void *state, unsigned instance)
{
    struct hd_disk *disk = ((struct machine *)state)->disk;

    (void)instance;
    hd_step();
    hd_disk_write(disk, 1, 1);
    hd_disk_write(disk, 0, 1);
}

static void read_both(void *state, unsigned instance)
{
    struct hd_disk *disk = ((struct machine *)state)->disk;
    uint64_t first, second;

    (void)instance;
    second = hd_disk_read(disk, 1);
    first = hd_disk_read(disk, 0);
    HD_CHECK(second <= first, "read-torn", "a reader sees the same order");
}

TINY(in_order, struct machine, ROLES(TASK(write_in_order), TASK(read_both)), .setup = two_blocks,
     .recover = recover, RECOVERS);
TINY(out_of_order, struct machine, ROLES(TASK(write_out_of_order)), .setup = two_blocks,
     .recover = recover, RECOVERS);

static void each_write_is_judged(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &in_order, TINY_BACKEND(state));
    tiny_every(&tiny, 6, 0, NULL);
    tiny_use(&tiny, &out_of_order);
    assert_string_equal(tiny_run(&tiny, "0"), "torn at recover");
    assert_int_equal(tiny.execution.verdict.oracle, HD_ORACLE_DURABILITY);
    assert_int_equal(tiny.execution.verdict.actor, 0);
    assert_int_equal(tiny.execution.verdict.step, 1); /* the write itself, not yet a step */
    assert_int_equal(tiny.execution.trace.length, 1);
    assert_int_equal(tiny.execution.trace.steps[0].op, HD_OP_STEP);
    tiny_oracles(&tiny, HD_ORACLES_ALL & ~HD_ORACLE_BIT(DURABILITY));
    assert_string_equal(tiny_run(&tiny, "000"), "holds"); /* nobody looks in between */
    assert_int_equal(tiny.execution.trace.length, 3);
    tiny_close(&tiny);
}

/* ---- Power loss ------------------------------------------------------------------------------ */

static void work_under_lock(void *state, unsigned instance)
{
    struct machine *machine = state;
    uint32_t *buffer;

    (void)instance;
    hd_mutex_lock(&machine->lock);
    buffer = hd_new(uint32_t);
    hd_disk_write(machine->disk, 0, 1);
    hd_free(buffer);
    hd_mutex_unlock(&machine->lock);
}

static void pull_the_plug(void *state, unsigned instance)
{
    (void)state;
    (void)instance;
    hd_power_loss();
    HD_CHECK(false, "alive", "nothing runs without power");
}

static void checked(void *state)
{
    HD_CHECK(((struct machine *)state)->checked, "checked", "only where all have ended");
}

/* The memory of a machine without power is gone. */
static void one_is_enough(const void *state)
{
    const struct machine *machine = state;

    HD_CHECK(machine->disk->block[0] == 1, "not-written", "lost before it was written");
}

TINY(plug, struct machine, ROLES(TASK(work_under_lock), TASK(pull_the_plug)), .setup = two_blocks,
     .check = checked, .recover = one_is_enough, RECOVERS);
TINY(plug_unjudged, struct machine, ROLES(TASK(work_under_lock), TASK(pull_the_plug)),
     .setup = two_blocks, .check = checked, RECOVERS);

/*
 * lock alloc write free unlock against the loss: 6 places.  In the first three nothing is written;
 * the others hold: neither the lock nor the buffer that is left, nor check(), which expects all to
 * have ended, is then asked about.
 */
static void a_power_loss_ends_it(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &plug, TINY_BACKEND(state));
    tiny_every(&tiny, 6, 3, "not-written");
    assert_string_equal(tiny_run(&tiny, "0001"), "holds");
    assert_int_equal(tiny.execution.trace.length, 4);
    assert_false(tiny.execution.cut);
    assert_string_equal(tiny_run(&tiny, "1"), "not-written at one_is_enough");
    assert_int_equal(tiny.execution.verdict.step, 0);
    tiny_use(&tiny, &plug_unjudged);
    tiny_every(&tiny, 6, 0, NULL);
    tiny_close(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(each_write_is_judged),
        EACH(a_power_loss_ends_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
