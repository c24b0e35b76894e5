/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The page at a file's old end: the rules as arithmetic, counted a third way, byte by byte; and
 * isize-straddle, where a mapping and a write show what a missed page comes to.
 */
#include "models/search.h"

#include "mm/straddle_rules.h"

static const struct straddle_rule *rule(const char *name)
{
    for (size_t i = 0; i < straddle_rule_count; i++)
        if (!strcmp(straddle_rules[i].name, name))
            return &straddle_rules[i];
    fail_msg("no rule %s", name);
    return NULL;
}

/* ---- Arithmetic ------------------------------------------------------------------------------ */

/* A byte of the old end's page that a later store may meet unprepared: its block had no byte in the
 * file, begins before the new reach, and isn't the one that a write begins in. */
static bool needs_by_bytes(const struct straddle_vector *vector)
{
    uint64_t page = vector->old_size - vector->old_size % vector->page;

    if (vector->old_size == page)
        return false; /* no byte of the page was in the file, so nobody could store to it */
    for (uint64_t byte = page; byte < page + vector->page; byte++) {
        uint64_t block = byte - byte % vector->block;

        if (block >= vector->old_size && block < vector->to &&
            (vector->truncate || vector->to - vector->to % vector->block != block))
            return true;
    }
    return false;
}

static struct straddle_tally compare(const char *name, struct straddle_vector vector)
{
    struct straddle_tally tally = { 0 };
    uint64_t page = vector.page;

    for (vector.old_size = 0; vector.old_size <= 4 * page; vector.old_size++)
        for (vector.to = vector.old_size + 1; vector.to <= 6 * page; vector.to++) {
            assert_true(straddle_is_valid(&vector));
            assert_int_equal(straddle_need(&vector), needs_by_bytes(&vector));
            assert_int_equal(straddle_need_slowly(&vector), needs_by_bytes(&vector));
            (void)straddle_count(rule(name), &vector, &tally);
        }
    return tally;
}

/* Pages of 16 bytes, old sizes up to 64, positions up to 96. */
static void a_page_of_16_gives_these_counts(void **unused)
{
    static const struct {
        uint64_t block, needed, missed, needless_kernel, needless_posted;
    } rows[] = {
        { 2, 3528, 3192, 56, 535 },
        { 4, 2928, 2736, 144, 941 },
        { 8, 1824, 1824, 224, 1657 },
        { 16, 0, 0, 0, 2705 },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct straddle_vector vector = { .block = rows[i].block, .page = 16, .folio = 16 };
        struct straddle_tally kernel = compare("kernel", vector);
        struct straddle_tally posted = compare("posted", vector);

        assert_int_equal(kernel.cases, 4160);
        assert_int_equal(kernel.needed, rows[i].needed);
        assert_int_equal(kernel.missed, 0);
        assert_int_equal(kernel.needless, rows[i].needless_kernel);
        assert_int_equal(posted.needed, rows[i].needed);
        assert_int_equal(posted.missed, rows[i].missed);
        assert_int_equal(posted.needless, rows[i].needless_posted);
        if (posted.missed) {
            assert_int_equal(posted.smallest.old_size, 1);
            assert_int_equal(posted.smallest.to, 16);
        }
    }
}

/* The posted inequality is right for writes, on the right folio; not for truncations. */
static void its_inequality_is_right_and_its_folio_is_not(void **unused)
{
    struct straddle_vector vector = { .block = 4, .page = 16, .folio = 16 };
    struct straddle_tally tally = compare("posted-at-end", vector);

    (void)unused;
    assert_int_equal(tally.missed, 0);
    assert_int_equal(tally.needless, 941);
    assert_int_equal(compare("oracle", vector).needless, 0);
    vector.truncate = true;
    tally = compare("posted-at-end", vector);
    assert_int_equal(tally.needed, 3072);
    assert_int_equal(tally.missed, 144);
    assert_int_equal(tally.smallest.old_size, 1);
    assert_int_equal(tally.smallest.to, 5);
}

/* All blocks, pages and folios up to 32 bytes, blocks larger than pages too. */
static void the_kernel_misses_nothing_small(void **unused)
{
    (void)unused;
    for (uint64_t page = 1; page <= 32; page *= 2)
        for (uint64_t folio = page; folio <= 32; folio *= 2)
            for (uint64_t block = 1; block <= 32; block *= 2)
                for (int truncate = 0; truncate <= 1; truncate++) {
                    const struct straddle_vector vector = { .block = block, .page = page,
                                                            .folio = folio,
                                                            .truncate = truncate };

                    assert_int_equal(compare("kernel", vector).missed, 0);
                    assert_int_equal(compare("oracle", vector).missed, 0);
                }
}

#define NONE UINT64_MAX

static uint64_t page_of(const char *name, const struct straddle_vector *vector)
{
    struct straddle_pages pages = rule(name)->protects(vector);

    assert_true(pages.count <= 1);
    return pages.count ? pages.first : NONE;
}

static void vectors_come_out_by_hand(void **unused)
{
    static const struct {
        uint64_t old_size, to, block, kernel, need, posted;
    } rows[] = {
        { 1024, 10000, 1024, 0, 0, 2 },
        { 100, 3000, 1024, 0, 0, 0 },
        { 100, 1500, 1024, 0, NONE, NONE },
        { 100, 1024, 1024, NONE, NONE, NONE },
        { 3500, 10000, 1024, NONE, NONE, 2 },
        { 4096, 10000, 1024, NONE, NONE, 2 },
        { 5000, 8191, 1024, 1, 1, 1 },
        { 5000, 8192, 1024, 1, 1, 2 },
        { 100, 10000, 4096, NONE, NONE, 2 },
        { 100, 5000, 2048, 0, 0, 1 },
        { 3583, 4096, 512, 0, 0, 1 },
        { 2048, 3073, 1024, 0, 0, 0 },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct straddle_vector vector = { .old_size = rows[i].old_size, .to = rows[i].to,
                                                .block = rows[i].block, .page = 4096,
                                                .folio = 4096 };

        assert_int_equal(page_of("kernel", &vector), rows[i].kernel);
        assert_int_equal(page_of("oracle", &vector), rows[i].need);
        assert_int_equal(page_of("posted", &vector), rows[i].posted);
    }
}

/* Moving everything up by whole folios changes no answer, as far up as a file goes. */
static void large_sizes_are_as_small_ones(void **unused)
{
    const uint64_t up = STRADDLE_SIZE_MAX - 8 * 65536;

    (void)unused;
    for (uint64_t old_size = 0; old_size <= 8192; old_size += 61)
        for (uint64_t to = old_size; to <= 8 * 65536; to += 4093) {
            const struct straddle_vector low = { .old_size = old_size, .to = to, .block = 512,
                                                 .page = 4096, .folio = 65536 };
            struct straddle_vector high = low;

            high.old_size += up;
            high.to += up;
            assert_true(straddle_is_valid(&high));
            assert_int_equal(straddle_need(&low), straddle_need(&high));
            assert_int_equal(straddle_need(&high), straddle_need_slowly(&high));
            for (size_t i = 0; i < straddle_rule_count; i++) {
                struct straddle_pages a = straddle_rules[i].protects(&low);
                struct straddle_pages b = straddle_rules[i].protects(&high);

                assert_int_equal(a.count, b.count);
                if (a.count)
                    assert_int_equal(a.first + up / 4096, b.first);
            }
        }
}

/* With a folio of several pages the helper is right as long as the folio has both ends. */
static void a_large_folio_can_hide_the_mistake(void **unused)
{
    struct straddle_vector vector = { .old_size = 1024, .to = 10000, .block = 1024, .page = 4096,
                                      .folio = 16384 };

    (void)unused;
    assert_true(straddle_protects_end(rule("posted"), &vector));
    vector.to = 16384;
    assert_false(straddle_protects_end(rule("posted"), &vector));
    assert_true(straddle_protects_end(rule("kernel"), &vector));
}

static void what_is_no_case_is_refused(void **unused)
{
    const struct straddle_vector good = { .block = 512, .page = 4096, .folio = 4096 };
    struct straddle_vector bad = good;

    (void)unused;
    assert_true(straddle_is_valid(&good));
    bad.block = 0;
    assert_false(straddle_is_valid(&bad));
    bad.block = 768;
    assert_false(straddle_is_valid(&bad));
    bad = good;
    bad.folio = 2048;
    assert_false(straddle_is_valid(&bad));
    bad = good;
    bad.old_size = STRADDLE_SIZE_MAX + 1;
    assert_false(straddle_is_valid(&bad));
    bad = good;
    bad.page = bad.folio = 2 * STRADDLE_UNIT_MAX;
    assert_false(straddle_is_valid(&bad));
}

/* ---- The scenario ---------------------------------------------------------------------------- */

#define KERNEL "isize-straddle/kernel-rule"
#define POSTED "isize-straddle/posted-helper"

static struct outcome bounded(const char *subject, const char *workload, uint32_t preemptions,
                              const char *kind, const char *site)
{
    struct search search = { .subject = subject, .workload = workload, .strategy = "dfs",
                             .preemptions = preemptions, .kind = kind, .site = site };

    return run_search(&search);
}

static void finds(const char *subject, const char *workload, const char *kind, const char *site)
{
    struct search search = { .subject = subject, .workload = workload, .strategy = "random",
                             .runs = 5000, .kind = kind, .site = site, .until_found = true };

    for (search.seed = 1; search.seed <= 10; search.seed++)
        if (!run_search(&search).found)
            fail_msg("%s: no %s at %s from seed %d", subject, kind, site, (int)search.seed);
}

static void silent(const char *subject, const char *workload, uint64_t runs)
{
    struct search search = { .subject = subject, .workload = workload, .strategy = "random",
                             .seed = 1, .runs = runs };
    struct outcome outcome = run_search(&search);

    if (outcome.violations)
        fail_msg("%s, %s: %s", subject, workload ? workload : "default", outcome.other);
    assert_int_equal(outcome.executions, runs);
}

static void the_posted_helper_protects_another_page(void **unused)
{
    (void)unused;
    finds(POSTED, NULL, "page-not-protected", "inode_unlock");
    finds(POSTED, "workload=lost-store", "store-lost", "promised_store");
    finds(POSTED, "workload=next-page", "page-not-protected", "inode_unlock");
    finds(POSTED, "workload=half-page-blocks", "page-not-protected", "inode_unlock");
}

/* One of the two orders in which the actors can begin is enough. */
static void no_preemption_is_needed(void **unused)
{
    struct outcome outcome = bounded(POSTED, NULL, 0, "page-not-protected", "inode_unlock");

    (void)unused;
    assert_int_equal(outcome.executions, 2);
    assert_int_equal(outcome.violations, 1);
    assert_int_equal(outcome.found, 1);
    assert_int_equal(outcome.preemptions, 0);
    outcome = bounded(POSTED, "workload=lost-store", 0, "store-lost", "promised_store");
    assert_int_equal(outcome.executions, 2);
    assert_int_equal(outcome.found, 1);
}

static void the_kernel_rule_holds(void **unused)
{
    struct outcome outcome = bounded(KERNEL, NULL, 2, NULL, NULL);

    (void)unused;
    assert_int_equal(outcome.violations, 0);
    assert_int_equal(bounded(KERNEL, NULL, 0, NULL, NULL).executions, 2);
    assert_int_equal(bounded(KERNEL, NULL, 1, NULL, NULL).executions, 86);
    silent(KERNEL, NULL, 100000);
    silent(KERNEL, "workload=lost-store", 20000);
    silent(KERNEL, "workload=two-mappers", 20000);
}

/* One byte, or one block, from the bug. */
static void next_to_the_bug_the_helper_is_silent(void **unused)
{
    static const char *const workloads[] = {
        "workload=same-page", "workload=last-byte-before", "workload=next-block",
        "workload=last-block", "workload=aligned-end", "workload=whole-page-blocks",
        "workload=truncate",
    };

    (void)unused;
    for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++) {
        silent(POSTED, workloads[i], 10000);
        silent(KERNEL, workloads[i], 10000);
    }
}

static void each_mutant_of_the_kernel_order_fires(void **unused)
{
    (void)unused;
    finds("isize-straddle/mutant-no-folio-lock", "workload=lost-store", "store-lost",
          "promised_store");
    finds("isize-straddle/mutant-before-size", "workload=lost-store", "store-lost",
          "promised_store");
    assert_int_equal(bounded("isize-straddle/mutant-no-folio-lock", NULL, 0, NULL, NULL).violations,
                     0);
    assert_int_equal(bounded("isize-straddle/mutant-before-size", NULL, 0, NULL, NULL).violations,
                     0);
    assert_true(bounded("isize-straddle/mutant-no-folio-lock", NULL, 1, NULL, NULL).violations);
    assert_true(bounded("isize-straddle/mutant-before-size", NULL, 1, NULL, NULL).violations);
}

/* Where the posted rule misses a page, and only there, the schedule shows it. */
static void scenario_and_arithmetic_agree(void **unused)
{
    (void)unused;
    for (uint64_t i_size = 100; i_size <= 5000; i_size += 700)
        for (uint64_t pos = i_size + 1; pos < 12000; pos += 1300) {
            const struct straddle_vector vector = { .old_size = i_size, .to = pos, .block = 1024,
                                                    .page = 4096, .folio = 4096 };
            bool missed = straddle_need(&vector) && !straddle_protects_end(rule("posted"), &vector);
            char workload[96];

            (void)snprintf(workload, sizeof workload, "i_size=%u pos=%u first=%u",
                           (unsigned)i_size, (unsigned)pos, (unsigned)(i_size - 1) / 4096 * 4096);
            assert_int_equal(bounded(POSTED, workload, 0, NULL, NULL).violations != 0, missed);
            assert_int_equal(bounded(KERNEL, workload, 0, NULL, NULL).violations, 0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_of_16_gives_these_counts),
        cmocka_unit_test(its_inequality_is_right_and_its_folio_is_not),
        cmocka_unit_test(the_kernel_misses_nothing_small),
        cmocka_unit_test(vectors_come_out_by_hand),
        cmocka_unit_test(large_sizes_are_as_small_ones),
        cmocka_unit_test(a_large_folio_can_hide_the_mistake),
        cmocka_unit_test(what_is_no_case_is_refused),
        cmocka_unit_test(the_posted_helper_protects_another_page),
        cmocka_unit_test(no_preemption_is_needed),
        cmocka_unit_test(the_kernel_rule_holds),
        cmocka_unit_test(next_to_the_bug_the_helper_is_silent),
        cmocka_unit_test(each_mutant_of_the_kernel_order_fires),
        cmocka_unit_test(scenario_and_arithmetic_agree),
    };

    return cmocka_run_group_tests_name("straddle", tests, NULL, NULL);
}
