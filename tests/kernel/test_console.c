/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An oops is found in a console, and nothing else is taken for one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* after the others */
#include <cmocka.h>

#include "kernel/console.h"

/* As recorded from Debian's 6.1.0-56-amd64, shortened. */
static const char recorded[] =
    "[   15.190590] gfs2: fsid=ram0.0: first mount done, others may mount\r\n"
    "[   21.619264] kernel BUG at fs/gfs2/aops.c:43!\r\n"
    "[   21.619996] invalid opcode: 0000 [#1] PREEMPT SMP NOPTI\r\n"
    "[   21.620863] RIP: 0010:gfs2_page_add_databufs+0x81/0x90 [gfs2]\r\n"
    "[   21.627443] Call Trace:\r\n"
    "[   21.628002]  <TASK>\r\n"
    "[   21.628172]  gfs2_iomap_page_done+0x65/0x90 [gfs2]\r\n"
    "[   21.628447]  iomap_write_end+0xcb/0x270\r\n"
    "[   21.629113]  ? switch_fpu_return+0x4c/0xd0\r\n"
    "[   21.635217]  vfs_write+0x232/0x3f0\r\n"
    "[   21.659855]  </TASK>\r\n"
    "[   21.667971] ---[ end trace 0000000000000000 ]---\r\n"
    "[   21.668000] RIP: 0010:something_else+0x1/0x2\r\n";

static void a_recorded_oops_is_read(void **state)
{
    struct hd_oops oops;

    (void)state;
    assert_true(hd_console_oops(recorded, sizeof recorded - 1, &oops));
    assert_string_equal(oops.headline, "kernel BUG at fs/gfs2/aops.c:43!");
    assert_string_equal(oops.function, "gfs2_page_add_databufs");
    assert_string_equal(oops.stack, "gfs2_iomap_page_done < iomap_write_end < vfs_write");
    assert_memory_equal(recorded + oops.begin, "[   21.619264]", 14);
    assert_memory_equal(recorded + oops.end, "[   21.668000]", 14);
}

static void a_console_without_one_has_none(void **state)
{
    static const char quiet[] = "[    1.0] WARNING: CPU: 0 PID: 1 at fs/x.c:1\n"
                                "[    1.1] debug: on\n";
    struct hd_oops oops;

    (void)state;
    assert_false(hd_console_oops(quiet, sizeof quiet - 1, &oops));
    assert_false(hd_console_oops("", 0, &oops));
    assert_false(hd_console_oops(NULL, 0, &oops));
}

/* Cut anywhere, with bytes changed: nothing is read that isn't there (ASan looks on). */
static void any_part_of_it_is_survived(void **state)
{
    struct hd_oops oops;

    (void)state;
    for (size_t length = 0; length < sizeof recorded; length++) {
        char *part = malloc(length + 1);

        assert_non_null(part);
        memcpy(part, recorded, length);
        (void)hd_console_oops(part, length, &oops);
        for (size_t i = 0; i < length; i += 7)
            part[i] = (char)(0x80 + i);
        if (hd_console_oops(part, length, &oops))
            for (const char *at = oops.headline; *at; at++)
                assert_in_range(*at, ' ', '~');
        free(part);
    }
}

static void long_lines_are_cut(void **state)
{
    char text[2000] = "kernel BUG at ";
    struct hd_oops oops;

    (void)state;
    memset(text + 14, 'x', sizeof text - 14);
    assert_true(hd_console_oops(text, sizeof text, &oops));
    assert_int_equal(strlen(oops.headline), sizeof oops.headline - 1);
    assert_string_equal(oops.function, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recorded_oops_is_read),
        cmocka_unit_test(a_console_without_one_has_none),
        cmocka_unit_test(any_part_of_it_is_survived),
        cmocka_unit_test(long_lines_are_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
