/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Conflict: could exchanging two adjacent steps change what follows?
 *
 * An operation belongs to a class (HD_OPS).  A table says for each pair of classes what must hold
 * between the two objects, or values, for the pair to conflict.  Guarantee: steps that do not
 * conflict commute; the reverse is not promised, where the trace does not know enough (two waits
 * on one queue conflict here).  Departures: an access of 0 bytes counts as one of 1.
 *
 * Cost: three small tables and a dozen operations without a branch; a proof asks 10^8 times.
 */
#include "base/assert.h"
#include "heddle/trace.h"

/* What a pair of classes needs in order to conflict.  Bits, because relation() says which of them
 * hold; 0 is never. */
enum need {
    B = 1, /* the same allocation, and a byte in common */
    O = 2, /* the same allocation */
    V = 4, /* the same value */
    A = 8, /* nothing more: any two */
};

enum class {
    CLASS_NONE,
    CLASS_READ,
    CLASS_WRITE,
    CLASS_SHARED,
    CLASS_FREE,
    CLASS_READER,
    CLASS_GRACE,
    CLASS_CALL,
    CLASS_IMAGE,
    CLASS_SLEEP,
    CLASS_CLOCK,
    CLASS_MARK,
    CLASS_START,
    CLASS_ASK,
    CLASS_ARM,
    CLASS_CRASH,
    CLASS_COUNT
};

/* The class of an attempt that failed: it only looked.  Only those of WRITE change. */
enum failed {
    FAILED_NONE = CLASS_NONE,
    FAILED_READ = CLASS_READ,
    FAILED_WRITE = CLASS_READ,
    FAILED_SHARED = CLASS_SHARED, /* readers don't decide whether a reader gets in */
    FAILED_FREE = CLASS_FREE,
    FAILED_READER = CLASS_READER,
    FAILED_GRACE = CLASS_GRACE,
    FAILED_CALL = CLASS_CALL,
    FAILED_IMAGE = CLASS_IMAGE,
    FAILED_SLEEP = CLASS_SLEEP,
    FAILED_CLOCK = CLASS_CLOCK,
    FAILED_MARK = CLASS_MARK,
    FAILED_START = CLASS_START,
    FAILED_ASK = CLASS_ASK,
    FAILED_ARM = CLASS_ARM,
    FAILED_CRASH = CLASS_CRASH
};

/* [did it succeed][operation] */
static const uint8_t class_of[2][HD_OP_COUNT] = {
    {
#define OP_FAILED(name, word, class) [HD_OP_##name] = FAILED_##class,
        HD_OPS(OP_FAILED)
#undef OP_FAILED
    },
    {
#define OP_CLASS(name, word, class) [HD_OP_##name] = CLASS_##class,
        HD_OPS(OP_CLASS)
#undef OP_CLASS
    },
};

/*
 * Symmetric; a test holds it to that.  A failed trylock reads the lock word, where the readers are
 * counted, so READ conflicts with SHARED.  The service that runs RCU callbacks serves a queue that
 * is no object: its SERVE is a WRITE of nothing, enabled by calls and by ends of sections, so CALL
 * and READER meet WRITE there.
 */
/* clang-format off */
static const uint8_t needs[CLASS_COUNT][CLASS_COUNT] = {
    /*            no re wr sh fr re gr ca im sl cl ma st as ar cr */
    /* NONE   */ { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 },
    /* READ   */ { 0, 0, B, B, O, 0, 0, 0, B, 0, 0, 0, 0, 0, 0, A },
    /* WRITE  */ { 0, B, B, B, O, B, 0, B, B, 0, 0, 0, 0, 0, 0, A },
    /* SHARED */ { 0, B, B, 0, O, 0, 0, 0, B, 0, 0, 0, 0, 0, 0, A },
    /* FREE   */ { 0, O, O, O, O, 0, 0, 0, O, 0, 0, 0, 0, 0, 0, A },
    /* READER */ { 0, 0, B, 0, 0, 0, A, A, 0, 0, 0, 0, 0, 0, 0, A },
    /* GRACE  */ { 0, 0, 0, 0, 0, A, 0, A, 0, 0, 0, 0, 0, 0, 0, A },
    /* CALL   */ { 0, 0, B, 0, 0, A, A, A, 0, 0, 0, 0, 0, 0, 0, A },
    /* IMAGE  */ { 0, B, B, B, O, 0, 0, 0, O, 0, 0, 0, 0, 0, 0, A },
    /* SLEEP  */ { 0, 0, 0, 0, 0, 0, 0, 0, 0, A, A, 0, 0, 0, 0, A },
    /* CLOCK  */ { 0, 0, 0, 0, 0, 0, 0, 0, 0, A, 0, 0, 0, 0, 0, A },
    /* MARK   */ { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, A, 0, 0, A },
    /* START  */ { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, A, 0, 0, 0, A },
    /* ASK    */ { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, V, A },
    /* ARM    */ { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, V, V, A },
    /* CRASH  */ { 0, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A },
};
/* clang-format on */

/* One past the last byte that a step touches. */
static inline unsigned end_of(const struct hd_step *step)
{
    return hd_object_byte(step->object) + step->bytes + !step->bytes;
}

/* What holds between two steps, as bits of enum need.  While values are open they count as equal. */
static inline unsigned relation(const struct hd_step *a, const struct hd_step *b, bool open)
{
    unsigned object = hd_object_allocation(a->object) == hd_object_allocation(b->object);
    unsigned bytes =
        object & (hd_object_byte(a->object) < end_of(b)) & (hd_object_byte(b->object) < end_of(a));
    unsigned value = open | (a->value == b->value);

    return A | bytes * B | object * O | value * V;
}

bool hd_conflict(const struct hd_step *a, const struct hd_step *b)
{
    unsigned need;

    HD_ASSERT(a->op < HD_OP_COUNT && b->op < HD_OP_COUNT);
    need = needs[class_of[a->outcome != 0][a->op]][class_of[b->outcome != 0][b->op]];
    return ((need & relation(a, b, false)) != 0) | (a->actor == b->actor);
}

bool hd_may_conflict(const struct hd_step *a, const struct hd_step *b)
{
    unsigned need;

    HD_ASSERT(a->op < HD_OP_COUNT && b->op < HD_OP_COUNT);
    need = needs[class_of[1][a->op]][class_of[1][b->op]];
    return ((need & relation(a, b, true)) != 0) | (a->actor == b->actor);
}
