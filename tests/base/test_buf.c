/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A growing text keeps what it is given, and a failed allocation sticks until it is emptied. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/buf.h"

static void grows_and_keeps_everything(void **state)
{
    struct hd_buf buf = { 0 };
    char *text;

    (void)state;
    for (unsigned i = 0; i < 1000; i++) {
        hd_buf_addf(&buf, "%03u,", i);
        assert_int_equal(strlen(buf.text), buf.length); /* the NUL is always there */
    }
    assert_int_equal(buf.length, 4000);
    text = hd_buf_take(&buf);
    assert_non_null(text);
    assert_int_equal(strlen(text), 4000);
    assert_memory_equal(text, "000,001,", 8);
    assert_memory_equal(text + 3992, "998,999,", 8);
    hd_dealloc(text);
}

/* Around each doubling: the byte that no longer fits, and the NUL behind it. */
static void every_length_fits(void **state)
{
    static const char block[2100] = { 0 };

    (void)state;
    for (size_t first = 0; first < 2; first++)
        for (size_t length = 0; length < sizeof block; length++) {
            struct hd_buf buf = { 0 };

            hd_buf_add(&buf, "x", first);
            hd_buf_add(&buf, block, length);
            assert_int_equal(buf.length, first + length);
            assert_true(buf.room > buf.length);
            assert_int_equal(buf.text[buf.length], '\0');
            hd_buf_free(&buf);
        }
}

static void bytes_of_any_value_are_kept(void **state)
{
    struct hd_buf buf = { 0 };

    (void)state;
    hd_buf_add(&buf, "a\0b", 3);
    hd_buf_add(&buf, "", 0);
    hd_buf_add(&buf, "\xff", 1);
    assert_int_equal(buf.length, 4);
    assert_memory_equal(buf.text, "a\0b\xff", 5);
    hd_buf_free(&buf);
    assert_null(buf.text);
    assert_int_equal(buf.length, 0);
}

static void an_empty_text_is_a_text(void **state)
{
    struct hd_buf buf = { 0 };
    char *text = hd_buf_take(&buf);

    (void)state;
    assert_non_null(text);
    assert_string_equal(text, "");
    hd_dealloc(text);
}

/* Fails each allocation of a sequence in turn: the result is NULL, never a part. */
static void a_failure_sticks(void **state)
{
    struct hd_buf buf = { 0 };
    uint64_t n = 1;
    char *text;

    (void)state;
    for (;; n++) {
        hd_alloc_fail_at(n, 0);
        for (unsigned i = 0; i < 300; i++)
            hd_buf_addf(&buf, "%04u", i);
        assert_int_equal(buf.failed, n <= 4); /* 256, 512, 1024, 2048 bytes */
        hd_alloc_fail_at(0, 0);
        hd_buf_add(&buf, "late", 4); /* memory is back, but the text is not */
        text = hd_buf_take(&buf);
        assert_null(buf.text);
        assert_false(buf.failed);
        if (text)
            break;
    }
    assert_int_equal(n, 5);
    assert_int_equal(strlen(text), 1204);
    hd_dealloc(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_and_keeps_everything),
        cmocka_unit_test(every_length_fits),
        cmocka_unit_test(bytes_of_any_value_are_kept),
        cmocka_unit_test(an_empty_text_is_a_text),
        cmocka_unit_test(a_failure_sticks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
