/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two tables beside each other. */
#ifndef HD_SIDE_H
#define HD_SIDE_H

#include "heddle/heddle.h"

/* The failing execution's table and the passing one's, if there is one: side by side, or stacked
 * one below the other.  HD_OK or HD_E_NOMEM; what happens to `out` is for its owner to ask. */
enum hd_error hd_side_print(const struct hd_explanation *explanation, bool stacked, FILE *out);

#endif
