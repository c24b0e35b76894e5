/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text that survives a mail: 75 columns, ASCII, no tabs, no blanks at the end of a line. */
#ifndef HD_LAYOUT_H
#define HD_LAYOUT_H

#include <stddef.h>
#include <stdio.h>

#define HD_TEXT_COLUMNS 75u

/*
 * How much of text fits into width columns, cut where a reader would: at a blank, else behind a
 * comma or before a bracket, else anywhere.  At least one character of a text that isn't empty.
 */
size_t hd_layout_fit(const char *text, size_t width);
/* Prints one character at a time what is printable, '?' for the rest. */
void hd_layout_put(FILE *out, const char *text, size_t length);
/* `lead` at column `indent`, then the text; its further lines stand a little to the right. */
void hd_layout_paragraph(FILE *out, size_t indent, const char *lead, const char *text);

#endif
