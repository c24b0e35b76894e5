/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text in XML, between tags or in double quotes.  Source: Extensible Markup Language 1.0, fifth
 * edition, sections 2.2 (which characters there are) and 2.4 (which must be escaped).
 */
#include <string.h>

#include "gate/formats.h"
#include "input/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"

static const char *escaped(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;"; /* ]]> must not stand in text */
    case '"':
        return "&quot;";
    case '\r':
        return "&#13;";
    default:
        return NULL;
    }
}

/* Of C0 only tab, line feed and carriage return; not U+FFFE and U+FFFF. */
static bool is_allowed(const char *text, size_t length)
{
    if (length == 1)
        return (unsigned char)*text >= ' ' || *text == '\t' || *text == '\n' || *text == '\r';
    return length != 3 || (memcmp(text, "\xef\xbf\xbe", 3) && memcmp(text, "\xef\xbf\xbf", 3));
}

void hd_xml_add(struct hd_buf *buf, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        size_t length = hd_utf8_length(text, left);
        const char *as = escaped(*text);

        if (as)
            hd_buf_addf(buf, "%s", as);
        else if (length == 0 || !is_allowed(text, length))
            hd_buf_addf(buf, REPLACEMENT);
        else
            hd_buf_add(buf, text, length);
        length = length ? length : 1;
        text += length;
        left -= length;
    }
}
