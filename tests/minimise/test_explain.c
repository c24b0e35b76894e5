/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Explaining: the pair that decides, the state that differs, and the window, point by point. */
#include "lost.h"

static struct hd_case *parse(const char *text)
{
    struct hd_diag diag = { .text = "" };
    struct hd_case *the_case = NULL;

    if (hd_case_parse(&hd_models, "case", text, strlen(text), &the_case, &diag))
        fail_msg("%s", diag.text);
    return the_case;
}

static struct hd_explanation *explain(const struct hd_case *the_case)
{
    struct hd_minimise_options options = { .attempts = 0 };
    struct hd_explanation *explanation = NULL;
    struct hd_diag diag = { .text = "" };

    if (hd_explain(the_case, &options, &explanation, &diag))
        fail_msg("%s", diag.text);
    assert_false(explanation->failing.verdict.holds);
    if (explanation->passing_case)
        assert_true(explanation->passing.verdict.holds);
    return explanation;
}

static void assert_place(const struct hd_explanation *explanation, const struct hd_place *place,
                         const char *actor, enum hd_op op, const char *object,
                         const char *function)
{
    char text[128];

    assert_string_equal(hd_engine_actor_name(explanation->failing_engine, place->actor), actor);
    assert_true(place->taken || place->waits);
    assert_string_equal(hd_op_word((enum hd_op)place->step.op), hd_op_word(op));
    hd_object_format(explanation->failing_engine, place->step.object, text, sizeof text);
    assert_string_equal(text, object);
    assert_string_equal(place->function, function);
}

static void a_lost_update_is_a_read_before_a_write(void **state)
{
    struct hd_case *the_case = lost_case("variant plain\nworkload bystander=off\n"
                                         "run adder[1] until store\nrun adder[0] until end\n");
    struct hd_explanation *explanation = explain(the_case);

    (void)state;
    assert_true(explanation->has_pair);
    assert_place(explanation, &explanation->first, "adder[0]", HD_OP_READ, "value", "add");
    assert_place(explanation, &explanation->second, "adder[1]", HD_OP_WRITE, "value", "store_sum");
    assert_true(explanation->has_difference);
    assert_place(explanation, &explanation->differs, "adder[0]", HD_OP_READ, "value", "add");
    assert_int_equal(explanation->differs.step.value, 0);
    assert_int_equal(explanation->instead.step.value, 1);
    assert_int_equal(explanation->window_count, 1);
    assert_int_equal(explanation->windows[0].points, 1);
    assert_int_equal(explanation->windows[0].first.nth, 1);
    assert_int_equal(explanation->windows[0].first.landmark, 0);
    assert_true(explanation->windows[0].opens);
    assert_true(explanation->windows[0].closes);
    hd_explanation_free(explanation);
    hd_case_free(the_case);
}

static const char i1[] = "heddle case 1\nscenario gfs2-jdata-write\nvariant old\n"
                         "run writer until hook\nrun flusher until end\n"
                         "run completion until end\nrun reclaimer until end\n";

static void the_gfs2_race_is_drop_buffers_before_gfs2_pin(void **state)
{
    struct hd_case *the_case = parse(i1);
    struct hd_explanation *explanation = explain(the_case);

    (void)state;
    assert_true(explanation->has_pair);
    assert_place(explanation, &explanation->first, "reclaimer", HD_OP_READ, "bh[0].b_count",
                 "drop_buffers");
    assert_place(explanation, &explanation->second, "writer", HD_OP_RMW, "bh[0].b_count",
                 "gfs2_pin");
    assert_true(explanation->has_difference);
    assert_int_equal(explanation->differs.step.value, 0);
    assert_int_equal(explanation->instead.step.value, 1);
    hd_explanation_free(explanation);
    hd_case_free(the_case);
}

/* The window of I-1 by brute force: the writer's every point, with the others behind it. */
static void the_window_is_what_brute_force_finds(void **state)
{
    struct hd_case *the_case = parse(i1);
    struct hd_explanation *explanation = explain(the_case);
    const struct hd_window *window = &explanation->windows[0];
    struct hd_engine *engine = new_engine();
    uint32_t points = 0, so = 0, first = 0, last = 0;

    (void)state;
    assert_int_equal(explanation->window_count, 1);
    for (uint32_t steps = 1; steps < 60; steps++) {
        struct hd_execution execution;
        const char *verdict;

        the_case->segments[0] =
            (struct hd_segment){ .until = HD_UNTIL_COUNT, .count = steps, .index = -1 };
        verdict = verdict_of(engine, the_case, &execution);
        if (!strcmp(verdict, "holds"))
            continue;
        first = points++ ? first : steps;
        last = steps;
        so += !strcmp(verdict, "buffers-missing at gfs2_page_add_databufs");
    }
    assert_int_equal(window->points, points);
    assert_int_equal(window->so_points, so);
    assert_int_equal(window->first.nth, first);
    assert_int_equal(window->last.nth, last);
    assert_true(so > 0 && points > so);
    assert_string_equal(window->opened_by.site->function, "folio_unlock");
    assert_int_equal(window->at.landmark, 0); /* hook */
    hd_engine_free(engine);
    hd_explanation_free(explanation);
    hd_case_free(the_case);
}

static void a_deadlock_is_a_lock_before_a_lock(void **state)
{
    struct hd_case *the_case = parse("heddle case 1\nscenario two-locks\nvariant crossed\n"
                                     "run right after b.lock\nrun left until blocked\n");
    struct hd_explanation *explanation = explain(the_case);

    (void)state;
    assert_true(explanation->has_pair);
    assert_false(explanation->has_difference); /* nobody reads anything */
    assert_place(explanation, &explanation->first, "left", HD_OP_LOCK, "a", "take_both");
    assert_place(explanation, &explanation->second, "right", HD_OP_LOCK, "a", "take_both");
    assert_true(explanation->second.waits);
    hd_explanation_free(explanation);
    hd_case_free(the_case);
}

static void a_use_after_free_is_a_free_before_a_use(void **state)
{
    struct hd_case *the_case = parse("heddle case 1\nscenario uaf\nvariant no-grace-period\n"
                                     "run reader after pointer.acquire\nrun updater until end\n");
    struct hd_explanation *explanation = explain(the_case);

    (void)state;
    assert_true(explanation->has_pair);
    assert_place(explanation, &explanation->first, "updater", HD_OP_FREE, "item", "free_item");
    assert_string_equal(hd_engine_actor_name(explanation->failing_engine,
                                             explanation->second.actor), "reader");
    assert_string_equal(explanation->second.site->function, "reader");
    hd_explanation_free(explanation);
    hd_case_free(the_case);
}

/* The write-ahead rule: the block came before the log. */
static void a_torn_update_is_a_write_before_a_write(void **state)
{
    struct hd_case *the_case = parse("heddle case 1\nscenario power\nvariant unordered\n"
                                     "run flusher until end\n");
    struct hd_explanation *explanation = explain(the_case);

    (void)state;
    assert_true(explanation->has_pair);
    assert_place(explanation, &explanation->first, "flusher", HD_OP_DISK_WRITE, "block[0]",
                 "write_in_place");
    assert_place(explanation, &explanation->second, "journal", HD_OP_DISK_WRITE, "log",
                 "journal");
    hd_explanation_free(explanation);
    hd_case_free(the_case);
}

static void what_does_not_fail_has_no_explanation(void **state)
{
    struct hd_case *the_case = lost_case("variant plain\n");
    struct hd_minimise_options options = { .attempts = 0 };
    struct hd_explanation *explanation = NULL;
    struct hd_diag diag;

    (void)state;
    assert_int_equal(hd_explain(the_case, &options, &explanation, &diag), HD_E_MALFORMED);
    assert_null(explanation);
    hd_case_free(the_case);
    hd_explanation_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_update_is_a_read_before_a_write),
        cmocka_unit_test(the_gfs2_race_is_drop_buffers_before_gfs2_pin),
        cmocka_unit_test(the_window_is_what_brute_force_finds),
        cmocka_unit_test(a_deadlock_is_a_lock_before_a_lock),
        cmocka_unit_test(a_use_after_free_is_a_free_before_a_use),
        cmocka_unit_test(a_torn_update_is_a_write_before_a_write),
        cmocka_unit_test(what_does_not_fail_has_no_explanation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
