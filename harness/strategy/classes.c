/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "strategy/classes.h"

#include <string.h>

#include "base/prng.h"

enum kind { ALONE, READER, WRITER, GLOBAL };

bool hd_step_writes(const struct hd_step *step)
{
    struct hd_step other = *step;

    other.actor = (hd_actor_id)(step->actor ^ 1);
    return hd_conflict(step, &other);
}

bool hd_step_reads(const struct hd_step *step)
{
    struct hd_step other = *step;

    other.actor = (hd_actor_id)(step->actor ^ 1);
    other.op = HD_OP_WRITE;
    other.outcome = 1;
    if (step->op == HD_OP_STORE || step->op == HD_OP_WRITE || step->op == HD_OP_RELEASE
        || step->op == HD_OP_DISK_WRITE)
        return false; /* it overwrites */
    return step->object != HD_OBJECT_NONE && hd_conflict(step, &other);
}

static enum kind kind_of(const struct hd_step *step)
{
    if (hd_step_writes(step))
        return WRITER;
    if (step->object == HD_OBJECT_NONE) /* so it could conflict with something elsewhere */
        return step->op == HD_OP_STEP || step->op == HD_OP_YIELD || step->op == HD_OP_ALLOC
                   ? ALONE
                   : GLOBAL;
    return hd_step_reads(step) ? READER : ALONE;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    return hd_mix64(hash + UINT64_C(0x9e3779b97f4a7c15)) ^ value;
}

static uint32_t slot_of(hd_object_id object)
{
    return (uint32_t)(1 + hd_mix64(hd_object_allocation(object)) % (HD_CLASS_OBJECTS - 1));
}

uint64_t hd_class_hash(const struct hd_trace *trace, struct hd_class_scratch *scratch)
{
    uint64_t sum = 0;

    memset(scratch, 0, sizeof *scratch);
    for (uint32_t i = 0; i < trace->length; i++) {
        const struct hd_step *step = &trace->steps[i];
        enum kind kind = kind_of(step);
        uint32_t slot = kind == GLOBAL ? 0 : slot_of(step->object);
        uint64_t hash = mix(scratch->actor[step->actor], (uint64_t)step->op << 8 | step->actor);

        hash = mix(hash, step->object);
        if (kind != ALONE)
            hash = mix(hash, scratch->written[slot]);
        if (kind == WRITER || kind == GLOBAL) {
            hash = mix(hash, scratch->read[slot]);
            scratch->written[slot] = hd_mix64(hash);
            scratch->read[slot] = 0;
        }
        hash = hd_mix64(hash);
        if (kind == READER)
            scratch->read[slot] += hash;
        scratch->actor[step->actor] = hash;
        sum += hash;
    }
    return sum;
}
