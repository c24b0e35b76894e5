/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text as HTML or SVG, whoever wrote it: no byte of it can begin a tag or end an attribute. */
#ifndef HD_MARKUP_H
#define HD_MARKUP_H

#include <stddef.h>
#include <stdio.h>

/* Prints UTF-8 between tags or quotes.  Bytes that are none, controls other than tab and line feed,
 * and characters that turn the direction of writing become '?'. */
void hd_markup_put(FILE *out, const char *text);
/* At most `most` characters of it, the last of them "..." if something is left out. */
void hd_markup_put_some(FILE *out, const char *text, size_t most);
/* JSON inside a script element, which a "</script>" in a string would end. */
void hd_markup_put_script(FILE *out, const char *json);

#endif
