/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threads: actors that begin when another one says so. */
#include "tiny.h"

struct threads {
    struct {
        uint32_t word, unused[3];
    } words[1];
    uint32_t x, y;
};

#define THREAD(function)                                                                           \
    {                                                                                              \
        .name = #function, .summary = "", .kind = HD_THREAD, .run = (function),                    \
        .queue_offset = offsetof(struct threads, words)                                            \
    }

static void child(void *state, unsigned instance)
{
    struct threads *t = state;

    (void)instance;
    hd_write_once(&t->x, hd_load(&t->y));
}

static void parent(void *state, unsigned instance)
{
    struct threads *t = state;

    (void)instance;
    hd_store(&t->y, 7); /* the child reads it, and that is no race */
    hd_spawn(1);
    hd_write_once(&t->x, 1);
    hd_join(1);
    hd_store(&t->y, 8); /* nor is this one */
}

static void loner(void *state, unsigned instance)
{
    (void)instance;
    hd_write_once(&((struct threads *)state)->x, 7);
}

static void x_is_the_childs(void *state)
{
    HD_CHECK(((struct threads *)state)->x == 7, "overwritten", "the parent came last");
}

TINY(family, struct threads, ROLES(TASK(parent), THREAD(child)), .check = x_is_the_childs,
     .oracles = HD_ORACLES_ALL & ~HD_ORACLE_BIT(DURABILITY));
TINY(unspawned, struct threads, ROLES(TASK(loner), THREAD(child)), .check = x_is_the_childs);

/* Between spawn and join the parent has one step, the child begin, load, write, exit: 5 places, and
 * in the last 2 of them the parent's write comes after the child's. */
static void a_thread_runs_between_spawn_and_join(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &family, TINY_BACKEND(state));
    tiny_every(&tiny, 5, 2, "overwritten");
    tiny_close(&tiny);
}

static void who_is_never_spawned_is_not_missed(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &unspawned, TINY_BACKEND(state));
    tiny_every(&tiny, 1, 0, NULL);
    tiny_close(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(a_thread_runs_between_spawn_and_join),
        EACH(who_is_never_spawned_is_not_missed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
