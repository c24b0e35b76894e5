/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: null-dereference at main */
#include <stddef.h>

static int *volatile nowhere;

int main(void)
{
    return *nowhere;
}
