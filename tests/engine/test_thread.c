/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An actor is a thread: its TLS, errno and pthread_self are its own, and stay so from one execution
 * to the next.  On the light backend they are the driver's, which is said in heddle.h.
 */
#include <errno.h>
#include <pthread.h>

#include "tiny.h"

#define ACTORS 3

struct threads {
    pthread_t self[ACTORS];
    uint32_t *local[ACTORS]; /* where each one's `mine` lies */
    uint32_t wrong;
};

static _Thread_local uint32_t mine = 7; /* so that the image of TLS is seen to be copied */

static void live(void *state, unsigned instance)
{
    struct threads *threads = state;
    pthread_t self = pthread_self();

    threads->self[instance] = self;
    threads->local[instance] = &mine;
    threads->wrong += mine != 7;
    for (uint32_t i = 0; i < 4; i++) {
        errno = (int)(100 * instance + i);
        mine = 1000 * instance + i;
        hd_step();
        threads->wrong += errno != (int)(100 * instance + i);
        threads->wrong += mine != 1000 * instance + i;
        threads->wrong += &mine != threads->local[instance];
        threads->wrong += !pthread_equal(self, pthread_self());
    }
    mine = 7;
}

static void apart(void *state)
{
    const struct threads *threads = state;

    HD_CHECK(threads->wrong == 0, "not-its-own", "somebody else's was seen");
    for (int i = 0; i < ACTORS; i++) {
        HD_CHECK(!pthread_equal(threads->self[i], pthread_self()), "not-apart", "it is the driver");
        for (int j = 0; j < i; j++) {
            HD_CHECK(!pthread_equal(threads->self[i], threads->self[j]), "not-apart", "one thread");
            HD_CHECK(threads->local[i] != threads->local[j], "not-apart", "one TLS");
        }
    }
}

static const struct hd_role_info roles[] = {
    { .name = "live", .summary = "", .run = live, .count_param = 1 },
    { NULL },
};
static const struct hd_param_info params[] = { { "lives", "", ACTORS, ACTORS, ACTORS, NULL },
                                               { NULL } };
TINY(living, struct threads, .roles = roles, .params = params, .check = apart);

static void each_has_its_own(void **state)
{
    struct hd_strategy *random = tiny_strategy("random", 3);
    struct tiny tiny;
    int before = errno = 42;

    tiny_open(&tiny, &living, TINY_BACKEND(state));
    for (int i = 0; i < 200; i++) {
        errno = before;
        assert_int_equal(hd_execute(tiny.engine, random, &tiny.execution), HD_OK);
        assert_string_equal(tiny_say(&tiny), "holds");
        assert_int_equal(errno, before); /* nor is the driver's touched */
        assert_int_equal(mine, 7);
    }
    hd_strategy_free(random);
    tiny_close(&tiny);
}

/* The check can fail: with one TLS for all it does. */
static void light_ones_share(void **state)
{
    struct tiny tiny;

    (void)state;
    tiny_open(&tiny, &living, HD_BACKEND_LIGHT);
    assert_int_equal(hd_engine_backend(tiny.engine),
                     hd_light_supported()   ? HD_BACKEND_LIGHT
                     : hd_fiber_supported() ? HD_BACKEND_FIBER
                                            : HD_BACKEND_THREAD);
    tiny_run(&tiny, "");
    assert_int_equal(tiny.execution.verdict.holds, !hd_light_supported());
    tiny_close(&tiny);
    mine = 7;
}

/* What the engine says it runs on is what it was told, where that is supported. */
static void the_backend_can_be_changed(void **state)
{
    static const enum hd_backend order[] = { HD_BACKEND_FIBER, HD_BACKEND_THREAD, HD_BACKEND_FIBER,
                                             HD_BACKEND_THREAD, HD_BACKEND_THREAD };
    struct tiny tiny;

    (void)state;
    tiny_open(&tiny, &living, HD_BACKEND_FIBER);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        assert_int_equal(hd_engine_set_backend(tiny.engine, order[i]), HD_OK);
        assert_int_equal(hd_engine_backend(tiny.engine),
                         hd_fiber_supported() ? order[i] : HD_BACKEND_THREAD);
        assert_string_equal(tiny_run(&tiny, "012012012012"), "holds");
    }
    tiny_close(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON(each_has_its_own, FIBER),
        ON(each_has_its_own, THREAD),
        cmocka_unit_test(light_ones_share),
        cmocka_unit_test(the_backend_can_be_changed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
