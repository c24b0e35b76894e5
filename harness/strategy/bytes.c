/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A schedule from bytes: what a fuzzer mutates.
 *
 * Each choice takes the next byte.  0 goes on with the running actor, or the lowest-numbered
 * enabled one; b > 0 takes the (b - 1)-th of the other enabled actors, modulo their number.  Behind
 * the last byte there are zeroes for ever, so every input is valid, an empty one is the schedule
 * without a preemption, and fewer bytes mean less switching: shrinking the input shrinks the
 * schedule.
 *
 * Source     the data producer of zstd's tests/fuzz, and the bit pool of theft.
 * Guarantee  for each schedule there are bytes that lead to it, one for each of its choices (at
 *            most HD_ACTORS_MAX actors are enabled, so a byte always suffices).
 * Departs    from both in that it has no length or end marker: bytes left over are not looked at.
 * Cost       O(n) a choice; one allocation, when created.  The bytes are borrowed.
 */
#include <stddef.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "heddle/heddle.h"
#include "strategy/default.h"

struct bytes {
    struct hd_strategy base; /* first: bytes_of() relies on it */
    const uint8_t *bytes;
    size_t count;
    size_t next; /* at most count */
};

static_assert(offsetof(struct bytes, base) == 0,
              "bytes_of() casts a strategy to what is around it");
static_assert(HD_ACTORS_MAX <= UINT8_MAX + 1, "a byte must be able to name every other actor");

static struct bytes *bytes_of(struct hd_strategy *strategy)
{
    return (struct bytes *)strategy;
}

/* Every execution is the same one; the caller decides how many there are. */
static bool bytes_begin(struct hd_strategy *strategy)
{
    bytes_of(strategy)->next = 0;
    return true;
}

static hd_actor_id bytes_pick(struct hd_strategy *strategy, const struct hd_choice *choice)
{
    struct bytes *bytes = bytes_of(strategy);
    hd_actor_id on = hd_go_on(choice);
    uint32_t byte = bytes->next < bytes->count ? bytes->bytes[bytes->next++] : 0;

    HD_ASSERT_IS(choice->enabled_count, >=, 2);
    if (byte == 0)
        return on;
    return hd_set_nth(choice->enabled & ~hd_actor_bit(on),
                      (byte - 1) % (choice->enabled_count - 1));
}

static void bytes_end(struct hd_strategy *strategy, const struct hd_trace *trace)
{
    (void)strategy;
    (void)trace;
}

static void bytes_free(struct hd_strategy *strategy)
{
    hd_dealloc(bytes_of(strategy));
}

static const struct hd_strategy_ops bytes_ops = {
    .name = "bytes",
    .begin = bytes_begin,
    .pick = bytes_pick,
    .end = bytes_end,
    .free = bytes_free,
};

enum hd_error hd_strategy_bytes(const uint8_t *bytes, size_t count,
                                struct hd_strategy **ret_strategy)
{
    struct bytes *strategy = hd_alloc_array(1, sizeof *strategy);

    if (!strategy)
        return HD_E_NOMEM;
    strategy->base.ops = &bytes_ops;
    strategy->bytes = bytes;
    strategy->count = count;
    *ret_strategy = &strategy->base;
    return HD_OK;
}

void hd_bytes_set(struct hd_strategy *bytes, const uint8_t *data, size_t count)
{
    HD_ASSERT(bytes->ops == &bytes_ops);
    bytes_of(bytes)->bytes = data;
    bytes_of(bytes)->count = count;
}
