/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/names.h"

#include <stdio.h>
#include <string.h>

struct hd_word hd_word_of(const char *text)
{
    return (struct hd_word){ .text = text, .length = strlen(text) };
}

bool hd_word_is(struct hd_word word, const char *name)
{
    return strlen(name) == word.length && memcmp(name, word.text, word.length) == 0;
}

bool hd_word_split(struct hd_word word, char separator, struct hd_word *ret_left,
                   struct hd_word *ret_right)
{
    const char *found = memchr(word.text, separator, word.length);
    size_t before;

    if (!found)
        return false;
    before = (size_t)(found - word.text);
    *ret_left = (struct hd_word){ .text = word.text, .length = before };
    *ret_right = (struct hd_word){ .text = found + 1, .length = word.length - before - 1 };
    return true;
}

bool hd_word_number(struct hd_word word, uint64_t max, uint64_t *ret_value)
{
    uint64_t value = 0;

    if (word.length == 0 || (word.length > 1 && word.text[0] == '0'))
        return false;
    for (size_t i = 0; i < word.length; i++) {
        unsigned digit = (unsigned)(unsigned char)word.text[i] - '0';

        /* digit <= max first, or the subtraction could wrap */
        if (digit > 9 || digit > max || value > (max - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *ret_value = value;
    return true;
}

struct hd_quote hd_quote(struct hd_word word)
{
    static const char dots[] = "...";
    struct hd_quote quote;
    bool clip = word.length >= sizeof quote.text;
    size_t length = clip ? sizeof quote.text - sizeof dots : word.length;

    for (size_t i = 0; i < length; i++) {
        char c = word.text[i];

        quote.text[i] = c >= ' ' && c <= '~' ? c : '?';
    }
    memcpy(quote.text + length, clip ? dots : "", clip ? sizeof dots : 1);
    return quote;
}

int hd_name_format(char *text, size_t bytes, const char *name, int index)
{
    int first = (int)strcspn(name, ".");

    return index < 0 ? snprintf(text, bytes, "%s", name)
                     : snprintf(text, bytes, "%.*s[%d]%s", first, name, index, name + first);
}

/* Takes "[N]" off the front of word. */
static bool index_parse(struct hd_word *word, int32_t *ret_index)
{
    struct hd_word number, rest;
    uint64_t value;

    if (!hd_word_split(*word, ']', &number, &rest))
        return false;
    number.text++; /* behind the '[', which the caller has seen */
    number.length--;
    if (!hd_word_number(number, INT32_MAX, &value))
        return false;
    *word = rest;
    *ret_index = (int32_t)value;
    return true;
}

static size_t part_length(struct hd_word word)
{
    size_t length = 0;

    while (length < word.length) {
        char c = word.text[length];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_' || c == '-'))
            break;
        length++;
    }
    return length;
}

bool hd_name_parse(struct hd_word word, char ret_name[static HD_NAME_BYTES], int32_t *ret_index)
{
    char name[HD_NAME_BYTES];
    size_t used = 0;
    int32_t index = -1;

    for (bool first = true;; first = false) {
        size_t part = part_length(word);

        if (part == 0 || used + part >= sizeof name) /* leaves a byte, for a dot or the NUL */
            return false;
        memcpy(name + used, word.text, part);
        used += part;
        word.text += part;
        word.length -= part;
        if (first && word.length > 0 && word.text[0] == '[' && !index_parse(&word, &index))
            return false;
        if (word.length == 0)
            break;
        if (word.text[0] != '.')
            return false;
        name[used++] = '.';
        word.text++;
        word.length--;
    }
    name[used] = '\0';
    memcpy(ret_name, name, used + 1);
    *ret_index = index;
    return true;
}
