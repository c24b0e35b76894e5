/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A growing text.  A failed allocation sticks: append on, ask once at the end. */
#ifndef HD_BUF_H
#define HD_BUF_H

#include <stdbool.h>
#include <stddef.h>

/* All zero is an empty buffer. */
struct hd_buf {
    char *text; /* NUL behind the end; NULL while nothing was added */
    size_t length, room;
    bool failed;
};

void hd_buf_add(struct hd_buf *buf, const char *bytes, size_t count);
void hd_buf_addf(struct hd_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* One word of a shell command: quoted if it must be. */
void hd_buf_add_quoted(struct hd_buf *buf, const char *word);
/* The text, to be released by the caller with hd_dealloc() (or free()); NULL if an append had
 * failed.  The buffer is empty then. */
char *hd_buf_take(struct hd_buf *buf);
void hd_buf_free(struct hd_buf *buf);

#endif
