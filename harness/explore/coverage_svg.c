/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Interleaving coverage as a picture: a matrix, one row and one column a place.  The cell in row a
 * and column b is dark if a was seen before b; red if it was not, though b was seen before a; amber
 * if the two never met; and empty if they don't conflict.
 */
#include <inttypes.h>

#include "base/buf.h"
#include "explore/coverage.h"

#define CELL  6   /* pixels */
#define LEFT  330 /* for the names of the rows */
#define TOP   70  /* for the title and the names of roles */

static void add_escaped(struct hd_buf *buf, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            hd_buf_addf(buf, "&amp;");
            break;
        case '<':
            hd_buf_addf(buf, "&lt;");
            break;
        case '>':
            hd_buf_addf(buf, "&gt;");
            break;
        default:
            hd_buf_add(buf, text, 1);
        }
    }
}

static void add_name(struct hd_buf *buf, const struct hd_spot *place)
{
    add_escaped(buf, place->role);
    hd_buf_addf(buf, ": ");
    add_escaped(buf, place->site->what);
    hd_buf_addf(buf, " in %s:%" PRIu32, place->site->function, place->site->line);
}

static const char *colour(enum hd_pair pair)
{
    static const char *const colours[] = {
        [HD_PAIR_NONE] = NULL,         [HD_PAIR_BOTH] = "#2b5d8a", [HD_PAIR_FORWARD] = "#2b5d8a",
        [HD_PAIR_BACKWARD] = "#d23b2f", [HD_PAIR_NEVER] = "#e8b13a",
    };

    return colours[pair];
}

/* Cells that say that something is missing say what, to whoever points at them. */
static void add_cell(struct hd_buf *buf, const struct hd_coverage *coverage, const uint16_t *order,
                     uint32_t row, uint32_t column)
{
    enum hd_pair pair = hd_coverage_pair(coverage, order[row], order[column]);

    if (pair == HD_PAIR_NONE)
        return;
    hd_buf_addf(buf, "<rect x=\"%u\" y=\"%u\" width=\"%d\" height=\"%d\" fill=\"%s\"",
                LEFT + CELL * column, TOP + CELL * row, CELL - 1, CELL - 1, colour(pair));
    if (pair == HD_PAIR_BOTH || pair == HD_PAIR_FORWARD) {
        hd_buf_addf(buf, "/>\n");
        return;
    }
    hd_buf_addf(buf, "><title>");
    add_name(buf, &coverage->places[order[row]]);
    hd_buf_addf(buf, pair == HD_PAIR_NEVER ? "\nnever met\n" : "\nnever came before\n");
    add_name(buf, &coverage->places[order[column]]);
    hd_buf_addf(buf, "</title></rect>\n");
}

/* A line where one role ends and the next begins, with its name. */
static void add_role(struct hd_buf *buf, const struct hd_spot *place, uint32_t at,
                     uint32_t count)
{
    hd_buf_addf(buf, "<path d=\"M%d %uH%uM%u %dV%u\" stroke=\"#999\" stroke-width=\"0.5\"/>\n",
                LEFT - 40, TOP + CELL * at, LEFT + CELL * count, LEFT + CELL * at, TOP - 12,
                TOP + CELL * count);
    hd_buf_addf(buf, "<text x=\"%u\" y=\"%d\" font-size=\"10\">", LEFT + CELL * at + 2, TOP - 4);
    add_escaped(buf, place->role);
    hd_buf_addf(buf, "</text>\n");
}

static void add_title(struct hd_buf *buf, const struct hd_coverage *coverage)
{
    struct hd_coverage_counts counts;

    hd_coverage_count(coverage, &counts);
    hd_buf_addf(buf, "<text x=\"8\" y=\"20\" font-size=\"14\">");
    if (coverage->scenario) {
        add_escaped(buf, coverage->scenario->name);
        hd_buf_addf(buf, "/");
        add_escaped(buf, coverage->scenario->variants[coverage->variant].name);
    }
    hd_buf_addf(buf, ", %" PRIu64 " executions</text>\n", counts.executions);
    hd_buf_addf(buf,
                "<text x=\"8\" y=\"38\" font-size=\"11\">row before column: dark was seen, "
                "red never was; amber: never in one execution. "
                "%" PRIu32 " pairs in both orders, %" PRIu32 " in one, %" PRIu32 " never</text>\n",
                counts.both, counts.one, counts.never);
}

char *hd_coverage_svg(const struct hd_coverage *coverage)
{
    uint32_t count = coverage->place_count, rank = UINT32_MAX;
    uint32_t width = LEFT + CELL * count + 8, height = TOP + CELL * count + 8;
    uint16_t order[HD_SPOTS_MAX];
    struct hd_buf buf = { 0 };

    hd_coverage_sort(coverage, order);
    hd_buf_addf(&buf, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
                "font-family=\"sans-serif\">\n<rect width=\"100%%\" height=\"100%%\" "
                "fill=\"white\"/>\n", width < 760 ? 760 : width, height);
    add_title(&buf, coverage);
    for (uint32_t row = 0; row < count; row++) {
        const struct hd_spot *place = &coverage->places[order[row]];

        if (place->rank != rank)
            add_role(&buf, place, row, count);
        rank = place->rank;
        hd_buf_addf(&buf, "<text x=\"%d\" y=\"%u\" font-size=\"5\" text-anchor=\"end\">", LEFT - 4,
                    TOP + CELL * row + 5);
        add_name(&buf, place);
        hd_buf_addf(&buf, "</text>\n");
        for (uint32_t column = 0; column < count; column++)
            add_cell(&buf, coverage, order, row, column);
    }
    hd_buf_addf(&buf, "</svg>\n");
    return hd_buf_take(&buf);
}
