/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Optimal partial order reduction, held to exact numbers: the classes of p1/new, which two
 * independent model checkers established, and none of them executed twice or in vain.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models.h"
#include "strategy/dpor.h"

struct totals {
    uint64_t classes, blocked, violations;
};

static struct totals explore(const char *name, const char *keys, enum hd_backend backend)
{
    struct hd_engine_options options = { .backend = backend };
    struct totals totals = { 0 };
    struct hd_execution execution;
    struct hd_setting setting;
    struct hd_strategy *worker;
    struct hd_dpor_tree *tree;
    struct hd_engine *engine;

    assert_int_equal(hd_setting_parse(&hd_models, name, &setting, NULL), HD_OK);
    assert_int_equal(hd_workload_set_all(setting.scenario, &setting.workload, keys, NULL), HD_OK);
    assert_int_equal(hd_engine_create(&options, &engine, NULL), HD_OK);
    assert_int_equal(hd_engine_prepare(engine, &setting, NULL), HD_OK);
    assert_int_equal(hd_dpor_tree_create(engine, &tree), HD_OK);
    assert_int_equal(hd_dpor_create(tree, engine, &worker), HD_OK);
    while (hd_execute(engine, worker, &execution) == HD_OK) {
        struct hd_dpor_lesson lesson;

        assert_int_equal(hd_dpor_learn(worker, &execution, &lesson), HD_OK);
        totals.blocked += lesson.blocked;
        totals.classes += !lesson.blocked;
        totals.violations += !lesson.blocked && !execution.verdict.holds;
    }
    assert_true(hd_dpor_tree_done(tree));
    hd_strategy_free(worker);
    hd_dpor_tree_free(tree);
    hd_engine_free(engine);
    return totals;
}

static void p1_has_the_known_numbers_of_classes(void **state)
{
    static const struct {
        const char *keys;
        uint64_t classes;
    } known[] = {
        { "writers=1 folios=1 buffers=1", 10 },   { "writers=2 folios=1 buffers=1", 42 },
        { "writers=3 folios=1 buffers=1", 216 },  { "writers=4 folios=1 buffers=1", 1320 },
        { "writers=1 folios=2 buffers=1", 100 },  { "writers=1 folios=3 buffers=1", 1000 },
        { "writers=2 folios=2 buffers=1", 2516 }, { "writers=1 folios=1 buffers=3", 10 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct totals totals = explore("p1/new", known[i].keys, HD_BACKEND_FIBER);

        assert_int_equal(totals.classes, known[i].classes);
        assert_int_equal(totals.blocked, 0);
        assert_int_equal(totals.violations, 0);
    }
}

/* Each class once is enough to meet every violation, and to meet none where there is none. */
static void broken_variants_show_their_violation(void **state)
{
    (void)state;
    assert_true(explore("p1/old", "", HD_BACKEND_FIBER).violations > 0);
    assert_true(explore("p1/relock", "", HD_BACKEND_FIBER).violations > 0);
    assert_true(explore("two-locks/crossed", "", HD_BACKEND_FIBER).violations > 0);
    assert_int_equal(explore("two-locks/ordered", "", HD_BACKEND_FIBER).violations, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p1_has_the_known_numbers_of_classes),
        cmocka_unit_test(broken_variants_show_their_violation),
    };

    return cmocka_run_group_tests_name("dpor", tests, NULL, NULL);
}
