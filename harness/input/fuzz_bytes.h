/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The workload in a fuzzer's bytes.  hd_fuzz_decode() in heddle.h describes the format. */
#ifndef HD_FUZZ_BYTES_H
#define HD_FUZZ_BYTES_H

#include "heddle/heddle.h"

/* What the workload of any scenario takes at most: a key is its number and up to eight bytes, and
 * the last byte counts them. */
#define HD_FUZZ_TAIL_MAX (1 + 9 * HD_FUZZ_KEYS_MAX)

/*
 * The bytes behind the choices: empty for the default workload, else in canonical form.  Writes to
 * tail, and returns how many.
 */
size_t hd_fuzz_encode_workload(const struct hd_setting *setting, uint8_t tail[HD_FUZZ_TAIL_MAX]);

/* How many keys a fuzzer can set. */
unsigned hd_fuzz_keys(const struct hd_scenario *scenario);

#endif
