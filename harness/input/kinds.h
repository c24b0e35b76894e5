/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of violation that the oracles find by themselves; kinds.def is the list. */
#ifndef HD_KINDS_H
#define HD_KINDS_H

#include <stdbool.h>

enum hd_kind {
#define HD_KIND(name, word, sited) HD_KIND_##name,
#include "input/kinds.def"
    HD_KIND_COUNT
};

struct hd_kind_info {
    const char *word;
    bool sited; /* always has a site; without, a case file may leave it out */
};
extern const struct hd_kind_info hd_kinds[HD_KIND_COUNT]; /* by enum hd_kind */

#endif
