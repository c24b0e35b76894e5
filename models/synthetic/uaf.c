/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * uaf: publish, replace, free, with and without a grace period.
 *
 * A reader follows an RCU pointer; an updater puts another object in its place and frees the first.
 * Exact, by hand, for `no-grace-period`.  The reader has four operations (lock, dereference, load,
 * unlock), the updater three (alloc, assign, free): C(7,3) = 35 orders.  Wrong are those in which
 * the dereference comes before the assignment and the load after the free; the alloc conflicts with
 * nothing and can stand before the lock, after it or after the dereference: 3.
 */
#include "heddle/model.h"

enum variant { NO_GRACE_PERIOD, GRACE, CALLBACK };

struct item {
    uint32_t value;
};

struct uaf {
    struct item *item; /* RCU */
};

static void reader(void *state, unsigned instance)
{
    struct uaf *uaf = state;
    struct item *item;
    uint32_t value;

    (void)instance;
    HD_CALL("reader");
    hd_rcu_read_lock();
    item = hd_rcu_dereference(&uaf->item);
    value = hd_load(&item->value);
    HD_CHECK(value == 1 || value == 2, "torn-item", "the item is neither the old nor the new one");
    hd_rcu_read_unlock();
}

static void free_item(void *item)
{
    HD_CALL("free_item");
    hd_free(item);
}

static void updater(void *state, unsigned instance)
{
    struct uaf *uaf = state;
    struct item *new_item = hd_new(struct item), *old = uaf->item; /* the only writer: plain C */

    (void)instance;
    HD_CALL("updater");
    new_item->value = 2;
    hd_owned(new_item);
    hd_rcu_assign_pointer(&uaf->item, new_item);
    if (hd_variant() == CALLBACK) {
        hd_call_rcu(free_item, old);
        return;
    }
    if (hd_variant() == GRACE)
        hd_synchronize_rcu();
    free_item(old);
}

static void setup(void *state)
{
    struct uaf *uaf = state;

    uaf->item = hd_new(struct item);
    uaf->item->value = 1;
    hd_name(&uaf->item, "pointer", -1);
    hd_name(uaf->item, "item", -1);
}

static const struct hd_variant_info variants[] = {
    [NO_GRACE_PERIOD] = { "no-grace-period", "freed as soon as it is replaced", HD_BROKEN },
    [GRACE] = { "grace", "synchronize_rcu() before the free", HD_FIXED },
    [CALLBACK] = { "callback", "call_rcu()", HD_FIXED },
    { NULL }
};

static const struct hd_role_info roles[] = {
    { .name = "reader", .summary = "follows the pointer", .run = reader },
    { .name = "updater", .summary = "replaces and frees", .run = updater },
    { NULL }
};

static const struct hd_landmark_info landmarks[] = {
    { "free", { "free_item", "free_item", "free_item" } },
    { NULL }
};

static const struct hd_workload_info workloads[] = {
    { "once", "one reader, one update", "",
      { { "no-grace-period", "use-after-free", "reader" }, { "grace", "holds", NULL },
        { "callback", "holds", NULL } } },
    { NULL }
};

static const char *const kinds[] = { "torn-item", NULL };

const struct hd_scenario synthetic_uaf = {
    .name = "uaf",
    .summary = "RCU publish and free, with and without a grace period",
    .passport = {
        .source = "textbook: Documentation/RCU/whatisRCU.rst, in our own words",
        .functions = "reader, updater",
        .kept = "the read section, the pointer, the grace period, the free",
        .left_out = "a second update: the updater is alone",
        .invariants = "no access to a freed item",
        .reference = "counts of executions in the source",
        .evidence = HD_SYNTHETIC,
    },
    .variants = variants,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .state_bytes = sizeof(struct uaf),
    .setup = setup,
    .uses_rcu_callbacks = true,
};
