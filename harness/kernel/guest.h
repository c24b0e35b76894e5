/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guest around a kernel: our module and program, built; its initial RAM file system. */
#ifndef HD_GUEST_H
#define HD_GUEST_H

#include "heddle/error.h"

struct hd_guest {
    const char *release;   /* the kernel's */
    const char *modules;   /* its lib/modules/RELEASE */
    const char *build;     /* a tree that modules can be built against */
    const char *tools;     /* Debian's packages for the guest, unpacked */
    const char *work;      /* a directory to build in */
    const char *directory; /* where `initramfs` is to be */
};

enum hd_error hd_guest_build(const struct hd_guest *guest, struct hd_diag *diag);

#endif
