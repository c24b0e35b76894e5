/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * counter: the lost update.  Two actors increment a counter once each.
 *
 * Exact, by hand, for two actors.  Each has two operations, a load and a store: C(4,2) = 6 orders,
 * and all but the 2 serial ones lose an update.  `marked` shows 6 executions, 4 violations.
 * `plain` is a data race in every order; the race oracle ends an execution at the second access of
 * the pair, which leaves L0 L1 S?, L1 L0 S?, L0 S0 L1 and L1 S1 L0: 6 executions, 6 violations.
 * `locked` leaves one choice, who locks first: 2 executions, none wrong.
 */
#include "heddle/model.h"

enum param { ACTORS };
enum variant { PLAIN, MARKED, LOCKED };

struct counter {
    struct hd_mutex lock;
    uint32_t value;
};

static void increment_plain(struct counter *counter)
{
    uint32_t value;

    HD_CALL("increment_plain");
    value = hd_load(&counter->value);
    hd_store(&counter->value, value + 1);
}

static void increment_marked(struct counter *counter)
{
    uint32_t value;

    HD_CALL("increment_marked");
    value = hd_read_once(&counter->value);
    hd_write_once(&counter->value, value + 1);
}

static void increment_locked(struct counter *counter)
{
    HD_CALL("increment_locked");
    hd_mutex_lock(&counter->lock);
    increment_plain(counter);
    hd_mutex_unlock(&counter->lock);
}

static void run(void *state, unsigned instance)
{
    (void)instance;
    switch ((enum variant)hd_variant()) {
    case PLAIN:
        increment_plain(state);
        break;
    case MARKED:
        increment_marked(state);
        break;
    case LOCKED:
        increment_locked(state);
        break;
    }
}

static void setup(void *state)
{
    struct counter *counter = state;

    hd_name(&counter->lock, "lock", -1);
    hd_name(&counter->value, "value", -1);
}

static void no_update_is_lost(void *state)
{
    const struct counter *counter = state;

    HD_CHECK(counter->value == hd_param(ACTORS), "lost-update", "the counter misses an increment");
}

static const struct hd_param_info params[] = {
    [ACTORS] = { "actors", "who increment once each", 2, 2, 8 },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    [PLAIN] = { "plain", "load, add, store, unprotected", HD_BROKEN },
    [MARKED] = { "marked", "with READ_ONCE and WRITE_ONCE: no data race, still wrong", HD_BROKEN },
    [LOCKED] = { "locked", "under a lock", HD_FIXED },
    { NULL }
};

static const struct hd_role_info roles[] = {
    { .name = "actor", .summary = "increments", .run = run, .count_param = ACTORS + 1 },
    { NULL }
};

static const struct hd_landmark_info landmarks[] = {
    { "increment", { "increment_plain", "increment_marked", "increment_locked" } },
    { NULL }
};

static const struct hd_workload_info workloads[] = {
    { "two", "two actors", "",
      { { "plain", "data-race", "increment_plain" },
        { "marked", "lost-update", "no_update_is_lost" },
        { "locked", "holds", NULL } } },
    { NULL }
};

static const char *const kinds[] = { "lost-update", NULL };

const struct hd_scenario synthetic_counter = {
    .name = "counter",
    .summary = "the lost update",
    .passport = {
        .source = "textbook",
        .functions = "increment",
        .kept = "the load and the store",
        .left_out = "nothing",
        .invariants = "the counter counts each increment",
        .reference = "counts of executions in the source",
        .evidence = HD_SYNTHETIC,
    },
    .oracles = HD_ORACLES_ALL & ~HD_ORACLE_BIT(DURABILITY),
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .vary = "actors",
    .kinds = kinds,
    .state_bytes = sizeof(struct counter),
    .setup = setup,
    .check = no_update_is_lost,
};
