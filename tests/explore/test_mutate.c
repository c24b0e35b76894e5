/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mutations of cases as bytes: each decodes, stays in its room, and does what its name says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "heddle/heddle.h"
#include "models.h"

#define ROOM 200

struct subject {
    struct hd_setting setting;
    struct hd_fuzz_format format;
    struct hd_mutator *mutator;
    struct hd_engine *engine;
};

static void open_subject(struct subject *subject, const char *name)
{
    static const struct hd_engine_options options = { .describe = false };

    memset(subject, 0, sizeof *subject);
    assert_int_equal(hd_setting_parse(&hd_models, name, &subject->setting, NULL), HD_OK);
    hd_fuzz_format(subject->setting.scenario, &subject->format);
    assert_int_equal(hd_mutator_create(&subject->setting, &subject->mutator, NULL), HD_OK);
    assert_int_equal(hd_engine_create(&options, &subject->engine, NULL), HD_OK);
}

static void close_subject(struct subject *subject)
{
    hd_mutator_free(subject->mutator);
    hd_engine_free(subject->engine);
}

/* Executes the bytes; HD_OK, or that their workload cannot be executed. */
static enum hd_error execute(struct subject *subject, const uint8_t *bytes, size_t count,
                             struct hd_execution *ret_execution)
{
    struct hd_setting setting = subject->setting;
    size_t choices = hd_fuzz_decode(&subject->format, bytes, count, &setting);
    struct hd_strategy *strategy = NULL;
    enum hd_error error = hd_engine_prepare(subject->engine, &setting, NULL);

    if (error)
        return error;
    assert_int_equal(hd_strategy_bytes(bytes, choices, &strategy), HD_OK);
    error = hd_execute(subject->engine, strategy, ret_execution);
    hd_strategy_free(strategy);
    return error;
}

static unsigned switches(const struct subject *subject, const uint8_t *bytes, size_t count)
{
    struct hd_setting setting = subject->setting;
    size_t choices = hd_fuzz_decode(&subject->format, bytes, count, &setting);
    unsigned found = 0;

    for (size_t i = 0; i < choices; i++)
        found += bytes[i] != 0;
    return found;
}

/* Generations of random mutants: none leaves its room or fails to execute, equal seeds give equal
 * bytes, and the bytes alone say what happens. */
static void every_mutant_decodes(void **state)
{
    static const char *const names[] = { "gfs2-jdata-write/old", "counter/marked", "p1/old",
                                         "lost-wakeup/check-then-sleep", "power/unordered" };

    (void)state;
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        struct subject subject;
        uint8_t bytes[ROOM + 1] = { 0 }, same[ROOM + 1];
        size_t count = 0;

        open_subject(&subject, names[n]);
        bytes[ROOM] = same[ROOM] = 99;
        for (uint64_t seed = 0; seed < 2000; seed++) {
            struct hd_execution execution;
            size_t other;

            memcpy(same, bytes, sizeof bytes);
            other = hd_mutate(subject.mutator, same, count, ROOM, seed);
            count = hd_mutate(subject.mutator, bytes, count, ROOM, seed);
            assert_int_equal(count, other);
            assert_memory_equal(bytes, same, sizeof bytes);
            assert_in_range(count, 0, ROOM);
            assert_int_equal(bytes[ROOM], 99);
            assert_int_equal(execute(&subject, bytes, count, &execution), HD_OK);
        }
        close_subject(&subject);
    }
}

static void no_room_is_no_mutant(void **state)
{
    struct subject subject;
    uint8_t bytes[4] = { 1, 2, 3, 4 };

    (void)state;
    open_subject(&subject, "gfs2-jdata-write/old");
    for (uint64_t seed = 0; seed < 200; seed++)
        for (size_t room = 0; room < 4; room++)
            assert_in_range(hd_mutate(subject.mutator, bytes, room, room, seed), 0, room);
    close_subject(&subject);
}

static void the_cheap_ones_do_what_they_say(void **state)
{
    static const uint8_t parent[] = { 0, 0, 1, 0, 0, 2, 0, 0, 0, 1, 0 };
    struct subject subject;

    (void)state;
    open_subject(&subject, "gfs2-jdata-write/old");
    for (uint64_t seed = 0; seed < 300; seed++) {
        uint8_t bytes[ROOM];
        size_t count;

        memcpy(bytes, parent, sizeof parent);
        count = hd_mutate_as(subject.mutator, HD_MUTATION_DROP, bytes, sizeof parent, ROOM, seed);
        assert_int_equal(switches(&subject, bytes, count), 2);
        memcpy(bytes, parent, sizeof parent);
        count = hd_mutate_as(subject.mutator, HD_MUTATION_ADD, bytes, sizeof parent, ROOM, seed);
        assert_in_range(switches(&subject, bytes, count), 3, 4);
        memcpy(bytes, parent, sizeof parent);
        count = hd_mutate_as(subject.mutator, HD_MUTATION_MOVE, bytes, sizeof parent, ROOM, seed);
        assert_int_equal(switches(&subject, bytes, count), 3);
        memcpy(bytes, parent, sizeof parent);
        count = hd_mutate_as(subject.mutator, HD_MUTATION_OTHER, bytes, sizeof parent, ROOM, seed);
        assert_int_equal(switches(&subject, bytes, count), 3);
    }
    close_subject(&subject);
}

/* The schedule stays; and the workload, of those that vary, does not. */
static void a_workload_mutant_keeps_the_schedule(void **state)
{
    static const uint8_t parent[] = { 0, 1, 0, 2, 0 };
    struct subject subject;
    unsigned different = 0;

    (void)state;
    open_subject(&subject, "gfs2-jdata-write/old");
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct hd_setting setting = subject.setting;
        uint8_t bytes[ROOM];
        size_t count, choices;

        memcpy(bytes, parent, sizeof parent);
        count =
            hd_mutate_as(subject.mutator, HD_MUTATION_WORKLOAD, bytes, sizeof parent, ROOM, seed);
        choices = hd_fuzz_decode(&subject.format, bytes, count, &setting);
        assert_int_equal(choices, 4);
        assert_memory_equal(bytes, parent, 4);
        different += memcmp(&setting.workload, &subject.setting.workload, sizeof setting.workload)
                     != 0;
    }
    assert_true(different > 180);
    close_subject(&subject);
}

/* counter/marked: two actors read, then write.  Straight on, 0 writes before 1 reads; that pair, or
 * another conflicting one, comes the other way round, and often an update is lost. */
static void a_race_is_reversed(void **state)
{
    struct subject subject;
    unsigned lost = 0;

    (void)state;
    open_subject(&subject, "counter/marked");
    for (uint64_t seed = 0; seed < 200; seed++) {
        uint8_t bytes[ROOM];
        struct hd_execution execution;
        size_t count = hd_mutate_as(subject.mutator, HD_MUTATION_REVERSE, bytes, 0, ROOM, seed);

        assert_int_equal(execute(&subject, bytes, count, &execution), HD_OK);
        assert_true(switches(&subject, bytes, count) > 0);
        lost += !execution.verdict.holds;
    }
    assert_true(lost > 50);
    close_subject(&subject);
}

/* The first goes as far as a landmark that both enter, then comes the second's rest: of a schedule
 * that fails and an empty one, some children fail. */
static void crossing_meets_at_landmarks(void **state)
{
    struct subject subject;
    uint8_t failing[ROOM] = { 0 };
    struct hd_execution execution;
    struct hd_case *the_case = NULL;
    uint8_t *bytes = NULL;
    size_t count = 0;
    unsigned failed = 0;

    (void)state;
    open_subject(&subject, "gfs2-jdata-write/old");
    assert_int_equal(hd_case_load(&hd_models, HEDDLE_SOURCE_DIR "/corpus/gfs2-jdata-write/i1.sched",
                                  &the_case, NULL), HD_OK);
    assert_int_equal(hd_case_to_fuzz(the_case, &bytes, &count, NULL), HD_OK);
    assert_in_range(count, 1, ROOM);
    memcpy(failing, bytes, count);
    for (uint64_t seed = 0; seed < 200; seed++) {
        static const uint8_t straight[] = { 0 };
        uint8_t child[ROOM];
        size_t length = hd_cross(subject.mutator, straight, 1, failing, count, child, ROOM, seed);

        assert_in_range(length, 0, ROOM);
        assert_int_equal(execute(&subject, child, length, &execution), HD_OK);
        failed += !execution.verdict.holds;
    }
    assert_in_range(failed, 20, 199);
    hd_case_free(the_case);
    free(bytes);
    close_subject(&subject);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mutant_decodes),
        cmocka_unit_test(no_room_is_no_mutant),
        cmocka_unit_test(the_cheap_ones_do_what_they_say),
        cmocka_unit_test(a_workload_mutant_keeps_the_schedule),
        cmocka_unit_test(a_race_is_reversed),
        cmocka_unit_test(crossing_meets_at_landmarks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
