/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of a story: actors, objects and values; operations as code and as verbs. */
#include "report/story.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "input/names.h"

#define NAME_BYTES 128

const char *hd_story_actor_name(const struct hd_story *story, hd_actor_id actor)
{
    return actor < story->actor_count ? story->actors[actor].name : "nobody";
}

const char *hd_story_object(struct hd_story *story, const struct hd_engine *engine,
                            hd_object_id object)
{
    char name[NAME_BYTES];

    if (object == HD_OBJECT_NONE)
        return NULL;
    hd_object_format(engine, object, name, sizeof name);
    return hd_pool_format(&story->pool, "%s", name);
}

/* The whole and its first part begin at one byte; a pointer is to the whole, if that has a name. */
static const char *pointed(struct hd_story *story, hd_object_id object)
{
    const struct hd_engine *engine = story->report->engine;
    const char *full = hd_story_object(story, engine, object);
    char name[HD_NAME_BYTES];
    int32_t index;

    if (!full || !hd_name_parse(hd_word_of(full), name, &index))
        return full ? full : "?";
    name[strcspn(name, ".")] = '\0';
    if (hd_object_find(engine, name, index) != object)
        return full;
    return hd_pool_format(&story->pool, "%.*s", (int)strcspn(full, "."), full);
}

static bool is_pointer(const struct hd_step *step)
{
    return (step->value & ~(uint64_t)UINT32_MAX) == HD_VALUE_POINTER;
}

/* The trace does not say what is a pointer, unless one that isn't null was there. */
static bool holds_pointers(const struct hd_trace *trace, const struct hd_step *step)
{
    for (uint32_t i = 0; step->bytes == sizeof(void *) && i < trace->length; i++)
        if (trace->steps[i].object == step->object && is_pointer(&trace->steps[i]))
            return true;
    return false;
}

const char *hd_story_value(struct hd_story *story, const struct hd_step *step)
{
    uint64_t value = step->value;

    if (value == 0 && holds_pointers(&story->report->execution->trace, step))
        return "NULL";
    if (is_pointer(step))
        return hd_pool_format(&story->pool, "&%s",
                              pointed(story, (hd_object_id)value));
    if (value < 1000000)
        return hd_pool_format(&story->pool, "%" PRIu64, value);
    if (step->bytes == 4 && value > UINT32_MAX - 1000)
        return hd_pool_format(&story->pool, "-%" PRIu64, UINT64_C(0x100000000) - value);
    if (value > UINT64_MAX - 1000)
        return hd_pool_format(&story->pool, "-%" PRIu64, UINT64_MAX - value + 1);
    return hd_pool_format(&story->pool, "0x%" PRIx64, value);
}

/* What a pointer written as `p` points to: "&a->b" is a->b, "slot" is *slot. */
static const char *pointee(struct hd_story *story, const char *p, int length)
{
    if (length > 0 && p[0] == '&')
        return hd_pool_format(&story->pool, "%.*s", length - 1, p + 1);
    if (memchr(p, ' ', (size_t)length))
        return hd_pool_format(&story->pool, "*(%.*s)", length, p);
    return hd_pool_format(&story->pool, "*%.*s", length, p);
}

/* The preprocessor has spelt NULL out; kernel developers have not. */
static const char *tidy(struct hd_story *story, const char *code)
{
    static const char spelt[] = "((void *)0)";
    const char *found = strstr(code, spelt);

    if (!found)
        return code;
    return hd_pool_format(&story->pool, "%.*sNULL%s", (int)(found - code), code,
                          found + sizeof spelt - 1);
}

static const char *assigned_value(const char *assigned)
{
    return assigned ? assigned + strlen(" = ") : "?";
}

const char *hd_story_code(struct hd_story *story, uint8_t op, const struct hd_site *site)
{
    const char *what = tidy(story, site->what);
    const char *assigned = strstr(what, " = ");
    int length = (int)(assigned ? (size_t)(assigned - what) : strlen(what));
    const char *place;

    place = pointee(story, what, length);
    switch (op) {
    case HD_OP_LOAD:
        return place;
    case HD_OP_READ:
        return hd_pool_format(&story->pool, "READ_ONCE(%s)", place);
    case HD_OP_ACQUIRE:
        return hd_pool_format(&story->pool, "smp_load_acquire(%.*s)", length, what);
    case HD_OP_RMW:
        return hd_pool_format(&story->pool, "atomic update of %s", place);
    case HD_OP_STORE:
        return hd_pool_format(&story->pool, "%s%s", place, assigned ? assigned : "");
    case HD_OP_WRITE:
        return hd_pool_format(&story->pool, "WRITE_ONCE(%s, %s)", place, assigned_value(assigned));
    case HD_OP_RELEASE:
        return hd_pool_format(&story->pool, "smp_store_release(%.*s, %s)", length, what,
                              assigned_value(assigned));
    default:
        return what;
    }
}

bool hd_op_reads(uint8_t op)
{
    return op == HD_OP_LOAD || op == HD_OP_READ || op == HD_OP_ACQUIRE || op == HD_OP_DISK_READ ||
           op == HD_OP_CLOCK || op == HD_OP_SERVE;
}

bool hd_op_writes(uint8_t op)
{
    return op == HD_OP_STORE || op == HD_OP_WRITE || op == HD_OP_RELEASE || op == HD_OP_RMW ||
           op == HD_OP_DISK_WRITE || op == HD_OP_PUSH;
}

/* In the order of HD_OPS. */
static const char *const verbs[HD_OP_COUNT] = {
    [HD_OP_LOAD] = "reads",
    [HD_OP_STORE] = "sets",
    [HD_OP_READ] = "reads",
    [HD_OP_WRITE] = "sets",
    [HD_OP_ACQUIRE] = "reads",
    [HD_OP_RELEASE] = "sets",
    [HD_OP_RMW] = "updates",
    [HD_OP_LOCK] = "locks",
    [HD_OP_TRYLOCK] = "locks",
    [HD_OP_UNLOCK] = "unlocks",
    [HD_OP_WRITE_LOCK] = "write-locks",
    [HD_OP_READ_LOCK] = "read-locks",
    [HD_OP_READ_UNLOCK] = "read-unlocks",
    [HD_OP_QUEUE_LOCK] = "queues for",
    [HD_OP_PREPARE] = "prepares to wait on",
    [HD_OP_WAIT] = "sleeps on",
    [HD_OP_WAKE] = "wakes the waiters of",
    [HD_OP_COMPLETE] = "completes",
    [HD_OP_AWAIT] = "waits for",
    [HD_OP_PUSH] = "puts an item on",
    [HD_OP_SERVE] = "takes an item from",
    [HD_OP_ALLOC] = "allocates",
    [HD_OP_FREE] = "frees",
    [HD_OP_GET] = "takes a reference on",
    [HD_OP_TRYGET] = "takes a reference on",
    [HD_OP_PUT] = "drops a reference on",
    [HD_OP_RCU_LOCK] = "opens an RCU read section",
    [HD_OP_RCU_UNLOCK] = "closes an RCU read section",
    [HD_OP_RCU_SYNC] = "begins to wait for a grace period",
    [HD_OP_RCU_WAIT] = "sees the grace period end",
    [HD_OP_RCU_CALL] = "queues an RCU callback",
    [HD_OP_DISK_READ] = "reads from",
    [HD_OP_DISK_WRITE] = "writes to",
    [HD_OP_POWER_LOSS] = "loses power",
    [HD_OP_FAULT] = "asks for a fault",
    [HD_OP_ARM] = "arms a fault",
    [HD_OP_SLEEP] = "sleeps",
    [HD_OP_CLOCK] = "reads the clock",
    [HD_OP_MARK] = "reaches a mark",
    [HD_OP_START] = "starts",
    [HD_OP_YIELD] = "yields",
    [HD_OP_STEP] = "takes a step",
    [HD_OP_SPAWN] = "creates",
    [HD_OP_BEGIN] = "begins",
    [HD_OP_EXIT] = "ends",
    [HD_OP_JOIN] = "joins",
    [HD_OP_PASS] = "passes",
    [HD_OP_QUIT] = "ends the program",
};

const char *hd_op_verb(uint8_t op, bool failed)
{
    if (op >= HD_OP_COUNT)
        return "?";
    if (!failed)
        return verbs[op];
    switch (op) {
    case HD_OP_TRYLOCK:
        return "fails to lock";
    case HD_OP_TRYGET:
        return "fails to take a reference on";
    default:
        return "fails to change";
    }
}

const char *hd_row_function(const struct hd_story_row *row)
{
    return row->site ? row->site->function : "?";
}

const char *hd_site_file(const struct hd_site *site)
{
    const char *file = site->file;

    while (!strncmp(file, "../", 3)) /* where a compiler cache has made paths relative */
        file += 3;
    return file[0] == '/' ? strrchr(file, '/') + 1 : file;
}
