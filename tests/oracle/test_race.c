/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The race oracle's edges: one actor writes and then sends, the other receives and then reads.  A
 * row names what each does; the first has always ended when the second begins, so that only the
 * edge makes the difference.
 */
#include "oracle/ways.h"

static void sender(void *state, unsigned instance)
{
    struct way_state *s = state;
    enum way way = (enum way)hd_param(SEND);

    (void)instance;
    way_before(s, way, true);
    hd_store(&s->data, 1);
    way_behind(s, way, true);
}

static void receiver(void *state, unsigned instance)
{
    struct way_state *s = state;
    enum way way = (enum way)hd_param(RECEIVE);

    (void)instance;
    way_before(s, way, false);
    (void)hd_load(&s->data);
    way_behind(s, way, false);
}

TINY(sending, struct way_state, ROLES(TASK(sender), TASK(receiver)), .params = way_params,
     .setup = ways_setup, .oracles = HD_ORACLE_BIT(RACE));

static void an_edge_makes_the_difference(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &sending, TINY_BACKEND(state));
    for (size_t i = 0; i < WAY_ROWS; i++) {
        bool held;

        tiny.setting.workload.params[SEND] = ways[i].send;
        tiny.setting.workload.params[RECEIVE] = ways[i].receive;
        tiny_prepare(&tiny);
        held = !strcmp(tiny_run(&tiny, ""), "holds");
        if (held != ways[i].ordered)
            fail_msg("from %u to %u: %s", ways[i].send, ways[i].receive, tiny.verdict);
        if (!held) {
            const struct hd_verdict *verdict = &tiny.execution.verdict;

            assert_string_equal(tiny.verdict, "data-race at receiver");
            assert_int_equal(verdict->actor, 1);
            assert_int_equal(verdict->step, tiny.execution.trace.length);
            assert_int_equal(tiny.execution.trace.steps[verdict->other_step].op, HD_OP_STORE);
            assert_int_equal(tiny.execution.trace.steps[verdict->other_step].object,
                             verdict->object);
        }
    }
    tiny_close(&tiny);
}

/* A flag that is itself plain races on the flag. */
static void a_plain_flag_races_itself(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &sending, TINY_BACKEND(state));
    tiny.setting.workload.params[SEND] = PLAIN_FLAG;
    tiny.setting.workload.params[RECEIVE] = PLAIN_FLAG;
    tiny_prepare(&tiny);
    assert_string_equal(tiny_run(&tiny, ""), "data-race at way_before");
    tiny_close(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(an_edge_makes_the_difference),
        EACH(a_plain_flag_races_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
