/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/layout.h"

#include <string.h>

#define HANG_MAX 5u /* a lead up to this wide, such as a number, is hung out whole */
#define HANG 2u

size_t hd_layout_fit(const char *text, size_t width)
{
    size_t length = strlen(text), cut = 0;

    if (width == 0)
        width = 1;
    if (length <= width)
        return length;
    for (size_t i = 1; i <= width; i++)
        if (text[i] == ' ')
            cut = i;
    if (cut)
        return cut;
    for (size_t i = 1; i < width; i++)
        if (text[i - 1] == ',' || text[i] == '(')
            cut = i;
    return cut ? cut : width;
}

void hd_layout_put(FILE *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        fputc(text[i] >= ' ' && text[i] <= '~' ? text[i] : '?', out);
}

void hd_layout_paragraph(FILE *out, size_t indent, const char *lead, const char *text)
{
    size_t margin = indent + (strlen(lead) <= HANG_MAX ? strlen(lead) : HANG);
    size_t at = indent + strlen(lead);

    fprintf(out, "%*s%s", (int)indent, "", lead);
    for (;; at = margin) {
        size_t fit = hd_layout_fit(text, HD_TEXT_COLUMNS - at), shown = fit;

        while (shown > 0 && text[shown - 1] == ' ')
            shown--;
        hd_layout_put(out, text, shown);
        fputc('\n', out);
        text += fit;
        text += strspn(text, " ");
        if (!*text)
            return;
        fprintf(out, "%*s", (int)margin, "");
    }
}
