/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

static bool buf_reserve(struct hd_buf *buf, size_t more)
{
    size_t room = buf->room ? buf->room : 256;
    char *text;

    if (buf->failed)
        return false;
    while (room - buf->length <= more)
        room *= 2;
    if (room == buf->room)
        return true;
    text = hd_realloc_array(buf->text, room, 1);
    if (!text) {
        buf->failed = true;
        return false;
    }
    buf->text = text;
    buf->room = room;
    return true;
}

void hd_buf_add(struct hd_buf *buf, const char *bytes, size_t count)
{
    if (!buf_reserve(buf, count))
        return;
    if (count)
        memcpy(buf->text + buf->length, bytes, count);
    buf->length += count;
    buf->text[buf->length] = '\0';
}

void hd_buf_addf(struct hd_buf *buf, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        buf->failed = true;
        return;
    }
    if (!buf_reserve(buf, (size_t)length))
        return;
    va_start(arguments, format);
    vsnprintf(buf->text + buf->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buf->length += (size_t)length;
}

void hd_buf_add_quoted(struct hd_buf *buf, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "._/+-=:,@%";

    if (*word && word[strspn(word, plain)] == '\0') {
        hd_buf_addf(buf, "%s", word);
        return;
    }
    hd_buf_add(buf, "'", 1);
    for (; *word; word++) {
        if (*word == '\'')
            hd_buf_addf(buf, "'\\''");
        else
            hd_buf_add(buf, word, 1);
    }
    hd_buf_add(buf, "'", 1);
}

char *hd_buf_take(struct hd_buf *buf)
{
    char *text;

    hd_buf_add(buf, "", 0); /* an empty text is a text too */
    text = buf->failed ? NULL : buf->text;
    if (buf->failed)
        hd_dealloc(buf->text);
    *buf = (struct hd_buf){ 0 };
    return text;
}

void hd_buf_free(struct hd_buf *buf)
{
    hd_dealloc(buf->text);
    *buf = (struct hd_buf){ 0 };
}
