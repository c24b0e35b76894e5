/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A tap on another strategy: what it answers, as bytes.
 *
 * Source     the inverse of bytes.c.
 * Guarantee  the bytes lead hd_strategy_bytes() to the same execution, as long as they had room.
 * Departs    in nothing.
 * Cost       O(n) a choice beside the inner strategy's; one allocation, when created.
 */
#include "strategy/tap.h"

#include "base/alloc.h"
#include "base/assert.h"
#include "strategy/default.h"

struct tap {
    struct hd_strategy base; /* first: tap_of() relies on it */
    struct hd_strategy *inner;
    uint8_t *bytes;
    size_t room;
    size_t count; /* choices, of which min(count, room) are written */
};

static_assert(offsetof(struct tap, base) == 0, "tap_of() casts a strategy to the tap around it");

static struct tap *tap_of(struct hd_strategy *strategy)
{
    return (struct tap *)strategy;
}

static bool tap_begin(struct hd_strategy *strategy)
{
    struct tap *tap = tap_of(strategy);

    tap->count = 0;
    return tap->inner->ops->begin(tap->inner);
}

/* 0 to go on, else one more than the place among the others. */
static uint8_t answer_byte(const struct hd_choice *choice, hd_actor_id picked)
{
    hd_actor_id on = hd_go_on(choice);
    hd_actor_set others = choice->enabled & ~hd_actor_bit(on);

    if (picked == on)
        return 0;
    return (uint8_t)(1 + hd_set_count(others & (hd_actor_bit(picked) - 1)));
}

/* A strategy that wants to see forced moves is asked about all; of the others nobody else is. */
static hd_actor_id tap_pick(struct hd_strategy *strategy, const struct hd_choice *choice)
{
    struct tap *tap = tap_of(strategy);
    bool forced = choice->enabled_count < 2;
    hd_actor_id picked = forced && !tap->inner->ops->sees_forced
                             ? hd_set_nth(choice->enabled, 0)
                             : tap->inner->ops->pick(tap->inner, choice);

    if (forced || picked == HD_ACTOR_NONE)
        return picked;
    if (tap->count < tap->room)
        tap->bytes[tap->count] = answer_byte(choice, picked);
    tap->count++;
    return picked;
}

static void tap_end(struct hd_strategy *strategy, const struct hd_trace *trace)
{
    struct tap *tap = tap_of(strategy);

    tap->inner->ops->end(tap->inner, trace);
}

static void tap_free(struct hd_strategy *strategy)
{
    hd_dealloc(tap_of(strategy));
}

static const struct hd_strategy_ops tap_ops = {
    .name = "tap",
    .sees_forced = true,
    .begin = tap_begin,
    .pick = tap_pick,
    .end = tap_end,
    .free = tap_free,
};

enum hd_error hd_tap_create(struct hd_strategy *inner, uint8_t *bytes, size_t room,
                            struct hd_strategy **ret_strategy)
{
    struct tap *tap = hd_alloc_array(1, sizeof *tap);

    if (!tap)
        return HD_E_NOMEM;
    tap->base.ops = &tap_ops;
    tap->inner = inner;
    tap->bytes = bytes;
    tap->room = room;
    *ret_strategy = &tap->base;
    return HD_OK;
}

size_t hd_tap_count(const struct hd_strategy *tap)
{
    HD_ASSERT(tap->ops == &tap_ops);
    return ((const struct tap *)tap)->count;
}

void hd_tap_set(struct hd_strategy *tap, struct hd_strategy *inner)
{
    HD_ASSERT(tap->ops == &tap_ops);
    tap_of(tap)->inner = inner;
}
