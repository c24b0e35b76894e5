/* SPDX-License-Identifier: CC0-1.0 */
/*
 * The ring under Heddle: a producer pushes items 1, 2, ..., a consumer pops as many and checks
 * each.  The code is that of ring.h.  The variant `old` keeps the order that it had before the
 * fix, so that the cases go on to show that the search would see it.
 */
#define RING_UNDER_HEDDLE
#include "ring.h"

#include <heddle/command.h>

enum param { ITEMS };
enum variant { OLD, FIXED };

/* As it was: counted first, filled afterwards. */
static bool ring_push_old(struct ring *ring, uint32_t item)
{
    uint32_t head, tail;

    HD_CALL("ring_push_old");
    head = hd_load(&ring->head);
    tail = hd_load_acquire(&ring->tail);
    if (head - tail == RING_SLOTS)
        return false;
    hd_store_release(&ring->head, head + 1);
    hd_store(&ring->slot[head % RING_SLOTS], item);
    return true;
}

static bool push(struct ring *ring, uint32_t item)
{
    return hd_variant() == OLD ? ring_push_old(ring, item) : ring_push(ring, item);
}

static void produce(void *state, unsigned instance)
{
    uint32_t items = (uint32_t)hd_param(ITEMS);

    (void)instance;
    for (uint32_t item = 1; item <= items; item++)
        while (!push(state, item))
            hd_yield(); /* full: let the consumer go on */
}

static void consume(void *state, unsigned instance)
{
    uint32_t items = (uint32_t)hd_param(ITEMS), item = 0;

    (void)instance;
    for (uint32_t expected = 1; expected <= items; expected++) {
        while (!ring_pop(state, &item))
            hd_yield();
        HD_CHECK(item == expected, "wrong-item", "popped an item before it was there");
    }
}

static void setup(void *state)
{
    struct ring *ring = state;

    hd_name(&ring->head, "head", -1);
    hd_name(&ring->tail, "tail", -1);
    for (int i = 0; i < (int)RING_SLOTS; i++)
        hd_name(&ring->slot[i], "slot", i);
}

static const struct hd_variant_info variants[] = {
    [OLD] = { "old", "head first, then the slot", HD_BROKEN },
    [FIXED] = { "fixed", "the slot first, then head: ring.h as it is", HD_FIXED },
    { NULL }
};

static const struct hd_param_info params[] = {
    [ITEMS] = { "items", "pushed and popped", 1, 1, 8 },
    { NULL }
};

static const struct hd_role_info roles[] = {
    { .name = "producer", .summary = "pushes", .run = produce },
    { .name = "consumer", .summary = "pops, and checks what it got", .run = consume },
    { NULL }
};

static const struct hd_landmark_info landmarks[] = {
    { "push", { "ring_push_old", "ring_push" } },
    { "pop", { "ring_pop", "ring_pop" } },
    { NULL }
};

static const struct hd_workload_info workloads[] = {
    { "one", "one item", "", { { "old", "wrong-item", "consume" }, { "fixed", "holds", NULL } } },
    { "wrap", "the ring comes round", "items=3",
      { { "old", "wrong-item", "consume" }, { "fixed", "holds", NULL } } },
    { NULL }
};

static const char *const kinds[] = { "wrong-item", NULL };

static const struct hd_scenario ring = {
    .name = "ring",
    .summary = "a ring buffer that counts an item before it is there",
    .passport = {
        .source = "src/ring.h",
        .functions = "ring_push, ring_pop",
        .kept = "all of it: the model compiles ring.h",
        .left_out = "nothing",
        .invariants = "what is popped is what was pushed, in order",
        .reference = "src/ring_test.c, which did not find it",
        .evidence = HD_READ_IN_SOURCE,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .vary = "items",
    .kinds = kinds,
    .state_bytes = sizeof(struct ring),
    .setup = setup,
};

HD_CATALOGUE(&ring);

int main(int argc, char **argv)
{
    return hd_main(argc, argv, NULL);
}
