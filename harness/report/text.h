/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the text formats have in common: the head of a report, and what follows the events. */
#ifndef HD_TEXT_H
#define HD_TEXT_H

#include <stdio.h>

#include "base/buf.h"
#include "report/story.h"

/* Title, what was executed, and an empty line. */
void hd_text_head(const struct hd_story *story, FILE *out);
/* A row in words: "lock folio[0].lock (held by writer since step 4)", or "function()". */
void hd_text_row(const struct hd_story *story, const struct hd_story_row *row, struct hd_buf *text);
/* The narrative, numbered. */
void hd_text_narrative(const struct hd_story *story, FILE *out);
/* Verdict, locks, stuck actors, evidence, replay, digest, and the command that repeats it. */
void hd_text_tail(const struct hd_story *story, FILE *out);

#endif
