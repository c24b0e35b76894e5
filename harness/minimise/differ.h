/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is different in a failing and a passing execution. */
#ifndef HD_DIFFER_H
#define HD_DIFFER_H

#include "heddle/minimise.h"

/* Fills in pair and difference; failing and, if there is one, passing execution are there.  HD_OK
 * or HD_E_NOMEM. */
enum hd_error hd_differ(struct hd_explanation *explanation);

#endif
