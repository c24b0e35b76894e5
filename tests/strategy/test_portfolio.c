/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The portfolio: what its members can do alone, it can do in time. */
#include "strategy/fake.h"

/* The execution that first takes the schedule. */
static uint32_t first(const char *name, const struct fake_program *program, uint64_t seed,
                      const char *schedule)
{
    struct hd_strategy *strategy =
        fake_strategy(name, &(struct hd_strategy_options){ .seed = seed });
    uint32_t execution = 0;
    struct fake fake;

    fake_open(&fake, program);
    do {
        assert_true(fake_execute(&fake, strategy));
        execution++;
    } while (execution < 20000 && fake_schedule(&fake) != fake_schedule_of(schedule));
    fake_close(&fake);
    hd_strategy_free(strategy);
    return execution;
}

/* Half of the turns are PCT's by right, and it takes the seed as it is: what PCT finds in its n-th
 * execution the portfolio has found by its 4 n-th, whatever the credits. */
static void its_main_member_loses_little(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        uint32_t alone = first("pct", &fake_append_early, seed, "01011000");

        if (alone < 5000)
            assert_true(first("portfolio", &fake_append_early, seed, "01011000") <= 4 * alone + 4);
    }
}

/* Nine writes, then the tenth operation: only what is uniform over orders comes to all ten places
 * soon; the portfolio has such a member. */
static void every_member_has_its_turn(void **state)
{
    static const struct fake_program rare = {
        .code = {
            { { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 },
              { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 } },
            { { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 } },
        },
    };

    (void)state;
    assert_true(first("portfolio", &rare, 1, "001010010010") < 20000);
    assert_int_equal(first("delay", &rare, 1, "001010010010"), 20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_main_member_loses_little),
        cmocka_unit_test(every_member_has_its_turn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
