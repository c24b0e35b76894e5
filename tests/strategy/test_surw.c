/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SURW, held to its uniformity: where a random walk has 1/2^n, it has 1/(n + 1).  Every seed is
 * fixed.
 */
#include "strategy/fake.h"

#define EXECUTIONS 10000u

/* Actor 0 writes nine times what actor 1 reads once. */
static const struct fake_program one_among_nine = {
    .code = {
        { { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 },
          { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 },
          { HD_OP_STORE, 1 } },
        { { HD_OP_LOAD, 1 } },
    },
};

/* How often does actor 1 come after so many steps of actor 0? */
static void places(const char *name, const struct fake_program *program, uint32_t *ret_times)
{
    struct hd_strategy *strategy =
        fake_strategy(name, &(struct hd_strategy_options){ .seed = 2025 });
    struct fake fake;

    fake_open(&fake, program);
    for (uint32_t i = 0; i < EXECUTIONS; i++) {
        uint32_t place = 0;

        assert_true(fake_execute(&fake, strategy));
        while (fake.steps[place].actor == 0)
            place++;
        ret_times[place]++;
    }
    fake_close(&fake);
    hd_strategy_free(strategy);
}

/* Ten places, all alike: 1000 each, deviation 30; the walk comes last a handful of times.  (It has
 * patience, or it would be 20.) */
static void every_place_is_equally_likely(void **state)
{
    uint32_t uniform[10] = { 0 }, walk[10] = { 0 };

    (void)state;
    places("surw", &one_among_nine, uniform);
    places("random", &one_among_nine, walk);
    for (unsigned i = 0; i < 10; i++)
        assert_in_range(uniform[i], 850, 1150);
    assert_true(walk[0] > 3 * walk[8]);
}

/*
 * What is not selected does not count.  Eight writes of words of its own, then one of the word that
 * actor 1 reads.  Three times in four that word is selected, and its two operations come either
 * way round: 3/8 in all for "last".  One time in four everything is, and 1 is last with 1/10.
 * So 0.75 / 2 + 0.25 / 10 = 0.4, of 10000: 4000, deviation 49.
 */
static void only_what_conflicts_is_selected(void **state)
{
    static const struct fake_program rare = {
        .code = {
            { { HD_OP_STORE, 2 }, { HD_OP_STORE, 3 }, { HD_OP_STORE, 4 }, { HD_OP_STORE, 5 },
              { HD_OP_STORE, 6 }, { HD_OP_STORE, 7 }, { HD_OP_STORE, 8 }, { HD_OP_STORE, 9 },
              { HD_OP_STORE, 1 } },
            { { HD_OP_LOAD, 1 } },
        },
    };
    uint32_t times[10] = { 0 };

    (void)state;
    places("surw", &rare, times);
    assert_in_range(times[9], 3750, 4250);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_place_is_equally_likely),
        cmocka_unit_test(only_what_conflicts_is_selected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
