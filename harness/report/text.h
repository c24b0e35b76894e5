/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the text formats have in common: the head of a report, and what follows the events. */
#ifndef HD_TEXT_H
#define HD_TEXT_H

#include <stdio.h>

#include "report/story.h"

/* Title, what was executed, and an empty line. */
void hd_text_head(const struct hd_story *story, FILE *out);
/* The narrative, numbered. */
void hd_text_narrative(const struct hd_story *story, FILE *out);
/* Verdict, locks, stuck actors, evidence, replay, digest, and the command that repeats it. */
void hd_text_tail(const struct hd_story *story, FILE *out);

#endif
