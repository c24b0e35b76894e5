/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * power: the write-ahead rule.  Two blocks change together; the log must have both before either
 * is written in place, or a power loss in between leaves one of each.
 *
 * Exact, by hand.  The journal writes the log (L) and says so; the flusher writes the two blocks
 * (F F). `unordered`: of the orders L F F, F L F and F F L the last two are torn after the first
 * F, where the execution ends: 2 executions, 1 violation.  `write-ahead`: the flusher waits for
 * the word, so nothing is ever chosen: 1 execution.
 */
#include "heddle/model.h"

enum variant { UNORDERED, WRITE_AHEAD };
enum block { LOG, FIRST, SECOND, BLOCKS };

#define OLD_DATA 1u
#define NEW_DATA 2u

struct power {
    struct hd_disk *disk;
    struct hd_completion logged;
};

static void journal(void *state, unsigned instance)
{
    struct power *power = state;

    (void)instance;
    HD_CALL("journal");
    hd_disk_write(power->disk, LOG, NEW_DATA); /* one block holds both changes and the commit */
    if (hd_variant() == WRITE_AHEAD)
        hd_complete(&power->logged);
}

static void write_in_place(void *state, unsigned instance)
{
    struct power *power = state;

    (void)instance;
    HD_CALL("write_in_place");
    if (hd_variant() == WRITE_AHEAD)
        hd_wait_for_completion(&power->logged);
    hd_disk_write(power->disk, FIRST, NEW_DATA);
    hd_disk_write(power->disk, SECOND, NEW_DATA);
}

/* With a commit in the log both blocks are replayed from it; without one they must agree as they
 * are. */
static void recover(const void *state)
{
    const struct power *power = state;
    const uint64_t *block = power->disk->block;

    HD_CHECK(block[LOG] == NEW_DATA || block[FIRST] == block[SECOND], "torn-update",
             "one block is new, the other old, and the log doesn't know");
}

static void setup(void *state)
{
    struct power *power = state;

    power->disk = hd_disk_new(BLOCKS);
    power->disk->block[FIRST] = power->disk->block[SECOND] = OLD_DATA;
    hd_name(&power->disk->block[LOG], "log", -1);
    hd_name(&power->disk->block[FIRST], "block", 0);
    hd_name(&power->disk->block[SECOND], "block", 1);
    hd_name(&power->logged, "logged", -1);
}

static const struct hd_variant_info variants[] = {
    [UNORDERED] = { "unordered", "blocks go to their places whenever", HD_BROKEN },
    [WRITE_AHEAD] = { "write-ahead", "blocks wait for the log", HD_FIXED },
    { NULL }
};

static const struct hd_role_info roles[] = {
    { .name = "journal", .summary = "writes the log", .run = journal },
    { .name = "flusher", .summary = "writes the blocks in place", .run = write_in_place },
    { NULL }
};

static const struct hd_landmark_info landmarks[] = {
    { "in-place", { "write_in_place", "write_in_place" } },
    { NULL }
};

static const struct hd_workload_info workloads[] = {
    { "once", "one update of two blocks", "",
      { { "unordered", "torn-update", "recover" }, { "write-ahead", "holds", NULL } } },
    { NULL }
};

static const char *const kinds[] = { "torn-update", NULL };

const struct hd_scenario synthetic_power = {
    .name = "power",
    .summary = "the write-ahead rule against a power loss",
    .passport = {
        .source = "textbook",
        .functions = "journal, write_in_place, recovery",
        .kept = "the order in which blocks reach the disk",
        .left_out = "volatile caches of the disk: a write is durable when it is done",
        .invariants = "after a power loss at any instant and recovery, both blocks agree",
        .reference = "counts of executions in the source",
        .evidence = HD_SYNTHETIC,
    },
    .oracles = HD_ORACLES_ALL & ~HD_ORACLE_BIT(RACE),
    .variants = variants,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .state_bytes = sizeof(struct power),
    .setup = setup,
    .recover = recover,
};
