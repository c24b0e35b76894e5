/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: unsupported at main */
#include <unistd.h>

int main(void)
{
    return fork() < 0;
}
