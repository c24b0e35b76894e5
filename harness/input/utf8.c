/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/utf8.h"

/* One row of table 3-7: the first byte's range, the second's, and the length. */
struct row {
    unsigned char first, last, second_first, second_last;
    size_t length;
};

static const struct row rows[] = {
    { 0x00, 0x7f, 0x00, 0x00, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
    { 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
    { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static bool tail_is_right(const struct row *row, const unsigned char *bytes)
{
    if (row->length > 1 && (bytes[1] < row->second_first || bytes[1] > row->second_last))
        return false;
    for (size_t i = 2; i < row->length; i++)
        if (bytes[i] < 0x80 || bytes[i] > 0xbf)
            return false;
    return true;
}

size_t hd_utf8_length(const char *text, size_t left)
{
    const unsigned char *bytes = (const unsigned char *)text;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (left >= rows[i].length && bytes[0] >= rows[i].first && bytes[0] <= rows[i].last)
            return tail_is_right(&rows[i], bytes) ? rows[i].length : 0;
    return 0;
}

bool hd_utf8_is_control(const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;

    if (length == 1)
        return bytes[0] < 0x20 || bytes[0] == 0x7f;
    return length == 2 && bytes[0] == 0xc2 && bytes[1] < 0xa0;
}
