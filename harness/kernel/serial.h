/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What comes from the guest, which may be broken or hostile: bytes become lines, lines answers.
 * harness/kernel/guest/agent.c has the other side.
 */
#ifndef HD_SERIAL_H
#define HD_SERIAL_H

#include <stdbool.h>
#include <stddef.h>

#define HD_SERIAL_LINE_MAX 4096

/* All zero: nothing has come yet. */
struct hd_serial {
    char line[HD_SERIAL_LINE_MAX]; /* NUL-terminated once hd_serial_feed() has returned true */
    size_t length;
    bool overlong; /* the line was longer: it is cut */
};

/* Takes bytes until a line is complete; *used says how many.  False: they are all taken, and there
 * is none yet.  Bytes that are not printable become '?'. */
bool hd_serial_feed(struct hd_serial *serial, const char *bytes, size_t count, size_t *used);

/* An answer: "ok TEXT" or "error TEXT".  NULL if it is neither; else the text, in the line. */
const char *hd_serial_answer(const char *line, bool *ret_ok);

/* What became of an actor. */
enum hd_guest_state {
    HD_GUEST_HELD,    /* where: the function */
    HD_GUEST_REFUSED, /* it came to where, but may not sleep there */
    HD_GUEST_ENDED,   /* result */
    HD_GUEST_DIED,    /* result: the signal */
    HD_GUEST_ASLEEP,  /* where: its stack; uninterruptible, and not switched to for a while */
    HD_GUEST_BUSY,    /* where: its stack; the time was over, and nothing is known */
};
struct hd_guest_wait {
    enum hd_guest_state state;
    long result;
    char where[1024]; /* "inner < outer < ..." */
};
/* The text of an answer to `run` or `wait`.  False if it is malformed. */
bool hd_serial_wait(const char *text, struct hd_guest_wait *ret_wait);

#endif
