/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdict: assertion at main */
/* A bank account: two deposits and a withdrawal read and write the balance under a lock each, but
 * not both under one. */
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int balance = 10;

static int read_balance(void)
{
    int value;

    pthread_mutex_lock(&lock);
    value = balance;
    pthread_mutex_unlock(&lock);
    return value;
}

static void *deposit(void *amount)
{
    int before = read_balance();

    pthread_mutex_lock(&lock);
    balance = before + (int)(long)amount;
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(void)
{
    pthread_t threads[3];

    pthread_create(&threads[0], NULL, deposit, (void *)1L);
    pthread_create(&threads[1], NULL, deposit, (void *)2L);
    pthread_create(&threads[2], NULL, deposit, (void *)-4L);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert(balance == 9);
    return 0;
}
