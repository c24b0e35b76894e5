/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * State and stances are worked out from a trace; the engine knows them.  So both must agree: who
 * takes a step could go on just before it, and who is preempted could have gone on.
 */
#include "printing.h"
#include "report/story.h"

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

static const char both_orders[] =
    "heddle case 1\n"
    "scenario  toy-locks\n"
    "variant   abba\n"
    "run       one  for 1\n"
    "run       two  until blocked\n";

/* What the engine alone knows: deadlines of sleepers, and how long a yield lasts. */
static bool is_told_by_a_trace(const struct hd_trace *trace)
{
    for (uint32_t i = 0; i < trace->length; i++)
        if (trace->steps[i].op == HD_OP_SLEEP || trace->steps[i].op == HD_OP_YIELD)
            return false;
    return true;
}

static void check_story(const struct hd_story *story)
{
    const struct hd_trace *trace = &story->report->execution->trace;
    uint32_t preemptions = 0;

    for (uint32_t i = 0; i < trace->length; i++) {
        const struct hd_stance *stance =
            hd_stance_at(&story->scenes, trace->steps[i].actor, i);

        if (stance->kind != HD_STANCE_NEXT)
            fail_msg("%s/%s step %u (%s): %s %s", story->scenario->name, story->variant->name, i,
                     hd_op_word(trace->steps[i].op), hd_stance_word(stance->kind), stance->text);
    }
    for (uint32_t i = 0; i < story->row_count; i++)
        preemptions += story->rows[i].preempts;
    if (preemptions != trace->preemptions)
        fail_msg("%s/%s: %u preemptions, not %u", story->scenario->name, story->variant->name,
                 preemptions, trace->preemptions);
}

/* Returns how many executions could be checked. */
static unsigned check_variant(const struct hd_scenario *scenario, unsigned variant)
{
    struct hd_setting setting = { .scenario = scenario, .variant = variant };
    struct hd_strategy_options options = { .seed = 11 };
    struct hd_strategy *random = NULL;
    struct hd_execution execution;
    struct hd_engine *engine;
    unsigned checked = 0;

    hd_workload_default(scenario, &setting.workload);
    engine = describing_engine(&setting);
    assert_int_equal(hd_strategy_find("random")->create(&options, &random), HD_OK);
    for (unsigned i = 0; i < 10; i++) {
        struct hd_report report = { .engine = engine, .execution = &execution };
        struct hd_story story;

        assert_int_equal(hd_execute(engine, random, &execution), HD_OK);
        assert_int_equal(hd_story_build(&report, &story), HD_OK);
        if (is_told_by_a_trace(&execution.trace)) {
            check_story(&story);
            checked++;
        }
        hd_story_free(&story);
    }
    hd_strategy_free(random);
    hd_engine_free(engine);
    return checked;
}

static void stances_are_the_engines(void **state)
{
    unsigned checked = 0;

    (void)state;
    for (size_t i = 0; i < hd_models.count; i++)
        for (unsigned v = 0; hd_models.scenarios[i]->variants[v].name; v++)
            checked += check_variant(hd_models.scenarios[i], v);
    assert_true(checked > 500);
}

/* The whole of it, known by heart. */
static void tells_what_each_step_changes(void **state)
{
    static const struct {
        uint32_t step;
        const char *name, *before, *after;
    } expected[] = {
        { 0, "folio[0].lock", "free", "writer" },    { 1, "folio[0].dirty", NULL, "1" },
        { 2, "folio[0].lock", "writer", "free" },    { 3, "folio[0].lock", "free", "flusher" },
        { 5, "bios", "empty", "1 item" },            { 6, "folio[0].lock", "flusher", "free" },
        { 7, "bios", "1 item", "empty" },            { 8, "folio[0].dirty", "1", "0" },
        { 9, "folio[0].lock", "free", "reclaimer" }, { 11, "folio[0].private", NULL, "0" },
        { 12, "bh[0]", NULL, "freed" },              { 13, "folio[0].lock", "reclaimer", "free" },
    };
    struct printing p;
    struct hd_story story;

    (void)state;
    printing_open(&p, &toys, i1, "old");
    assert_int_equal(hd_story_build(&p.report, &story), HD_OK);
    assert_int_equal(story.scenes.change_count, sizeof expected / sizeof expected[0]);
    for (uint32_t i = 0; i < story.scenes.change_count; i++) {
        const struct hd_change *change = &story.scenes.changes[i];

        assert_int_equal(change->step, expected[i].step);
        assert_string_equal(story.scenes.cells[change->cell].name, expected[i].name);
        assert_string_equal(change->after, expected[i].after);
        if (expected[i].before)
            assert_string_equal(change->before, expected[i].before);
        else
            assert_null(change->before);
    }
    hd_story_free(&story);
    printing_close(&p);
}

static void expect_stance(const struct hd_story *story, hd_actor_id actor, uint32_t moment,
                          enum hd_stance_kind kind, const char *text)
{
    const struct hd_stance *stance = hd_stance_at(&story->scenes, actor, moment);

    assert_non_null(stance);
    assert_string_equal(hd_stance_word(stance->kind), hd_stance_word(kind));
    assert_string_equal(stance->text, text);
}

static void tells_who_waits_for_whom(void **state)
{
    struct printing p;
    struct hd_story story;

    (void)state;
    printing_open(&p, &toys, i1, "old");
    assert_int_equal(hd_story_build(&p.report, &story), HD_OK);
    expect_stance(&story, 1, 0, HD_STANCE_NEXT, "lock folio[0].lock in folio_lock()");
    expect_stance(&story, 1, 1, HD_STANCE_WAITS, "folio[0].lock, held by writer since step 0");
    expect_stance(&story, 1, 2, HD_STANCE_WAITS, "folio[0].lock, held by writer since step 0");
    expect_stance(&story, 1, 3, HD_STANCE_NEXT, "lock folio[0].lock in folio_lock()");
    expect_stance(&story, 1, 7, HD_STANCE_ENDED, "");
    expect_stance(&story, 2, 5, HD_STANCE_IDLE, "");
    expect_stance(&story, 2, 6, HD_STANCE_NEXT, "serve bios in serve()");
    expect_stance(&story, 0, 14, HD_STANCE_NEXT, "read folio[0].private in page_buffers()");
    expect_stance(&story, 0, 15, HD_STANCE_FAILS, "buffers-missing");
    hd_story_free(&story);
    printing_close(&p);

    printing_open(&p, &toys, both_orders, "abba");
    assert_int_equal(hd_story_build(&p.report, &story), HD_OK);
    expect_stance(&story, 0, 2, HD_STANCE_WAITS, "b, held by two since step 1");
    expect_stance(&story, 1, 2, HD_STANCE_WAITS, "a, held by one since step 0");
    hd_story_free(&story);
    printing_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stances_are_the_engines),
        cmocka_unit_test(tells_what_each_step_changes),
        cmocka_unit_test(tells_who_waits_for_whom),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
