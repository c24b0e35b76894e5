/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Workloads: defaults, every key, every refusal word for word, and what is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fake.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* All keys, with '*' behind those that are not the default. */
struct written {
    char text[1024];
    unsigned calls;
};

static void write_key(void *context, const char *key, const char *value, bool is_default)
{
    struct written *written = context;
    size_t used = strlen(written->text);

    snprintf(written->text + used, sizeof written->text - used, "%s%s=%s%s",
             written->calls ? " " : "", key, value, is_default ? "" : "*");
    written->calls++;
}

static struct written write_all(const struct hd_workload *workload)
{
    struct written written = { .calls = 0 };

    hd_workload_each(&fake_scenario, workload, write_key, &written);
    return written;
}

static void defaults_are_what_the_scenario_says(void **state)
{
    struct hd_workload workload;

    (void)state;
    memset(&workload, 0xff, sizeof workload);
    hd_workload_default(&fake_scenario, &workload);
    assert_int_equal(workload.after[3], HD_AFTER_MARK + 0);
    assert_int_equal(workload.after[4], HD_AFTER_END + 0);
    assert_int_equal(workload.params[HD_PARAMS_MAX - 1], 0);
    assert_string_equal(write_all(&workload).text,
                        "pos=0 copied=4096 mode=eager flushers=2 io-error=off short-copy=off "
                        "writer=on writer.after=none flusher=on flusher.after=none "
                        "completion=on completion.after=none reclaimer=on "
                        "reclaimer.after=first-pin fsync=off fsync.after=writer.end");
    hd_workload_default(&bare_scenario, &workload);
    hd_workload_each(&bare_scenario, &workload, write_key, NULL); /* has no key to call it with */
}

/* The first named workload is the default, whatever its keys say. */
static void the_first_named_workload_is_the_default(void **state)
{
    struct hd_scenario scenario = fake_scenario;
    struct hd_workload_info workloads[] = { { .name = "a", .keys = "pos=7" },
                                            { .name = "b", .keys = "copied=9" }, { 0 } };
    struct hd_workload workload;

    (void)state;
    scenario.workloads = workloads;
    hd_workload_default(&scenario, &workload);
    assert_int_equal(workload.params[0], 7);
    assert_int_equal(hd_workload_set(&scenario, &workload, "pos", "1", NULL), HD_OK);
    assert_int_equal(hd_workload_set(&scenario, &workload, "workload", "b", NULL), HD_OK);
    assert_int_equal(workload.params[0], 7);
    assert_int_equal(workload.params[1], 9);
}

static void every_key_can_be_set(void **state)
{
    struct hd_workload workload;

    (void)state;
    hd_workload_default(&fake_scenario, &workload);
    assert_int_equal(hd_workload_set_all(&fake_scenario, &workload,
                                         "pos=1048576 copied=1 mode=direct  flushers=100 "
                                         "io-error=on short-copy=choice\tflusher=off "
                                         "fsync=on reclaimer.after=flusher.end "
                                         "completion.after=committed fsync.after=none\n", NULL),
                     HD_OK);
    assert_string_equal(write_all(&workload).text,
                        "pos=1048576* copied=1* mode=direct* flushers=100* io-error=on* "
                        "short-copy=choice* writer=on writer.after=none flusher=off* "
                        "flusher.after=none completion=on completion.after=committed* "
                        "reclaimer=on reclaimer.after=flusher.end* fsync=on* fsync.after=none*");
    assert_int_equal(workload.faults[0], HD_FAULT_ON);
    assert_int_equal(workload.faults[1], HD_FAULT_CHOICE);
    assert_int_equal(workload.after[2], HD_AFTER_MARK + 1);
    assert_int_equal(workload.after[3], HD_AFTER_END + 1);
}

static void a_named_workload_starts_from_the_defaults(void **state)
{
    struct hd_workload workload;

    (void)state;
    hd_workload_default(&fake_scenario, &workload);
    assert_int_equal(hd_workload_set(&fake_scenario, &workload, "copied", "5", NULL), HD_OK);
    assert_int_equal(hd_workload_set_all(&fake_scenario, &workload, "workload=n1 flushers=1", NULL),
                     HD_OK);
    assert_string_equal(write_all(&workload).text,
                        "pos=512* copied=4096 mode=lazy* flushers=1* io-error=choice* "
                        "short-copy=off writer=on writer.after=none flusher=on "
                        "flusher.after=none completion=on completion.after=none reclaimer=on "
                        "reclaimer.after=first-pin fsync=on* fsync.after=writer.end");
}

static void what_is_wrong_is_named(void **state)
{
    static const struct {
        const char *keys, *message;
        enum hd_error error;
    } rows[] = {
        { "poss=1",
          "expected a workload key (pos, copied, mode, flushers, io-error, short-copy, writer, "
          "writer.after, flusher, flusher.after, completion, completion.after, reclaimer, "
          "reclaimer.after, fsync, fsync.after, workload), found 'poss'; did you mean 'pos'?",
          HD_E_UNKNOWN },
        { "pos", "expected KEY=VALUE, found 'pos'", HD_E_MALFORMED },
        { "pos=1 pos=1", "expected each key once, found 'pos' again", HD_E_MALFORMED },
        { "pos=", "expected a decimal number in 0..1048576, found ''", HD_E_RANGE },
        { "pos=1048577", "expected a decimal number in 0..1048576, found '1048577'", HD_E_RANGE },
        { "pos=0x10", "expected a decimal number in 0..1048576, found '0x10'", HD_E_RANGE },
        { "pos=4k", "expected a decimal number in 0..1048576, found '4k'", HD_E_RANGE },
        { "pos=-1", "expected a decimal number in 0..1048576, found '-1'", HD_E_RANGE },
        { "copied=0", "expected a decimal number in 1..4096, found '0'", HD_E_RANGE },
        { "mode=1", "expected one of the words (lazy, eager, direct), found '1'", HD_E_UNKNOWN },
        { "mode=egaer",
          "expected one of the words (lazy, eager, direct), found 'egaer'; did you mean 'eager'?",
          HD_E_UNKNOWN },
        { "io-error=yes", "expected one of the words (off, on, choice), found 'yes'",
          HD_E_UNKNOWN },
        { "writer=choice", "expected one of the words (on, off), found 'choice'", HD_E_UNKNOWN },
        { "writer.after=writer.end",
          "expected a start condition (none, first-pin, committed, flusher.end, completion.end, "
          "reclaimer.end, fsync.end), found 'writer.end'",
          HD_E_UNKNOWN },
        { "flusher.after=end",
          "expected a start condition (none, first-pin, committed, writer.end, completion.end, "
          "reclaimer.end, fsync.end), found 'end'",
          HD_E_UNKNOWN },
        { "writer.after=fsync.end",
          "expected start conditions that can come true, found that 'writer' waits for its own end",
          HD_E_RANGE },
        { "fsync.after=flusher.end flusher.after=completion.end completion.after=fsync.end",
          "expected start conditions that can come true, found that 'flusher' waits for its own "
          "end",
          HD_E_RANGE },
        { "workload=n9",
          "expected a named workload (full-block, n1, n2, n3), found 'n9'; did you mean 'n1'?",
          HD_E_UNKNOWN },
        { "pos=1 workload=n1", "expected 'workload' before all other keys, found it after them",
          HD_E_MALFORMED },
        { "workload=n2", "expected a decimal number in 1..4096, found '0'", HD_E_RANGE },
        { "workload=n3", "expected each key once, found 'workload' again", HD_E_MALFORMED },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct hd_workload workload, before;
        struct hd_diag diag = { "" };

        hd_workload_default(&fake_scenario, &workload);
        before = workload;
        assert_int_equal(hd_workload_set_all(&fake_scenario, &workload, rows[i].keys, &diag),
                         rows[i].error);
        assert_string_equal(diag.text, rows[i].message);
        assert_memory_equal(&workload, &before, sizeof workload);
    }
}

/* One key at a time is judged like several, but for "each key once": the later wins. */
static void single_keys_are_judged_too(void **state)
{
    struct hd_workload workload, before;
    struct hd_diag diag = { "" };

    (void)state;
    hd_workload_default(&fake_scenario, &workload);
    assert_int_equal(hd_workload_set(&fake_scenario, &workload, "pos", "1", &diag), HD_OK);
    assert_int_equal(hd_workload_set(&fake_scenario, &workload, "pos", "2", &diag), HD_OK);
    assert_int_equal(workload.params[0], 2);
    assert_string_equal(diag.text, ""); /* untouched by success */
    before = workload;
    assert_int_equal(hd_workload_set(&fake_scenario, &workload, "pos", "x", NULL), HD_E_RANGE);
    assert_int_equal(hd_workload_set(&fake_scenario, &workload, "", "x", NULL), HD_E_UNKNOWN);
    assert_int_equal(hd_workload_set(&bare_scenario, &workload, "pos", "1", &diag), HD_E_UNKNOWN);
    assert_string_equal(diag.text, "expected a workload key (workload), found 'pos'");
    assert_int_equal(hd_workload_set(&fake_scenario, &workload, "writer.after", "fsync.end", NULL),
                     HD_E_RANGE);
    assert_memory_equal(&workload, &before, sizeof workload);
}

static void a_setting_is_a_scenario_and_a_variant(void **state)
{
    struct hd_setting setting;

    (void)state;
    memset(&setting, 0xff, sizeof setting);
    assert_int_equal(hd_setting_parse(&fakes, "gfs2-jdata-write/merged", &setting, NULL), HD_OK);
    assert_ptr_equal(setting.scenario, &fake_scenario);
    assert_int_equal(setting.variant, 1);
    assert_int_equal(setting.oracles, 0);
    assert_int_equal(setting.step_limit, 0);
    assert_int_equal(setting.workload.params[1], 4096);
    assert_int_equal(hd_setting_parse(&fakes, "gfs2-jdata-write", &setting, NULL), HD_OK);
    assert_int_equal(setting.variant, 0);
    assert_ptr_equal(hd_scenario_find(&fakes, "bare"), &bare_scenario);
    assert_null(hd_scenario_find(&fakes, "bar"));
    assert_int_equal(hd_variant_find(&fake_scenario, "literal"), 2);
    assert_int_equal(hd_variant_find(&fake_scenario, "literally"), -1);
}

static void a_setting_that_is_none_says_what_was_meant(void **state)
{
    static const char *const rows[][2] = {
        { "gfs2-jdata-wrote",
          "expected a scenario ('heddle list scenarios' shows them all), found "
          "'gfs2-jdata-wrote'; did you mean 'gfs2-jdata-write'?" },
        { "xfs", "expected a scenario ('heddle list scenarios' shows them all), found 'xfs'" },
        { "", "expected a scenario ('heddle list scenarios' shows them all), found ''" },
        { "bare/", "expected a variant (only), found ''" },
        { "bare/only/", "expected a variant (only), found 'only/'; did you mean 'only'?" },
        { "gfs2-jdata-write/odl", "expected a variant (old, merged, literal), found 'odl'" },
        { "gfs2-jdata-write/ol",
          "expected a variant (old, merged, literal), found 'ol'; did you mean 'old'?" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct hd_setting setting = { .variant = 77 };
        struct hd_diag diag;

        assert_int_equal(hd_setting_parse(&fakes, rows[i][0], &setting, &diag), HD_E_UNKNOWN);
        assert_string_equal(diag.text, rows[i][1]);
        assert_int_equal(setting.variant, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_what_the_scenario_says),
        cmocka_unit_test(the_first_named_workload_is_the_default),
        cmocka_unit_test(every_key_can_be_set),
        cmocka_unit_test(a_named_workload_starts_from_the_defaults),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(single_keys_are_judged_too),
        cmocka_unit_test(a_setting_is_a_scenario_and_a_variant),
        cmocka_unit_test(a_setting_that_is_none_says_what_was_meant),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
