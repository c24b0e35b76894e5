/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every error has its text, and a message is formatted where the failure is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "heddle/error.h"

static void every_error_has_its_text(void **state)
{
    static const struct {
        enum hd_error error;
        const char *text;
    } golden[] = {
        { HD_OK, "no error" },
        { HD_E_NOMEM, "out of memory" },
        { HD_E_RANGE, "value out of range" },
        { HD_E_UNKNOWN, "unknown name" },
        { HD_E_MALFORMED, "malformed input" },
        { HD_E_IO, "input or output failed" },
        { HD_E_UNSUPPORTED, "not supported here" },
        { HD_E_STOPPED, "stopped before complete" },
        { HD_E_DIVERGED, "the replay diverged" },
        { HD_E_NONDETERMINISTIC, "the execution differs when run twice" },
    };
    size_t count = 0;

    (void)state;
#define COUNT(name, text) count++;
    HD_ERRORS(COUNT)
#undef COUNT
    assert_int_equal(count, sizeof golden / sizeof golden[0]);
    assert_int_equal(HD_OK, 0);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(golden[i].error, i);
        assert_string_equal(hd_error_text(golden[i].error), golden[i].text);
    }
    assert_string_equal(hd_error_text((enum hd_error)count), "unknown error");
    assert_string_equal(hd_error_text((enum hd_error)99), "unknown error");
}

static void a_failure_is_one_statement(void **state)
{
    struct hd_diag diag = { .text = "before" };

    (void)state;
    assert_int_equal(hd_fail(&diag, HD_E_RANGE, "%s:%d: too large", "seed", 7), HD_E_RANGE);
    assert_string_equal(diag.text, "seed:7: too large");
    assert_int_equal(hd_fail(NULL, HD_E_IO, "%s", "nobody asks"), HD_E_IO);
}

static void a_long_message_is_cut_not_spilt(void **state)
{
    struct {
        struct hd_diag diag;
        char behind;
    } box = { .behind = 'x' };
    char text[2 * HD_DIAG_BYTES];

    (void)state;
    memset(text, 'y', sizeof text);
    text[sizeof text - 1] = '\0';
    (void)hd_fail(&box.diag, HD_E_IO, "%s", text);
    assert_int_equal(strlen(box.diag.text), HD_DIAG_BYTES - 1);
    assert_int_equal(box.behind, 'x');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_has_its_text),
        cmocka_unit_test(a_failure_is_one_statement),
        cmocka_unit_test(a_long_message_is_cut_not_spilt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
