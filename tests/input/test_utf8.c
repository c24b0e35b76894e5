/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * UTF-8, by counting: of all byte strings of a length, exactly as many are well formed as there are
 * characters of that length.  Together with "each character is accepted" that leaves no room.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "input/utf8.h"

/* Of the strings of exactly `length` bytes: how many are one character of that length. */
static unsigned count(size_t length)
{
    unsigned found = 0;

    for (uint32_t n = 0; n < UINT32_C(1) << (8 * length); n++) {
        char text[3] = { (char)(n & 0xff), (char)(n >> 8 & 0xff), (char)(n >> 16 & 0xff) };

        found += hd_utf8_length(text, length) == length;
    }
    return found;
}

static void as_many_as_there_are(void **state)
{
    unsigned found = 0;

    (void)state;
    assert_int_equal(count(1), 0x80);
    assert_int_equal(count(2), 0x800 - 0x80);
    assert_int_equal(count(3), 0x10000 - 0x800 - 0x800); /* less the surrogates */
    /* Four bytes: the last is like the third, so a few of each side of its range stand for all. */
    for (uint32_t n = 0; n < UINT32_C(1) << 24; n++) {
        static const char last[] = { 0x7f, (char)0x80, (char)0xbf, (char)0xc0 };

        if ((n & 0xff) < 0xe0)
            continue;
        for (unsigned i = 0; i < 4; i++) {
            char text[4] = { (char)(n & 0xff), (char)(n >> 8 & 0xff), (char)(n >> 16 & 0xff),
                             last[i] };

            found += hd_utf8_length(text, 4) == 4;
        }
    }
    assert_int_equal(found, 0x100000 / 64 * 2); /* 64 last bytes are right, and 2 of our 4 */
}

static size_t encode(uint32_t c, char text[4])
{
    static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    for (size_t i = length; i-- > 1; c >>= 6)
        text[i] = (char)(0x80 | (c & 0x3f));
    text[0] = (char)(lead[length] | c);
    return length;
}

static void each_character_is_accepted_and_cut_short_refused(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x110000; c++) {
        char text[4];
        size_t length = encode(c, text);
        bool control = c < 0x20 || (c >= 0x7f && c < 0xa0);

        if (c >= 0xd800 && c < 0xe000) {
            assert_int_equal(hd_utf8_length(text, length), 0);
            continue;
        }
        if (hd_utf8_length(text, length) != length || hd_utf8_length(text, length - 1) != 0 ||
            hd_utf8_is_control(text, length) != control)
            fail_msg("U+%04X", (unsigned)c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_as_there_are),
        cmocka_unit_test(each_character_is_accepted_and_cut_short_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
