/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest says, well or badly: lines, answers, what became of an actor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* after the others */
#include <cmocka.h>

#include "kernel/serial.h"

static void bytes_become_lines(void **state)
{
    static const char bytes[] = "ok one\r\nerror two\npart";
    struct hd_serial serial = { 0 };
    size_t used, at = 0;

    (void)state;
    assert_true(hd_serial_feed(&serial, bytes, sizeof bytes - 1, &used));
    assert_string_equal(serial.line, "ok one");
    at += used;
    assert_true(hd_serial_feed(&serial, bytes + at, sizeof bytes - 1 - at, &used));
    assert_string_equal(serial.line, "error two");
    at += used;
    assert_false(hd_serial_feed(&serial, bytes + at, sizeof bytes - 1 - at, &used));
    assert_int_equal(at + used, sizeof bytes - 1);
    assert_true(hd_serial_feed(&serial, "ial\n", 4, &used));
    assert_string_equal(serial.line, "partial");
}

static void what_is_not_printable_never_reaches_a_terminal(void **state)
{
    struct hd_serial serial = { 0 };
    size_t used;

    (void)state;
    assert_true(hd_serial_feed(&serial, "a\033[2J\0\377b\n", 9, &used));
    assert_string_equal(serial.line, "a?[2J??b");
}

static void an_overlong_line_is_cut_and_said_to_be(void **state)
{
    struct hd_serial serial = { 0 };
    char bytes[HD_SERIAL_LINE_MAX];
    size_t used;

    (void)state;
    memset(bytes, 'x', sizeof bytes);
    assert_false(hd_serial_feed(&serial, bytes, sizeof bytes, &used));
    assert_false(hd_serial_feed(&serial, bytes, sizeof bytes, &used));
    assert_true(hd_serial_feed(&serial, "\n", 1, &used));
    assert_true(serial.overlong);
    assert_int_equal(strlen(serial.line), HD_SERIAL_LINE_MAX - 1);
    assert_true(hd_serial_feed(&serial, "ok\n", 3, &used));
    assert_false(serial.overlong);
}

static void an_answer_is_ok_or_error(void **state)
{
    bool ok = false;

    (void)state;
    assert_string_equal(hd_serial_answer("ok 6.1.0", &ok), "6.1.0");
    assert_true(ok);
    assert_string_equal(hd_serial_answer("error No such process", &ok), "No such process");
    assert_false(ok);
    assert_null(hd_serial_answer("okay", &ok));
    assert_null(hd_serial_answer("", &ok));
    assert_null(hd_serial_answer("[   12.3] Kernel panic", &ok));
}

static void every_end_of_an_actor_is_understood(void **state)
{
    struct hd_guest_wait wait;

    (void)state;
    assert_true(hd_serial_wait("held gfs2_iomap_page_done", &wait));
    assert_int_equal(wait.state, HD_GUEST_HELD);
    assert_string_equal(wait.where, "gfs2_iomap_page_done");
    assert_true(hd_serial_wait("refused gfs2_pin", &wait));
    assert_int_equal(wait.state, HD_GUEST_REFUSED);
    assert_true(hd_serial_wait("ended -11", &wait));
    assert_int_equal(wait.state, HD_GUEST_ENDED);
    assert_int_equal(wait.result, -11);
    assert_true(hd_serial_wait("died 11", &wait));
    assert_int_equal(wait.state, HD_GUEST_DIED);
    assert_true(hd_serial_wait("asleep D folio_wait_bit_common < gfs2_jdata_writepages", &wait));
    assert_int_equal(wait.state, HD_GUEST_ASLEEP);
    assert_string_equal(wait.where, "folio_wait_bit_common < gfs2_jdata_writepages");
    assert_true(hd_serial_wait("busy R ", &wait));
    assert_int_equal(wait.state, HD_GUEST_BUSY);
}

static void anything_else_is_refused(void **state)
{
    static const char *const wrong[] = {
        "", "held", "held ", "held two words", "ended", "ended ", "ended x", "ended 1 2",
        "ended 99999999999999999999", "died", "asleep", "asleep D", "asleep d stack",
        "busy", "hold x",
    };
    struct hd_guest_wait wait = { .result = 42 };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(hd_serial_wait(wrong[i], &wait));
    assert_int_equal(wait.result, 42); /* untouched */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_become_lines),
        cmocka_unit_test(what_is_not_printable_never_reaches_a_terminal),
        cmocka_unit_test(an_overlong_line_is_cut_and_said_to_be),
        cmocka_unit_test(an_answer_is_ok_or_error),
        cmocka_unit_test(every_end_of_an_actor_is_understood),
        cmocka_unit_test(anything_else_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
