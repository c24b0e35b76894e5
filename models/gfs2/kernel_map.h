/* SPDX-License-Identifier: GPL-2.0-only */
/* How the cases of these scenarios are carried to a real kernel. */
#ifndef GFS2_KERNEL_MAP_H
#define GFS2_KERNEL_MAP_H

#include "heddle/model.h"

extern const struct hd_kernel_map gfs2_jdata_write_kernel;
extern const struct hd_kernel_map gfs2_write_ahead_kernel;
extern const struct hd_kernel_map gfs2_zero_copy_kernel;

#endif
