/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * two-locks: two actors, two locks, taken in opposite order or not.
 *
 * Exact, by hand, over all choices.  `ordered`: who takes the first lock keeps the other out until
 * it has dropped it, its last operation, so nothing else is chosen: 2 executions.  `crossed`: say
 * left takes a first.  If right takes b next, both are stuck.  If left takes b next, right waits
 * for b, and when left has dropped b, either goes on: 2 ways.  So 3, 1 of them a deadlock, and as
 * many with right first: 6 executions, 2 deadlocks.
 */
#include "heddle/model.h"

struct two_locks {
    struct hd_mutex a, b;
};

static void take_both(struct hd_mutex *first, struct hd_mutex *second)
{
    HD_CALL("take_both");
    hd_mutex_lock(first);
    hd_mutex_lock(second);
    hd_mutex_unlock(second);
    hd_mutex_unlock(first);
}

static void ab(void *state, unsigned instance)
{
    struct two_locks *locks = state;

    (void)instance;
    take_both(&locks->a, &locks->b);
}

static void ba(void *state, unsigned instance)
{
    struct two_locks *locks = state;

    (void)instance;
    if (hd_variant() == 0)
        take_both(&locks->b, &locks->a);
    else
        take_both(&locks->a, &locks->b);
}

static void setup(void *state)
{
    struct two_locks *locks = state;

    hd_name(&locks->a, "a", -1);
    hd_name(&locks->b, "b", -1);
}

static const struct hd_variant_info variants[] = {
    { "crossed", "a then b against b then a", HD_BROKEN },
    { "ordered", "a then b, both", HD_FIXED },
    { NULL }
};

static const struct hd_role_info roles[] = {
    { .name = "left", .summary = "takes a, then b", .run = ab },
    { .name = "right", .summary = "takes b, then a (ordered: a, then b)", .run = ba },
    { NULL }
};

static const struct hd_landmark_info landmarks[] = {
    { "take-both", { "take_both", "take_both" } },
    { NULL }
};

static const struct hd_workload_info workloads[] = {
    { "once", "each takes both once", "",
      { { "crossed", "deadlock", "take_both" }, { "ordered", "holds", NULL } } },
    { NULL }
};

const struct hd_scenario synthetic_two_locks = {
    .name = "two-locks",
    .summary = "two locks taken in opposite order",
    .passport = {
        .source = "textbook",
        .functions = "take_both",
        .kept = "the order of the locks",
        .left_out = "what they protect",
        .invariants = "no deadlock",
        .reference = "counts of executions in the source",
        .evidence = HD_SYNTHETIC,
    },
    .variants = variants,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .state_bytes = sizeof(struct two_locks),
    .setup = setup,
};
