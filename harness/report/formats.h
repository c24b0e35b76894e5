/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands behind hd_formats[]: each prints a story whole; HD_E_NOMEM, or HD_OK.  Whether the
 * output took it all, formats.c asks. */
#ifndef HD_FORMATS_H
#define HD_FORMATS_H

#include <stdio.h>

#include "report/story.h"

enum hd_error hd_format_table(const struct hd_story *story, FILE *out);
enum hd_error hd_format_steps(const struct hd_story *story, FILE *out);
enum hd_error hd_format_json(const struct hd_story *story, FILE *out);
enum hd_error hd_format_html(const struct hd_story *story, FILE *out);
enum hd_error hd_format_chrome(const struct hd_story *story, FILE *out);
enum hd_error hd_format_mermaid(const struct hd_story *story, FILE *out);

#endif
