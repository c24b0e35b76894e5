/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words and names as they stand in case files and on command lines: read, written, quoted. */
#ifndef HD_NAMES_H
#define HD_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heddle/heddle.h"

/* A piece of somebody else's text; no NUL behind it. */
struct hd_word {
    const char *text;
    size_t length;
};

struct hd_word hd_word_of(const char *text);
bool hd_word_is(struct hd_word word, const char *name);
/* Splits at the first separator.  False, and nothing is written, where there is none. */
bool hd_word_split(struct hd_word word, char separator, struct hd_word *ret_left,
                   struct hd_word *ret_right);
/* Decimal digits alone, no superfluous zero in front, at most max. */
bool hd_word_number(struct hd_word word, uint64_t max, uint64_t *ret_value);

#define HD_QUOTE_BYTES 56
/* For messages: clipped, and nothing in it that a terminal would obey. */
struct hd_quote {
    char text[HD_QUOTE_BYTES];
};
struct hd_quote hd_quote(struct hd_word word);

/*
 * An object's name with its index: "folio" and 0 is "folio[0]", "folio.lock" and 0 is
 * "folio[0].lock"; index -1: the name alone.  Truncates and returns like snprintf.
 */
int hd_name_format(char *text, size_t bytes, const char *name, int index);
/*
 * The inverse.  A name is one or more parts of letters, digits, '_' and '-', with dots between;
 * only the first part can have an index, 0 .. INT32_MAX.  False, and nothing is written, if word
 * is no such name or is too long.
 */
bool hd_name_parse(struct hd_word word, char ret_name[static HD_NAME_BYTES], int32_t *ret_index);

#endif
