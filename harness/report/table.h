/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table alone; numbered lines where it would have more than HD_COLUMNS_MAX columns. */
#ifndef HD_TABLE_H
#define HD_TABLE_H

#include <stdio.h>

#include "report/story.h"

void hd_table_print(const struct hd_story *story, FILE *out);

#endif
