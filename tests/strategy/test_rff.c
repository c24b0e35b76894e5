/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads-from fuzzing against partial order sampling, where two reads must see two certain writes.
 * */
#include "strategy/fake.h"

/* Two words, each written seven times by one actor and read once by another. */
static const struct fake_program two_reads = {
    .code = {
        { { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 },
          { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 } },
        { { HD_OP_LOAD, 1 } },
        { { HD_OP_STORE, 2 }, { HD_OP_STORE, 2 }, { HD_OP_STORE, 2 }, { HD_OP_STORE, 2 },
          { HD_OP_STORE, 2 }, { HD_OP_STORE, 2 }, { HD_OP_STORE, 2 } },
        { { HD_OP_LOAD, 2 } },
    },
};

/* Different pairs of what the two reads saw, of 64, in 3000 executions. */
static uint32_t distinct_pairs(const char *name, uint64_t seed)
{
    struct hd_strategy *strategy =
        fake_strategy(name, &(struct hd_strategy_options){ .seed = seed });
    bool seen[8][8] = { { false } };
    uint32_t distinct = 0;
    struct fake fake;

    fake_open(&fake, &two_reads);
    for (uint32_t i = 0; i < 3000; i++) {
        uint32_t writes[4] = { 0 }, saw[4] = { 0 };

        assert_true(fake_execute(&fake, strategy));
        for (uint32_t at = 0; at < fake.trace.length; at++) {
            hd_actor_id actor = fake.steps[at].actor;

            writes[actor]++;
            if (actor % 2)
                saw[actor] = writes[actor - 1];
        }
        distinct += !seen[saw[1]][saw[3]];
        seen[saw[1]][saw[3]] = true;
    }
    fake_close(&fake);
    hd_strategy_free(strategy);
    return distinct;
}

/*
 * By sampling alone, which draws anew at every conflict, a read sees the k-th write with 2^-k, and
 * two late ones together with 2^-14.  Reads-from fuzzing meets each by chance once, then asks for
 * both.
 */
static void what_was_seen_apart_is_combined(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        assert_int_equal(distinct_pairs("rff", seed), 64);
        assert_true(distinct_pairs("pos", seed) < 60);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_seen_apart_is_combined),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
