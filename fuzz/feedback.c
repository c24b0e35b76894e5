/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Counters beside libFuzzer's own.  A feature is a hash, and sets one byte of a small map, 1024
 * bytes, because libFuzzer looks at all of them after each input: a larger map costs more than
 * the executions do.
 *
 * Features are made of what is the same in every process: line numbers, operations, identities,
 * values.  So a corpus merges the same everywhere.
 */
#include "feedback.h"

#include <stdlib.h>
#include <string.h>

#define COUNTERS    1024
#define OBJECTS     256 /* allocations remembered in an execution; later ones share */
#define DEFAULT_SET 0u /* edges alone: docs/fuzzing.md has the measurement */

__attribute__((section("__libfuzzer_extra_counters"), used)) static uint8_t counters[COUNTERS];

unsigned fuzz_feedback_read(void)
{
    static const char *const words[] = {
#define FEEDBACK_WORD(name, word, summary) word,
        FUZZ_FEEDBACKS(FEEDBACK_WORD)
#undef FEEDBACK_WORD
    };
    const char *list = getenv("HEDDLE_FEEDBACK");
    unsigned kinds = 0;

    if (!list || !*list)
        return DEFAULT_SET;
    if (strcmp(list, "none") == 0)
        return 0;
    while (*list) {
        size_t length = strcspn(list, ",");
        unsigned i = 0;

        while (i < FUZZ_FEEDBACK_COUNT
               && (strlen(words[i]) != length || strncmp(words[i], list, length) != 0))
            i++;
        if (i == FUZZ_FEEDBACK_COUNT) {
            fprintf(stderr, "HEDDLE_FEEDBACK: no such kind: %s\n", list);
            exit(2);
        }
        kinds |= 1u << i;
        list += length + (list[length] == ',');
    }
    return kinds;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static void count(uint64_t feature)
{
    counters[feature % COUNTERS] = 1;
}

/* A place in the source: its line and operation tell nearly all apart. */
static uint64_t site_of(const struct hd_trace *trace, uint32_t i)
{
    return trace->wheres[i].site->line | (uint64_t)trace->steps[i].op << 32;
}

static bool is_read(const struct hd_step *step)
{
    return step->op == HD_OP_LOAD || step->op == HD_OP_READ || step->op == HD_OP_ACQUIRE
           || step->op == HD_OP_DISK_READ;
}

static bool is_write(const struct hd_step *step)
{
    return step->op == HD_OP_STORE || step->op == HD_OP_WRITE || step->op == HD_OP_RELEASE
           || step->op == HD_OP_RMW || step->op == HD_OP_DISK_WRITE;
}

/* ---- Kinds ----------------------------------------------------------------------------------- */

static void count_values(const struct hd_trace *trace)
{
    for (uint32_t i = 0; i < trace->length; i++)
        if (is_read(&trace->steps[i]))
            count(mix(mix(1, site_of(trace, i)), trace->steps[i].value));
}

/* The last step of interest on each object, as index + 1. */
struct last {
    uint32_t step[OBJECTS];
};

static uint32_t *last_on(struct last *last, const struct hd_step *step)
{
    return &last->step[mix(2, step->object) % OBJECTS];
}

static void count_pairs(const struct hd_trace *trace)
{
    struct last written = { { 0 } };

    for (uint32_t i = 0; i < trace->length; i++) {
        const struct hd_step *step = &trace->steps[i];
        uint32_t *last = last_on(&written, step);

        if (is_read(step) && *last && trace->steps[*last - 1].actor != step->actor)
            count(mix(mix(3, site_of(trace, *last - 1)), site_of(trace, i)));
        if (is_write(step))
            *last = i + 1;
    }
}

static void count_order(const struct hd_trace *trace)
{
    struct last touched = { { 0 } };

    for (uint32_t i = 0; i < trace->length; i++) {
        const struct hd_step *step = &trace->steps[i];
        uint32_t *last = last_on(&touched, step);

        if (*last && trace->steps[*last - 1].actor != step->actor
            && hd_conflict(&trace->steps[*last - 1], step))
            count(mix(mix(4, site_of(trace, *last - 1)), site_of(trace, i)));
        *last = i + 1;
    }
}

static void count_chains(const struct hd_trace *trace)
{
    uint64_t before = 0;

    for (uint32_t i = 1; i < trace->length; i++) {
        uint64_t edge;

        if (trace->steps[i].actor == trace->steps[i - 1].actor)
            continue;
        edge = mix(mix(5, site_of(trace, i - 1)), site_of(trace, i));
        count(mix(before, edge));
        before = edge;
    }
}

static void count_failed(const struct hd_trace *trace)
{
    for (uint32_t i = 0; i < trace->length; i++) {
        const struct hd_step *step = &trace->steps[i];

        if (!step->outcome)
            count(mix(6, site_of(trace, i)));
        else if (i && trace->steps[i - 1].actor != step->actor
                 && hd_conflict(&trace->steps[i - 1], step))
            count(mix(mix(7, site_of(trace, i - 1)), step->op));
    }
}

/* A power of two for a distance, so that coming closer is something new. */
static unsigned scale(uint32_t distance)
{
    return 32u - (unsigned)__builtin_clz(distance | 1);
}

/* Had it been touched that much later, it would have been a use after free. */
static void count_near_free(const struct hd_trace *trace)
{
    struct last touched = { { 0 } };

    for (uint32_t i = 0; i < trace->length; i++) {
        struct hd_step whole = trace->steps[i];
        uint32_t *last;

        whole.object = hd_object_allocation(whole.object);
        last = last_on(&touched, &whole);
        if (whole.op == HD_OP_FREE && *last && trace->steps[*last - 1].actor != whole.actor)
            count(mix(mix(mix(8, site_of(trace, *last - 1)), site_of(trace, i)),
                      scale(i + 1 - *last)));
        *last = i + 1;
    }
}

/* A deadlock is when all wait for a lock that another holds: the more are held, the nearer. */
static void count_near_deadlock(const struct hd_trace *trace)
{
    unsigned held[HD_ACTORS_MAX] = { 0 }, all = 0;

    for (uint32_t i = 0; i < trace->length; i++) {
        const struct hd_step *step = &trace->steps[i];

        if (step->op == HD_OP_LOCK && step->outcome) {
            if (all > held[step->actor])
                count(mix(mix(mix(9, site_of(trace, i)), all - held[step->actor]),
                          held[step->actor]));
            held[step->actor]++;
            all++;
        } else if (step->op == HD_OP_UNLOCK && held[step->actor]) {
            held[step->actor]--;
            all--;
        }
    }
}

static void count_near(const struct hd_trace *trace)
{
    count_near_free(trace);
    count_near_deadlock(trace);
}

void fuzz_feedback(unsigned kinds, const struct hd_execution *execution)
{
    static void (*const each[])(const struct hd_trace *) = {
        [FUZZ_FEEDBACK_VALUES] = count_values, [FUZZ_FEEDBACK_PAIRS] = count_pairs,
        [FUZZ_FEEDBACK_ORDER] = count_order,   [FUZZ_FEEDBACK_CHAINS] = count_chains,
        [FUZZ_FEEDBACK_FAILED] = count_failed, [FUZZ_FEEDBACK_NEAR] = count_near,
    };

    for (unsigned i = 0; i < FUZZ_FEEDBACK_COUNT; i++)
        if (kinds >> i & 1)
            each[i](&execution->trace);
}
