/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/screen.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "report/text.h"

#define NUMBER 7u /* the mark of the row that is looked at, its step, a blank */
#define FIXED_LINES 4u /* title, heads, the line between, the bottom */
#define NAME_MAX_COLUMNS 14u

static const char *const keys[] = {
    "j k  arrows     a step forward, back",
    "s S             the next switch to another actor, the one before",
    "p P             the next preemption, the one before",
    "w               the step that goes wrong",
    "space b         a page forward, back",
    "g G  Home End   the first row, the last",
    "/               search; Enter begins, Escape gives up",
    "n N             the next that was found, the one before",
    "? q             these keys; the end",
    "",
    "o step   ! failed, or had waited   x wrong   + a function is entered",
    "| could go on   : waits   . nothing to do",
};

/* Adds a line: what fits of the text, in a style. */
static void add_line(const struct hd_screen *screen, struct hd_buf *buf, const char *style,
                     const char *text)
{
    size_t length = strlen(text);

    if (length > screen->columns)
        length = screen->columns;
    if (screen->colour && style)
        hd_buf_addf(buf, "\033[%sm", style);
    for (size_t i = 0; i < length; i++)
        hd_buf_add(buf, text[i] >= ' ' && text[i] <= '~' ? &text[i] : "?", 1);
    if (screen->colour)
        hd_buf_addf(buf, "%s\033[K", style ? "\033[0m" : "");
    hd_buf_add(buf, "\r\n", 2);
}

/* ---- Lanes ---------------------------------------------------------------------------------- */

static char mark_of(const struct hd_story *story, const struct hd_story_row *row, hd_actor_id actor)
{
    const struct hd_stance *stance;

    if (row->actor == actor) {
        if (row->wrong)
            return 'x';
        if (row->kind == HD_ROW_CALL)
            return '+';
        return row->failed || row->waited ? '!' : 'o';
    }
    stance = hd_stance_at(&story->scenes, actor, row->moment);
    switch (stance ? stance->kind : HD_STANCE_OFF) {
    case HD_STANCE_NEXT:
    case HD_STANCE_FAILS:
        return '|';
    case HD_STANCE_WAITS:
        return ':';
    case HD_STANCE_IDLE:
        return '.';
    default:
        return ' ';
    }
}

static void add_row(const struct hd_story *story, const struct hd_screen *screen,
                    struct hd_buf *buf, uint32_t i)
{
    const struct hd_story_row *row = &story->rows[i];
    struct hd_buf line = { 0 };

    hd_buf_add(&line, i == screen->row ? ">" : " ", 1);
    if (row->step == HD_STEP_NONE)
        hd_buf_addf(&line, "%*s", (int)NUMBER - 1, "");
    else
        hd_buf_addf(&line, "%5" PRIu32 " ", row->step);
    for (unsigned actor = 0; actor < story->actor_count; actor++)
        hd_buf_addf(&line, "%c ", mark_of(story, row, (hd_actor_id)actor));
    hd_buf_addf(&line, " %*s", (int)row->depth, "");
    hd_text_row(story, row, &line);
    if (row->preempts)
        hd_buf_addf(&line, "  <preempts>");
    buf->failed |= line.failed;
    add_line(screen, buf, i == screen->row ? "7" : row->wrong ? "31" : NULL,
             line.text ? line.text : "");
    hd_buf_free(&line);
}

static void add_lanes(const struct hd_story *story, const struct hd_screen *screen,
                      struct hd_buf *buf, uint32_t height)
{
    uint32_t first = screen->row > height / 2 ? screen->row - height / 2 : 0;

    if (first + height > story->row_count)
        first = story->row_count > height ? story->row_count - height : 0;
    for (uint32_t i = first; i < first + height; i++)
        if (i < story->row_count)
            add_row(story, screen, buf, i);
        else
            add_line(screen, buf, NULL, "");
}

static void add_heads(const struct hd_story *story, const struct hd_screen *screen,
                      struct hd_buf *buf)
{
    struct hd_buf line = { 0 };

    hd_buf_addf(&line, "%*s", (int)NUMBER, "step ");
    for (unsigned actor = 0; actor < story->actor_count; actor++)
        hd_buf_addf(&line, "%-2u", actor % 100);
    hd_buf_addf(&line, " row %" PRIu32 " of %" PRIu32 ", %s/%s", screen->row + 1, story->row_count,
                story->scenario->name, story->variant->name);
    buf->failed |= line.failed;
    add_line(screen, buf, "2", line.text ? line.text : "");
    hd_buf_free(&line);
}

/* ---- Panels --------------------------------------------------------------------------------- */

/* Left: how an actor stands. */
static void describe_actor(const struct hd_story *story, unsigned actor, uint32_t moment,
                           struct hd_buf *line)
{
    const struct hd_stance *stance = hd_stance_at(&story->scenes, (hd_actor_id)actor, moment);

    if (actor >= story->actor_count || !stance)
        return;
    hd_buf_addf(line, "%u %-*.*s %s %s", actor, (int)NAME_MAX_COLUMNS - 3,
                (int)NAME_MAX_COLUMNS - 3, story->actors[actor].name,
                hd_stance_word(stance->kind), stance->text);
}

/* A cell's latest change before the moment, or NULL. */
static const struct hd_change *change_of(const struct hd_story *story, uint32_t cell,
                                         uint32_t moment)
{
    const struct hd_change *found = NULL;

    for (uint32_t i = 0; i < story->scenes.change_count; i++)
        if (story->scenes.changes[i].cell == cell && story->scenes.changes[i].step < moment)
            found = &story->scenes.changes[i];
    return found;
}

/* The n-th cell to be told: those changed latest come first. */
static void describe_cell(const struct hd_story *story, uint32_t nth, uint32_t moment,
                          struct hd_buf *line)
{
    const struct hd_scenes *scenes = &story->scenes;
    uint32_t passed = 0;

    for (uint32_t i = scenes->change_count; i-- > 0;) {
        const struct hd_change *change = &scenes->changes[i];
        const char *name = scenes->cells[change->cell].name;

        if (change->step >= moment || change_of(story, change->cell, moment) != change)
            continue;
        if (passed++ < nth)
            continue;
        hd_buf_addf(line, "%c %s = %s", change->step + 1 == moment ? '*' : ' ', name ? name : "?",
                    change->after);
        if (change->step + 1 == moment && change->before)
            hd_buf_addf(line, " (was %s)", change->before);
        return;
    }
}

static void add_panels(const struct hd_story *story, const struct hd_screen *screen,
                       struct hd_buf *buf, uint32_t height)
{
    const struct hd_story_row *row = &story->rows[screen->row];
    int half = (int)screen->columns / 2;

    for (uint32_t i = 0; i < height; i++) {
        struct hd_buf left = { 0 }, right = { 0 }, line = { 0 };

        describe_actor(story, i, row->moment, &left);
        describe_cell(story, i, row->moment, &right);
        hd_buf_addf(&line, "%-*.*s | %s", half, half, left.text ? left.text : "",
                    right.text ? right.text : "");
        while (line.text && line.length > 0 && line.text[line.length - 1] == ' ')
            line.text[--line.length] = '\0';
        buf->failed |= left.failed | right.failed | line.failed;
        add_line(screen, buf, right.text && right.text[0] == '*' ? "1" : NULL,
                 line.text ? line.text : "");
        hd_buf_free(&left);
        hd_buf_free(&right);
        hd_buf_free(&line);
    }
}

static void add_rule(const struct hd_screen *screen, struct hd_buf *buf, uint32_t moment)
{
    struct hd_buf line = { 0 };

    if (moment)
        hd_buf_addf(&line, "-- after step %" PRIu32 " ", moment - 1);
    else
        hd_buf_addf(&line, "-- at the beginning ");
    while (!line.failed && line.length < screen->columns)
        hd_buf_add(&line, "-", 1);
    buf->failed |= line.failed;
    add_line(screen, buf, "2", line.text ? line.text : "");
    hd_buf_free(&line);
}

void hd_screen_draw(const struct hd_story *story, const struct hd_screen *screen,
                    struct hd_buf *buf)
{
    uint32_t space = screen->rows - FIXED_LINES, panels = story->actor_count;

    HD_ASSERT_IS(screen->rows, >=, HD_SCREEN_ROWS_MIN);
    HD_ASSERT_IS(screen->columns, >=, HD_SCREEN_COLUMNS_MIN);
    HD_ASSERT_IS(screen->row, <, story->row_count);
    panels = panels < 6 ? 6 : panels;
    panels = panels > space / 2 ? space / 2 : panels;
    add_line(screen, buf, "1", story->title);
    add_heads(story, screen, buf);
    if (screen->help)
        for (uint32_t i = 0; i < space - panels; i++)
            add_line(screen, buf, NULL, i < sizeof keys / sizeof keys[0] ? keys[i] : "");
    else
        add_lanes(story, screen, buf, space - panels);
    add_rule(screen, buf, story->rows[screen->row].moment);
    add_panels(story, screen, buf, panels);
    add_line(screen, buf, "2", screen->bottom);
    if (!buf->failed) /* no line end behind the last: it would scroll */
        buf->text[buf->length -= 2] = '\0';
}
