/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/kinds.h"

const struct hd_kind_info hd_kinds[HD_KIND_COUNT] = {
#define HD_KIND(name, word_, sited_) [HD_KIND_##name] = { .word = word_, .sited = sited_ },
#include "input/kinds.def"
};
