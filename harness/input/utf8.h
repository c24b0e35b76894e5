/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef HD_UTF8_H
#define HD_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The length of the character at text, of which left bytes are there: 1 .. 4; 0 if it is not well
 * formed.  Source: The Unicode Standard, table 3-7, so neither overlong forms nor surrogates.
 */
size_t hd_utf8_length(const char *text, size_t left);
/* Is the well-formed character of that length in C0 (NUL, tab and line feed too), DEL, or C1?
 * Its last byte is its number then. */
bool hd_utf8_is_control(const char *text, size_t length);

#endif
