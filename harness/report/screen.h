/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a terminal shows of a story at one of its rows: lanes above, below them what each actor is
 * about to do or waits for, and the state.  It only makes text, so a test can hold it word for
 * word; cli/tui.c has the terminal.
 */
#ifndef HD_SCREEN_H
#define HD_SCREEN_H

#include "base/buf.h"
#include "report/story.h"

#define HD_SCREEN_ROWS_MIN    10u
#define HD_SCREEN_COLUMNS_MIN 40u

struct hd_screen {
    unsigned rows, columns; /* of the terminal; at least the minima */
    uint32_t row;           /* of the story, that is looked at */
    const char *bottom;     /* the last line */
    bool help;              /* the keys, instead of the lanes */
    bool colour;            /* with escape sequences of ANSI X3.64; they take no columns */
};

/* Adds exactly `rows` lines in ASCII, none longer than the terminal is wide, with "\r\n" between
 * them.  A failed allocation sticks to the buffer. */
void hd_screen_draw(const struct hd_story *story, const struct hd_screen *screen,
                    struct hd_buf *buf);

#endif
