/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The schedule at a glance: a bar for each run of an actor, which leads to its first row. */
#include "report/lanes.h"

#include <inttypes.h>

#include "report/markup.h"

#define WIDTH 1000u
#define NAME 130u /* names of actors, on the left */
#define BAR 12u
#define PITCH 20u
#define NAME_CHARACTERS 17u

struct ribbon {
    const struct hd_story *story;
    FILE *out;
    unsigned line_of[HD_ACTORS_MAX]; /* of the actors that do anything */
    unsigned lines;
    double scale; /* units a row */
};

static void put_names(struct ribbon *ribbon)
{
    const struct hd_story *story = ribbon->story;
    bool has[HD_ACTORS_MAX] = { false };

    for (uint32_t i = 0; i < story->row_count; i++)
        has[story->rows[i].actor] = true;
    for (unsigned i = 0; i < story->actor_count; i++) {
        if (!has[i])
            continue;
        ribbon->line_of[i] = ribbon->lines++;
    }
    fprintf(ribbon->out,
            "<svg class=\"ribbon\" viewBox=\"0 0 %u %u\" role=\"img\""
            " aria-label=\"Who ran when, from left to right\">\n",
            WIDTH, ribbon->lines * PITCH);
    for (unsigned i = 0; i < story->actor_count; i++) {
        unsigned y = ribbon->line_of[i] * PITCH + PITCH / 2;

        if (!has[i])
            continue;
        fprintf(ribbon->out, "<text x=\"%u\" y=\"%u\" class=\"name c%u\">", NAME - 10u, y + 4,
                i % HD_LANES_COLOURS);
        hd_markup_put_some(ribbon->out, story->actors[i].name, NAME_CHARACTERS);
        fprintf(ribbon->out, "</text><path class=\"rail\" d=\"M%u %uH%u\"/>\n", NAME, y, WIDTH);
    }
}

static double x_of(const struct ribbon *ribbon, uint32_t row)
{
    return NAME + row * ribbon->scale;
}

/* Rows `first` up to before `end`. */
static void put_run(const struct ribbon *ribbon, uint32_t first, uint32_t end)
{
    const struct hd_story *story = ribbon->story;
    const struct hd_story_row *row = &story->rows[first];
    unsigned line = ribbon->line_of[row->actor];
    FILE *out = ribbon->out;

    if (row->preempts)
        fprintf(out, "<path class=\"preempt\" d=\"M%.1f %uV%u\"/>", x_of(ribbon, first),
                ribbon->line_of[story->rows[first - 1].actor] * PITCH + PITCH / 2,
                line * PITCH + PITCH / 2);
    fprintf(out, "<a href=\"#r%" PRIu32 "\"><rect class=\"run c%u\" x=\"%.1f\" y=\"%u\""
            " width=\"%.1f\" height=\"%u\" rx=\"2\"><title>",
            hd_lanes_draws(story, first) ? first : 0, row->actor % HD_LANES_COLOURS,
            x_of(ribbon, first), line * PITCH + (PITCH - BAR) / 2, (end - first) * ribbon->scale,
            BAR);
    hd_markup_put(out, story->actors[row->actor].name);
    fprintf(out, ", from step %" PRIu32 "%s</title></rect></a>\n",
            row->moment - (row->kind == HD_ROW_STEP), row->preempts ? ", after a preemption" : "");
}

void hd_ribbon_print(const struct hd_story *story, FILE *out)
{
    struct ribbon ribbon = { .story = story, .out = out };
    uint32_t first = 0;

    if (story->row_count == 0)
        return;
    ribbon.scale = (double)(WIDTH - NAME - PITCH) / story->row_count;
    put_names(&ribbon);
    for (uint32_t i = 1; i <= story->row_count; i++)
        if (i == story->row_count || story->rows[i].actor != story->rows[first].actor) {
            put_run(&ribbon, first, i);
            first = i;
        }
    for (uint32_t i = 0; i < story->row_count; i++)
        if (story->rows[i].wrong && hd_lanes_draws(story, i))
            fprintf(out, "<a href=\"#r%" PRIu32 "\"><circle class=\"wrong\" cx=\"%.1f\" cy=\"%u\""
                    " r=\"6\"><title>here it goes wrong</title></circle></a>\n",
                    i, x_of(&ribbon, i) + ribbon.scale / 2,
                    ribbon.line_of[story->rows[i].actor] * PITCH + PITCH / 2);
    fputs("</svg>\n", out);
}
