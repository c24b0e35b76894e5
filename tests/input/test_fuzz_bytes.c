/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The workload in a fuzzer's bytes, by hand and there and back, for every scenario there is. */
#include <stdlib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/prng.h"
#include "input/fuzz_bytes.h"
#include "models.h"

static struct hd_setting open_setting(const char *name, struct hd_fuzz_format *format)
{
    struct hd_setting setting;

    assert_int_equal(hd_setting_parse(&hd_models, name, &setting, NULL), HD_OK);
    hd_fuzz_format(setting.scenario, format);
    return setting;
}

static size_t decode(struct hd_setting *setting, const struct hd_fuzz_format *format,
                     const void *bytes, size_t count)
{
    hd_workload_default(setting->scenario, &setting->workload);
    return hd_fuzz_decode(format, bytes, count, setting);
}

/* counter varies `actors` alone, 2 .. 8. */
static void keys_are_read_from_the_end(void **state)
{
    struct hd_fuzz_format format;
    struct hd_setting setting = open_setting("counter/marked", &format);

    (void)state;
    assert_int_equal(format.vary.count, 1);
    assert_int_equal(decode(&setting, &format, NULL, 0), 0);
    assert_int_equal(setting.workload.params[0], 2);
    /* No keys; three choices. */
    assert_int_equal(decode(&setting, &format, "\1\2\3\0", 4), 3);
    assert_int_equal(setting.workload.params[0], 2);
    /* One: the value, the number, how many; two choices. */
    assert_int_equal(decode(&setting, &format, "\1\2\3\0\1", 5), 2);
    assert_int_equal(setting.workload.params[0], 2 + 3);
    /* Value and number are taken modulo 7 and 1. */
    assert_int_equal(decode(&setting, &format, "\x0a\x63\1", 3), 0);
    assert_int_equal(setting.workload.params[0], 2 + 10 % 7);
    /* What is missing is zero; later ones win. */
    assert_int_equal(decode(&setting, &format, "\5\0\5\0\2", 5), 0);
    assert_int_equal(setting.workload.params[0], 2 + 5);
    assert_int_equal(decode(&setting, &format, "\0\4", 2), 0);
    assert_int_equal(setting.workload.params[0], 2);
}

static void a_large_count_is_no_count(void **state)
{
    struct hd_fuzz_format format;
    struct hd_setting setting = open_setting("counter/marked", &format);
    uint8_t bytes[8] = { 6, 6, 6, 6, 6, 6, 0, 0 };

    (void)state;
    for (unsigned last = HD_FUZZ_KEYS_MAX + 1; last < 256; last++) {
        bytes[7] = (uint8_t)last;
        if (last == HD_FUZZ_ANY)
            continue;
        assert_int_equal(decode(&setting, &format, bytes, 8), 7);
        assert_int_equal(setting.workload.params[0], 2);
    }
    /* With HD_FUZZ_ANY keys are numbered among all: 1 is `actor`, on or off: it does not vary. */
    assert_int_equal(decode(&setting, &format, "\1\1\1\xa7", 4), 0);
    assert_int_equal(setting.workload.off[0], 1);
    assert_int_equal(setting.workload.params[0], 2);
}

/* Roles that would wait for each other's end wait for nobody. */
static void a_cycle_is_undone(void **state)
{
    struct hd_fuzz_format format;
    struct hd_setting setting = open_setting("gfs2-jdata-write/old", &format);
    struct hd_prng prng;
    unsigned changed = 0;

    (void)state;
    hd_prng_seed(&prng, 1);
    for (unsigned i = 0; i < 20000; i++) {
        struct hd_case the_case = { 0 };
        struct hd_case *again = NULL;
        uint8_t bytes[40];
        char *text;

        for (unsigned b = 0; b < sizeof bytes; b++)
            bytes[b] = (uint8_t)hd_prng_next(&prng);
        bytes[38] = (uint8_t)(bytes[38] % 12);
        bytes[39] = HD_FUZZ_ANY;
        decode(&setting, &format, bytes, sizeof bytes);
        for (unsigned r = 0; r < HD_ROLES_MAX; r++)
            changed += setting.workload.after[r] != 0;
        if (i % 100)
            continue;
        the_case.setting = setting; /* what a case file takes is a workload */
        text = hd_case_print(&the_case);
        assert_non_null(text);
        assert_int_equal(hd_case_parse(&hd_models, "t", text, strlen(text), &again, NULL), HD_OK);
        assert_memory_equal(&again->setting.workload, &setting.workload, sizeof setting.workload);
        hd_case_free(again);
        free(text);
    }
    assert_true(changed > 1000);
}

/* Random workloads of every scenario: encoding what was decoded gives it back. */
static void what_is_encoded_decodes(void **state)
{
    struct hd_prng prng;

    (void)state;
    hd_prng_seed(&prng, 7);
    for (size_t s = 0; s < hd_models.count; s++) {
        struct hd_fuzz_format format;
        struct hd_setting setting = open_setting(hd_models.scenarios[s]->name, &format);

        for (unsigned i = 0; i < 500; i++) {
            struct hd_workload wanted;
            uint8_t bytes[64], tail[HD_FUZZ_TAIL_MAX];
            size_t count;

            for (unsigned b = 0; b < sizeof bytes; b++)
                bytes[b] = (uint8_t)hd_prng_next(&prng);
            bytes[62] = (uint8_t)(i % 10);
            bytes[63] = i % 2 ? HD_FUZZ_ANY : (uint8_t)(i % 10);
            decode(&setting, &format, bytes, sizeof bytes);
            wanted = setting.workload;
            count = hd_fuzz_encode_workload(&setting, tail);
            assert_int_equal(decode(&setting, &format, tail, count), 0);
            assert_memory_equal(&setting.workload, &wanted, sizeof wanted);
        }
        hd_workload_default(setting.scenario, &setting.workload);
        assert_int_equal(hd_fuzz_encode_workload(&setting, (uint8_t[HD_FUZZ_TAIL_MAX]){ 0 }), 0);
    }
}

/* A word of `vary` that is no key of the scenario would be overlooked. */
static void what_varies_exists(void **state)
{
    (void)state;
    for (size_t s = 0; s < hd_models.count; s++) {
        struct hd_fuzz_format format;
        unsigned words = 0;

        hd_fuzz_format(hd_models.scenarios[s], &format);
        for (const char *at = hd_models.scenarios[s]->vary; at && *at; at += strspn(at, " ")) {
            words++;
            at += strcspn(at, " ");
        }
        assert_int_equal(format.vary.count, words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_read_from_the_end),
        cmocka_unit_test(a_large_count_is_no_count),
        cmocka_unit_test(a_cycle_is_undone),
        cmocka_unit_test(what_is_encoded_decodes),
        cmocka_unit_test(what_varies_exists),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
