/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Debian's packages, downloaded and unpacked, never installed; apt runs on lists of our own. */
#ifndef HD_PACKAGES_H
#define HD_PACKAGES_H

#include "kernel/cache.h"

#define HD_RELEASE_BYTES 96

/* Gets the lists of what there is.  HD_E_UNSUPPORTED where there is no apt, HD_E_IO if they can't
 * be had. */
enum hd_error hd_packages_update(const struct hd_cache *cache, struct hd_diag *diag);
/* The newest kernel whose version is, or begins with, what was asked for ("6.1"); its release
 * ("6.1.0-56-amd64").  HD_E_UNSUPPORTED if Debian has none. */
enum hd_error hd_packages_find_kernel(const struct hd_cache *cache, const char *version,
                                      char ret_release[HD_RELEASE_BYTES], struct hd_diag *diag);
/* Downloads that kernel's image and headers, and unpacks them below directory. */
enum hd_error hd_packages_kernel(const struct hd_cache *cache, const char *release,
                                 const char *directory, struct hd_diag *diag);
/* The same for the guest's programs. */
enum hd_error hd_packages_tools(const struct hd_cache *cache, const char *directory,
                                struct hd_diag *diag);

#endif
