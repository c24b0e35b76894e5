/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A scenario's lists, read alike: each is an array that ends with a NULL name, or NULL for none.
 * A list longer than its HD_..._MAX is a bug of the scenario and asserts.
 */
#ifndef HD_LISTS_H
#define HD_LISTS_H

#include "input/names.h"
#include "input/offer.h"

enum hd_list {
    HD_LIST_VARIANTS,
    HD_LIST_PARAMS,
    HD_LIST_ROLES,
    HD_LIST_LANDMARKS,
    HD_LIST_WORKLOADS,
    HD_LIST_KINDS,
    HD_LIST_FAULTS,
    HD_LIST_MARKS,
};

unsigned hd_list_count(const struct hd_scenario *scenario, enum hd_list list);
/* The i-th name; i is below the count. */
const char *hd_list_name(const struct hd_scenario *scenario, enum hd_list list, unsigned i);
/* The index of a name, or -1. */
int hd_list_find(const struct hd_scenario *scenario, enum hd_list list, struct hd_word name);
/* Offers all of them. */
void hd_list_offer(const struct hd_scenario *scenario, enum hd_list list, struct hd_offer *offer);

#endif
