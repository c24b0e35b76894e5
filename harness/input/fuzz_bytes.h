/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The workload in a fuzzer's bytes; heddle/fuzz.h describes the format. */
#ifndef HD_FUZZ_BYTES_H
#define HD_FUZZ_BYTES_H

#include "heddle/heddle.h"

/* What the workload of any scenario takes at most: a key is its number and up to eight bytes; then
 * come how many there are, and HD_FUZZ_ANY. */
#define HD_FUZZ_TAIL_MAX (2 + 9 * HD_FUZZ_KEYS_MAX)

/*
 * The bytes behind the choices: empty for the default workload, else the shortest there are.
 * Writes to tail, and returns how many.
 */
size_t hd_fuzz_encode_workload(const struct hd_setting *setting, uint8_t tail[HD_FUZZ_TAIL_MAX]);

/* Appends one key to bytes that are being built in the order of reading, from the end; value counts
 * from the smallest.  Returns how many bytes that took, at most 9. */
size_t hd_fuzz_encode_key(const struct hd_fuzz_keys *keys, unsigned i, uint64_t value,
                          uint8_t *ret_bytes);

#endif
