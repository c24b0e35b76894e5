/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/markup.h"

#include <stdbool.h>
#include <string.h>

#include "input/utf8.h"

/* U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069: what is shown is not what stands there. */
static bool turns_direction(const char *text, size_t length)
{
    const unsigned char *c = (const unsigned char *)text;

    if (length != 3 || c[0] != 0xe2)
        return false;
    return (c[1] == 0x80 && (c[2] == 0x8e || c[2] == 0x8f || (c[2] >= 0xaa && c[2] <= 0xae))) ||
           (c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9);
}

static void put_character(FILE *out, const char *text, size_t length)
{
    switch (*text) {
    case '&':
        fputs("&amp;", out);
        break;
    case '<':
        fputs("&lt;", out);
        break;
    case '>':
        fputs("&gt;", out);
        break;
    case '"':
        fputs("&quot;", out);
        break;
    case '\'':
        fputs("&#39;", out);
        break;
    default:
        fwrite(text, 1, length, out);
    }
}

/* Prints one character, and returns its length. */
static size_t put_one(FILE *out, const char *text, size_t left)
{
    size_t length = hd_utf8_length(text, left);
    bool blank = *text == '\t' || *text == '\n';

    if (length == 0 || (hd_utf8_is_control(text, length) && !blank) ||
        turns_direction(text, length))
        fputc('?', out);
    else
        put_character(out, text, length);
    return length ? length : 1;
}

void hd_markup_put(FILE *out, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        size_t length = put_one(out, text, left);

        text += length;
        left -= length;
    }
}

void hd_markup_put_some(FILE *out, const char *text, size_t most)
{
    size_t left = strlen(text), characters = 0;

    for (size_t at = 0, length; at < left; at += length, characters++) {
        length = hd_utf8_length(text + at, left - at);
        length = length ? length : 1;
    }
    for (size_t put = 0; left > 0; put++) {
        size_t length;

        if (characters > most && put + 1 >= most) {
            fputs("&hellip;", out);
            return;
        }
        length = put_one(out, text, left);
        text += length;
        left -= length;
    }
}

void hd_markup_put_script(FILE *out, const char *json)
{
    for (; *json; json++)
        if (*json == '<' || *json == '>' || *json == '&')
            fprintf(out, "\\u%04x", (unsigned)*json);
        else
            fputc(*json, out);
}
