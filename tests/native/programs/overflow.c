/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: out-of-bounds at main */
#include <stdlib.h>

static volatile int last = 3;

int main(void)
{
    volatile int *box = malloc(3 * sizeof *box);

    for (int i = 0; i <= last; i++)
        box[i] = i;
    free((void *)box);
    return 0;
}
