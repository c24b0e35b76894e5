/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: arithmetic-fault at divide */
#include <pthread.h>
#include <stdatomic.h>

atomic_int divisor = 1; /* not static, or compilers see that it is 1 or they may do as they like */

static void *clear(void *unused)
{
    divisor = 0;
    return unused;
}

static int divide(int value)
{
    return value / divisor;
}

int main(void)
{
    pthread_t other;
    volatile int quotient; /* the division must not be optimised away */

    pthread_create(&other, NULL, clear, NULL);
    quotient = divide(6);
    pthread_join(other, NULL);
    return quotient == 7;
}
