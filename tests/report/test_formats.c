/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What every format promises of every report: a shape that survives a mail, the same bytes for the
 * same execution, and an error instead of half a report when memory or the output runs out.
 */
#include "printing.h"

#include <stdio.h>

#include "base/alloc.h"
#include "models.h"
#include "toy.h"

static const char i1[] =
    "heddle case 1\n"
    "scenario  toy-write\n"
    "variant   old\n"
    "run       writer      until hook\n"
    "run       flusher     until end\n"
    "run       completion  until end\n"
    "run       reclaimer   until end\n"
    "run       writer      until end\n";

#define TEXT_FORMATS 2 /* the first ones; the others are for programs */

static void the_registry_knows_its_formats(void **state)
{
    (void)state;
    assert_int_equal(hd_format_count, 6);
    for (size_t i = 0; i < hd_format_count; i++)
        assert_ptr_equal(hd_format_find(hd_formats[i].name), &hd_formats[i]);
    assert_string_equal(hd_formats[0].name, "table");
    assert_string_equal(hd_formats[TEXT_FORMATS - 1].name, "steps");
    assert_null(hd_format_find("Table"));
    assert_null(hd_format_find(""));
}

/* 75 columns, ASCII, no tab, no blank at the end of a line, a newline at the end. */
static void check_shape(const char *what, const char *text)
{
    size_t column = 0;

    assert_true(strlen(text) > 0 && text[strlen(text) - 1] == '\n');
    for (const char *c = text; *c; c++) {
        if (*c == '\n') {
            if (column > 75)
                fail_msg("%s: a line of %zu columns ends before: %.40s", what, column, c);
            if (c > text && c[-1] == ' ')
                fail_msg("%s: blanks at the end of a line before: %.40s", what, c);
            column = 0;
            continue;
        }
        if (*c < ' ' || *c > '~')
            fail_msg("%s: character %d", what, *c);
        column++;
    }
}

/* A few executions of a variant by a random walk with a fixed seed, whatever their verdicts. */
static void check_variant(const struct hd_scenario *scenario, unsigned variant)
{
    struct hd_setting setting = { .scenario = scenario, .variant = variant };
    struct hd_strategy_options options = { .seed = 7 };
    struct hd_strategy *random = NULL;
    struct hd_execution execution;
    struct hd_engine *engine;

    hd_workload_default(scenario, &setting.workload);
    engine = describing_engine(&setting);
    assert_int_equal(hd_strategy_find("random")->create(&options, &random), HD_OK);
    for (unsigned i = 0; i < 12; i++) {
        struct hd_report report = { .engine = engine, .execution = &execution,
                                    .command = "heddle replay it" };

        assert_int_equal(hd_execute(engine, random, &execution), HD_OK);
        /* The long ones for a few of them. */
        for (size_t format = 0; format < (i < 2 ? hd_format_count : TEXT_FORMATS); format++) {
            char *text = printed(&report, hd_formats[format].name);
            char *again = printed(&report, hd_formats[format].name);

            assert_string_equal(text, again);
            if (format < TEXT_FORMATS)
                check_shape(scenario->name, text);
            free(text);
            free(again);
        }
    }
    hd_strategy_free(random);
    hd_engine_free(engine);
}

static void check_catalogue(const struct hd_catalogue *catalogue)
{
    assert_true(catalogue->count > 0);
    for (size_t i = 0; i < catalogue->count; i++)
        for (unsigned v = 0; catalogue->scenarios[i]->variants[v].name; v++)
            check_variant(catalogue->scenarios[i], v);
}

static void every_report_survives_a_mail(void **state)
{
    (void)state;
    check_catalogue(&hd_models);
    check_catalogue(&toys);
}

/* Each allocation of ours in turn, once and for ever: an error, and nothing leaks (ASan looks). */
static void each_allocation_may_fail(void **state)
{
    (void)state;
    for (int ever_after = 0; ever_after <= 1; ever_after++) {
        struct printing p;
        FILE *out = fopen("/dev/null", "w");
        enum hd_error error = HD_E_NOMEM;
        uint64_t n;

        assert_non_null(out);
        printing_open(&p, &toys, i1, "merged");
        for (size_t format = 0; format < hd_format_count; format++) {
            for (n = 1, error = HD_E_NOMEM; error == HD_E_NOMEM; n++) {
                hd_alloc_fail_at(n, ever_after);
                error = hd_formats[format].print(&p.report, out);
                hd_alloc_fail_at(0, 0);
            }
            assert_int_equal(error, HD_OK);
            assert_true(n > 50); /* it does allocate, so something was tested */
        }
        printing_close(&p);
        fclose(out);
    }
}

static void a_full_output_is_an_error(void **state)
{
    struct printing p;

    (void)state;
    printing_open(&p, &toys, i1, "old");
    for (size_t format = 0; format < hd_format_count; format++) {
        FILE *out = fopen("/dev/full", "w");

        assert_non_null(out);
        assert_int_equal(hd_formats[format].print(&p.report, out), HD_E_IO);
        fclose(out);
    }
    printing_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_registry_knows_its_formats),
        cmocka_unit_test(every_report_survives_a_mail),
        cmocka_unit_test(each_allocation_may_fail),
        cmocka_unit_test(a_full_output_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
