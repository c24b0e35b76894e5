/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes down what another strategy answers. */
#ifndef HD_TAP_H
#define HD_TAP_H

#include "heddle/strategy.h"

/*
 * Answers as inner does, and writes one byte a choice, as hd_strategy_bytes() would read it.
 * Borrows inner, which must outlive it, and bytes, of which there are room.
 */
enum hd_error hd_tap_create(struct hd_strategy *inner, uint8_t *bytes, size_t room,
                            struct hd_strategy **ret_strategy);
/* How many choices the latest execution had; those beyond the room were not written. */
size_t hd_tap_count(const struct hd_strategy *tap);
/* Follows another strategy from now on. */
void hd_tap_set(struct hd_strategy *tap, struct hd_strategy *inner);

#endif
