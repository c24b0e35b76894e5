/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Thread-specific data: an execution's own keys.  They touch no memory of the program's, so they
 * are no steps. */
#include <errno.h>
#include <limits.h>

#include "native/native.h"

#define KEYS_MAX 128u

struct key {
    bool used;
    void (*destroy)(void *);
};

static struct key keys[KEYS_MAX];
static void *values[HD_ACTORS_MAX][KEYS_MAX];
static uint32_t keys_used; /* the highest there ever was in this execution, plus one */

void hd_tsd_reset(void)
{
    for (uint32_t i = 0; i < keys_used; i++) {
        keys[i] = (struct key){ 0 };
        for (uint32_t actor = 0; actor < HD_ACTORS_MAX; actor++)
            values[actor][i] = NULL;
    }
    keys_used = 0;
}

void hd_tsd_destroy(const struct hd_actor *self)
{
    bool again = true;

    for (int round = 0; again && round < PTHREAD_DESTRUCTOR_ITERATIONS; round++) {
        again = false;
        for (uint32_t i = 0; i < keys_used; i++) {
            void *value = values[self->id][i];

            values[self->id][i] = NULL;
            if (keys[i].destroy && value) {
                keys[i].destroy(value);
                again = true;
            }
        }
    }
}

HD_EXPORT int pthread_key_create(pthread_key_t *key, void (*destroy)(void *))
{
    struct hd_actor *self = hd_caller(HD_CALLER());

    if (!self)
        return HD_REAL(pthread_key_create)(key, destroy);
    for (uint32_t i = 0; i < KEYS_MAX; i++) {
        if (keys[i].used)
            continue;
        keys[i] = (struct key){ .used = true, .destroy = destroy };
        for (uint32_t actor = 0; actor < HD_ACTORS_MAX; actor++)
            values[actor][i] = NULL;
        if (i >= keys_used)
            keys_used = i + 1;
        *key = i;
        return 0;
    }
    return EAGAIN;
}

HD_EXPORT int pthread_key_delete(pthread_key_t key)
{
    struct hd_actor *self = hd_caller(HD_CALLER());

    if (!self)
        return HD_REAL(pthread_key_delete)(key);
    if (key >= KEYS_MAX || !keys[key].used)
        return EINVAL;
    keys[key] = (struct key){ 0 };
    return 0;
}

HD_EXPORT int pthread_setspecific(pthread_key_t key, const void *value)
{
    struct hd_actor *self = hd_caller(HD_CALLER());

    if (!self)
        return HD_REAL(pthread_setspecific)(key, value);
    if (key >= KEYS_MAX || !keys[key].used)
        return EINVAL;
    values[self->id][key] = (void *)(uintptr_t)value;
    return 0;
}

HD_EXPORT void *pthread_getspecific(pthread_key_t key)
{
    struct hd_actor *self = hd_caller(HD_CALLER());

    if (!self)
        return HD_REAL(pthread_getspecific)(key);
    return key < KEYS_MAX ? values[self->id][key] : NULL;
}
