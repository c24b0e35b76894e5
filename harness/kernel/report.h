/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A replay on a kernel, told to people. */
#ifndef HD_KERNEL_REPORT_H
#define HD_KERNEL_REPORT_H

#include "kernel/judge.h"

/* A line a step: what it ended with, the page and the block then, and what proves a block. */
void hd_kernel_print_steps(const struct hd_plan *plan, const struct hd_seen *seen, FILE *out);
/* The oops, as the kernel's console had it; nothing if there was none. */
void hd_kernel_print_oops(const struct hd_machine *machine, const struct hd_seen *seen, FILE *out);
/* "agrees", "DISAGREES", "undecided", "not set up". */
const char *hd_kernel_agreement(enum hd_agreement agreement);

#endif
