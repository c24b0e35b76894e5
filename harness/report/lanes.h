/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The drawings of the HTML report, inline SVG that needs no script: see lanes.c and ribbon.c. */
#ifndef HD_LANES_H
#define HD_LANES_H

#include <stdio.h>

#include "report/story.h"

/* Beyond this many rows the middle is left out: nobody scrolls through them. */
#define HD_LANES_ROWS_MAX 1500u
/* So many colours for actors are in page.css; then they begin again. */
#define HD_LANES_COLOURS 8u

/* Is the row among those that are drawn? */
static inline bool hd_lanes_draws(const struct hd_story *story, uint32_t row)
{
    return story->row_count <= HD_LANES_ROWS_MAX || row < HD_LANES_ROWS_MAX / 2 ||
           row >= story->row_count - HD_LANES_ROWS_MAX / 2;
}

/* Every row: time runs down, and each actor that does anything has a lane.  False when out of
 * memory. */
bool hd_lanes_print(const struct hd_story *story, FILE *out);
/* The words of a row, as spans of an SVG text; change: the first thing that it changes, or NULL. */
void hd_row_put_words(const struct hd_story *story, const struct hd_story_row *row,
                      const struct hd_change *change, FILE *out);
/* All of it, and the place in the source, as a title element. */
void hd_row_put_title(const struct hd_story *story, const struct hd_story_row *row, FILE *out);
/* The schedule at a glance, time running to the right. */
void hd_ribbon_print(const struct hd_story *story, FILE *out);

#endif
