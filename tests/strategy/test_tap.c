/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A tap writes bytes that lead to the same schedule again. */
#include "strategy/fake.h"

#include "strategy/tap.h"

#define ROOM 16

/* Any strategy's schedule, asked about forced moves or not, comes back from its bytes. */
static void the_bytes_lead_to_the_same_schedule(void **state)
{
    static const char *const names[] = { "random", "pct", "pos", "delay" };

    (void)state;
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        struct hd_strategy *inner = fake_strategy(names[n], &(struct hd_strategy_options){ 0 });
        struct hd_strategy *tap = NULL, *bytes = NULL;
        uint8_t written[ROOM];
        struct fake fake;

        assert_int_equal(hd_tap_create(inner, written, ROOM, &tap), HD_OK);
        assert_int_equal(hd_strategy_bytes(written, 0, &bytes), HD_OK);
        fake_open(&fake, &fake_append_early);
        for (unsigned i = 0; i < 50; i++) {
            uint64_t schedule;

            assert_true(fake_execute(&fake, tap));
            schedule = fake_schedule(&fake);
            assert_int_equal(hd_tap_count(tap), fake.trace.choices);
            hd_bytes_set(bytes, written, hd_tap_count(tap));
            assert_true(fake_execute(&fake, bytes));
            assert_int_equal(fake_schedule(&fake), schedule);
        }
        fake_close(&fake);
        hd_strategy_free(bytes);
        hd_strategy_free(tap);
        hd_strategy_free(inner);
    }
}

/* What has no room is counted and not written. */
static void it_keeps_to_its_room(void **state)
{
    struct hd_strategy *inner = fake_strategy("delay", &(struct hd_strategy_options){ .seed = 4 });
    struct hd_strategy *tap = NULL;
    uint8_t written[2] = { 0, 77 };
    struct fake fake;

    (void)state;
    assert_int_equal(hd_tap_create(inner, written, 1, &tap), HD_OK);
    fake_open(&fake, &fake_append_early);
    assert_true(fake_execute(&fake, tap));
    assert_true(hd_tap_count(tap) > 1);
    assert_int_equal(written[1], 77);
    fake_close(&fake);
    hd_strategy_free(tap);
    hd_strategy_free(inner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_lead_to_the_same_schedule),
        cmocka_unit_test(it_keeps_to_its_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
