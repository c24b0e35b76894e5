/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running twice, on the real engine: silent on every scenario of the zoo, and exact about a model
 * that depends on something else than its schedule. */
#include "determinism/zoo.h"

static struct hd_strategy *twice_random(uint64_t seed)
{
    struct hd_strategy *twice = NULL;

    assert_int_equal(hd_strategy_twice(tiny_strategy("random", seed), &twice), HD_OK);
    return twice;
}

static void what_is_deterministic_passes(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, zoo[0], TINY_BACKEND(state));
    for (unsigned i = 0; i < ZOO_COUNT; i++) {
        struct hd_strategy *twice = twice_random(i);

        zoo_use(&tiny, i);
        for (int run = 0; run < 1000; run++)
            assert_int_equal(hd_execute(tiny.engine, twice, &tiny.execution), HD_OK);
        assert_int_equal(hd_twice_difference(twice), UINT32_MAX);
        assert_true(hd_strategy_complete(twice));
        hd_strategy_free(twice);
    }
    tiny_close(&tiny);
}

/* Outside the engine's memory: what a model must not have. */
static atomic_uint unsteady;

static void write_unsteady(void *state, unsigned instance)
{
    (void)instance;
    hd_step();
    hd_step();
    hd_write_once(&((struct zoo *)state)->word, atomic_fetch_add(&unsteady, 1));
}

static void branch_unsteadily(void *state, unsigned instance)
{
    (void)state;
    (void)instance;
    hd_step();
    if (atomic_fetch_add(&unsteady, 1) % 2)
        hd_step();
}

TINY(unsteady_value, struct zoo, ROLES(TASK(write_unsteady)));
TINY(unsteady_branch, struct zoo, ROLES(TASK(branch_unsteadily)));

static void what_is_not_is_found(const struct hd_scenario *scenario, enum hd_backend backend,
                                 uint32_t step)
{
    struct hd_strategy *twice = twice_random(1);
    struct tiny tiny;

    tiny_open(&tiny, scenario, backend);
    assert_int_equal(hd_execute(tiny.engine, twice, &tiny.execution), HD_OK);
    assert_int_equal(hd_twice_difference(twice), UINT32_MAX);
    assert_int_equal(hd_execute(tiny.engine, twice, &tiny.execution), HD_OK);
    assert_int_equal(hd_twice_difference(twice), step);
    assert_int_equal(hd_execute(tiny.engine, twice, &tiny.execution), HD_E_STOPPED);
    hd_strategy_free(twice);
    tiny_close(&tiny);
}

static void an_unsteady_model_is_found(void **state)
{
    what_is_not_is_found(&unsteady_value, TINY_BACKEND(state), 2);
    what_is_not_is_found(&unsteady_branch, TINY_BACKEND(state), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(what_is_deterministic_passes),
        EACH(an_unsteady_model_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
