/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Case files that are right: what they mean, how they are written, and how a digest is renewed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "compare.h"
#include "fake.h"
#include "input/kinds.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct hd_case *parse(const char *text)
{
    struct hd_case *the_case = NULL;
    struct hd_diag diag = { "" };

    if (hd_case_parse(&fakes, "t", text, strlen(text), &the_case, &diag))
        fail_msg("%s", diag.text);
    assert_string_equal(the_case->text, text);
    assert_int_equal(the_case->text_bytes, strlen(text));
    return the_case;
}

static void the_sample_means_what_it_says(void **state)
{
    static const struct hd_segment segments[] = {
        { .until = HD_UNTIL_LANDMARK, .line = 8, .role = 0, .landmark = 0, .index = -1 },
        { .until = HD_UNTIL_LANDMARK, .line = 9, .role = 1, .instance = 2, .landmark = 0, .nth = 12,
          .index = -1 },
        { .until = HD_UNTIL_BLOCKED, .line = 10, .role = 2, .index = -1 },
        { .until = HD_UNTIL_AFTER, .line = 11, .role = 3, .op = HD_OP_WRITE_LOCK, .index = 3,
          .name = "folio.lock" },
        { .until = HD_UNTIL_AFTER, .line = 12, .role = HD_ROLE_RCU, .op = HD_OP_RCU_WAIT,
          .index = -1 },
        { .until = HD_UNTIL_END, .line = 13, .role = HD_ROLE_FAULT, .index = -1 },
        { .until = HD_UNTIL_COUNT, .line = 14, .role = 0, .count = 1000000, .index = -1 },
    };
    struct hd_case *the_case = parse(FAKE_SAMPLE);

    (void)state;
    assert_ptr_equal(the_case->setting.scenario, &fake_scenario);
    assert_int_equal(the_case->setting.variant, 0);
    assert_int_equal(the_case->setting.workload.params[0], 8);
    assert_int_equal(the_case->setting.workload.params[1], 512);
    assert_int_equal(the_case->setting.workload.params[3], 3);
    assert_int_equal(the_case->setting.workload.faults[0], HD_FAULT_CHOICE);
    assert_int_equal(the_case->segment_count, COUNT(segments));
    for (size_t i = 0; i < COUNT(segments); i++) {
        assert_true(same_segment(&the_case->segments[i], &segments[i]));
        assert_int_equal(the_case->segments[i].line, segments[i].line);
    }
    assert_int_equal(the_case->expect_count, 3);
    assert_string_equal(hd_case_expect(the_case, 0)->kind, "buffers-missing");
    assert_string_equal(hd_case_expect(the_case, 0)->site, "gfs2_page_add_databufs");
    assert_false(hd_case_expect(the_case, 0)->holds);
    assert_true(hd_case_expect(the_case, 1)->holds);
    assert_string_equal(hd_case_expect(the_case, 2)->kind, "deadlock");
    assert_string_equal(hd_case_expect(the_case, 2)->site, "");
    assert_null(hd_case_expect(the_case, 3));
    assert_true(the_case->has_digest[0]);
    assert_false(the_case->has_digest[1]);
    assert_true(the_case->digest[0] == UINT64_C(0x5f1d0c7a90b2e644));
    hd_case_free(the_case);
}

static const char canonical[] =
    "heddle case 1\n"
    "scenario  gfs2-jdata-write\n"
    "variant   old\n"
    "workload  pos=8 copied=512 mode=eager flushers=3\n"
    "workload  io-error=choice short-copy=off\n"
    "workload  writer=on writer.after=none flusher=on flusher.after=none\n"
    "workload  completion=on completion.after=none reclaimer=on\n"
    "workload  reclaimer.after=first-pin fsync=off fsync.after=writer.end\n"
    "run       writer      until hook\n"
    "run       flusher[2]  until hook#12\n"
    "run       completion  until blocked\n"
    "run       reclaimer   after folio[3].lock.write-lock\n"
    "run       rcu         after rcu-wait\n"
    "run       io-error    until end\n"
    "run       writer      for 1000000\n"
    "expect    old         buffers-missing at gfs2_page_add_databufs\n"
    "expect    merged      holds\n"
    "expect    literal     deadlock\n"
    "digest    old         5f1d0c7a90b2e644\n";

/* Prints, and checks that reading it again changes nothing. */
static void expect_canonical(struct hd_case *the_case, const char *text)
{
    char *printed = hd_case_print(the_case), *again;
    struct hd_case *copy;

    assert_non_null(printed);
    assert_string_equal(printed, text);
    copy = parse(printed);
    assert_true(same_case(the_case, copy));
    again = hd_case_print(copy);
    assert_string_equal(again, printed);
    free(again);
    free(printed);
    hd_case_free(copy);
    hd_case_free(the_case);
}

static void the_canonical_text_is_this(void **state)
{
    (void)state;
    expect_canonical(parse(FAKE_SAMPLE), canonical);
    expect_canonical(parse("heddle case 1\nscenario bare\nvariant only\n"),
                     "heddle case 1\nscenario  bare\nvariant   only\n");
}

/* 75 columns, as many as are allowed. */
#define THREE "writer*10 r r*1000000"
#define FULL_LINE "choices   " THREE " " THREE " " THREE "\n"

static void raw_choices_are_wrapped(void **state)
{
#define TWO_LINES "choices\twriter*10\nchoices r r*1000000\n"
    static const char text[] = "heddle case 1\nscenario bare\nvariant only\n"
                               TWO_LINES TWO_LINES TWO_LINES TWO_LINES TWO_LINES
                               TWO_LINES TWO_LINES TWO_LINES TWO_LINES TWO_LINES;
    struct hd_scenario scenario = bare_scenario;
    const struct hd_scenario *scenarios[] = { &scenario };
    struct hd_catalogue catalogue = { scenarios, 1 };
    struct hd_case *the_case;
    char *printed;

    (void)state;
    scenario.roles = (const struct hd_role_info[]){ { .name = "writer" }, { .name = "r" }, { 0 } };
    assert_int_equal(hd_case_parse(&catalogue, "t", text, strlen(text), &the_case, NULL), HD_OK);
    assert_int_equal(the_case->segment_count, 30);
    assert_int_equal(the_case->segments[2].until, HD_UNTIL_CHOICES);
    assert_int_equal(the_case->segments[2].count, 1000000);
    assert_int_equal(the_case->segments[1].count, 1);
    printed = hd_case_print(the_case);
    assert_string_equal(printed,
                        "heddle case 1\nscenario  bare\nvariant   only\n"
                        "workload  writer=on writer.after=none r=on r.after=none\n"
                        FULL_LINE FULL_LINE FULL_LINE
                        "choices   writer*10 r r*1000000\n");
    free(printed);
    hd_case_free(the_case);
}

/* Any name of a landmark will do; where a function stands at two, the case's variant decides. */
static void landmarks_have_several_names(void **state)
{
    static const struct {
        const char *variant, *word;
        int landmark;
    } rows[] = {
        { "old", "hook", 0 },     { "old", "page_done", 0 },      { "old", "put_folio", 0 },
        { "merged", "put_folio", 0 }, { "literal", "put_folio", 1 }, { "literal", "commit_old", 1 },
        { "literal", "commit", 1 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[256];
        struct hd_case *the_case;

        snprintf(text, sizeof text,
                 "heddle case 1\nscenario gfs2-jdata-write\nvariant %s\nrun writer until %s#1\n",
                 rows[i].variant, rows[i].word);
        the_case = parse(text);
        assert_int_equal(the_case->segments[0].landmark, rows[i].landmark);
        assert_int_equal(the_case->segments[0].nth, 1);
        hd_case_free(the_case);
    }
}

/* Where there is one of a role, "writer" and "writer[0]" are the same actor. */
static void a_single_instance_may_have_its_index(void **state)
{
    struct hd_case *plain = parse(FAKE_HEAD "run writer for 1\n");
    struct hd_case *index = parse(FAKE_HEAD "run writer[0] for 1\n");

    (void)state;
    assert_true(same_case(plain, index));
    hd_case_free(plain);
    hd_case_free(index);
}

static void expect_blessed(const char *text, unsigned variant, const char *expected)
{
    struct hd_case *the_case = parse(text), *copy;
    char *blessed = hd_case_print_rebless(the_case, variant, UINT64_C(0x00dcba9876543210));

    assert_string_equal(blessed, expected);
    copy = parse(blessed);
    assert_true(copy->has_digest[variant]);
    assert_true(copy->digest[variant] == UINT64_C(0x00dcba9876543210));
    copy->has_digest[variant] = the_case->has_digest[variant];
    copy->digest[variant] = the_case->digest[variant];
    assert_true(same_case(copy, the_case));
    free(blessed);
    hd_case_free(copy);
    hd_case_free(the_case);
}

#define OLD_DIGEST "digest\told   "
#define REST " # kept\n#digest old\n"

static void a_new_digest_changes_nothing_else(void **state)
{
    (void)state;
    expect_blessed(FAKE_HEAD OLD_DIGEST "0123456789abcdef" REST, 0,
                   FAKE_HEAD OLD_DIGEST "00dcba9876543210" REST);
    expect_blessed(FAKE_HEAD OLD_DIGEST "0123456789abcdef" REST, 1,
                   FAKE_HEAD OLD_DIGEST "0123456789abcdef" REST
                   "digest    merged  00dcba9876543210\n");
    expect_blessed(FAKE_HEAD "run completion until end\n", 0,
                   FAKE_HEAD "run completion until end\n"
                   "digest    old         00dcba9876543210\n");
}

/* A case that was built and not read has no text to keep. */
static void a_built_case_is_blessed_in_canonical_form(void **state)
{
    struct hd_case the_case = { .segment_count = 0 };
    char *blessed;

    (void)state;
    assert_int_equal(hd_setting_parse(&fakes, "bare", &the_case.setting, NULL), HD_OK);
    blessed = hd_case_print_rebless(&the_case, 0, 5);
    assert_string_equal(blessed, "heddle case 1\nscenario  bare\nvariant   only\n"
                                 "digest    only  0000000000000005\n");
    assert_false(the_case.has_digest[0]);
    free(blessed);
}

static void a_case_is_loaded_from_a_file(void **state)
{
    char path[] = "/tmp/heddle test case XXXXXX";
    int fd = mkstemp(path);
    struct hd_case *the_case = NULL;
    struct hd_diag diag;
    char message[256];

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, FAKE_HEAD, strlen(FAKE_HEAD)), strlen(FAKE_HEAD));
    assert_int_equal(hd_case_load(&fakes, path, &the_case, &diag), HD_OK);
    hd_case_free(the_case);
    the_case = NULL;
    assert_int_equal(write(fd, "?", 1), 1);
    assert_int_equal(hd_case_load(&fakes, path, &the_case, &diag), HD_E_MALFORMED);
    snprintf(message, sizeof message,
             "%s:4:2: expected a line feed, found that the file ends in the middle of a line",
             path);
    assert_string_equal(diag.text, message);
    assert_int_equal(ftruncate(fd, HD_CASE_BYTES_MAX + 1), 0);
    assert_int_equal(hd_case_load(&fakes, path, &the_case, &diag), HD_E_MALFORMED);
    snprintf(message, sizeof message, "%s: larger than 1048576 bytes", path);
    assert_string_equal(diag.text, message);
    close(fd);
    unlink(path);
    assert_int_equal(hd_case_load(&fakes, path, &the_case, &diag), HD_E_IO);
    assert_null(the_case);
}

/* As code: between backquotes. */
static bool mentions(const char *page, const char *word)
{
    char code[HD_NAME_BYTES];

    snprintf(code, sizeof code, "`%s`", word);
    return strstr(page, code) != NULL;
}

/* The examples in the document are those blocks of it that begin like a case. */
static void the_document_tells_the_truth(void **state)
{
    static const char fence[] = "\n```\n", begin[] = "\n```\nheddle case";
    unsigned examples = 0;
    size_t bytes;
    char *page;

    (void)state;
    assert_int_equal(hd_file_read(HEDDLE_SOURCE_DIR "/docs/case-format.md", HD_CASE_BYTES_MAX,
                                  &page, &bytes, NULL), HD_OK);
    for (unsigned op = 0; op < HD_OP_COUNT; op++)
        assert_true(mentions(page, hd_op_word((enum hd_op)op)));
    for (unsigned kind = 0; kind < HD_KIND_COUNT; kind++)
        assert_true(mentions(page, hd_kinds[kind].word));
    assert_false(mentions(page, "unlok"));
    for (char *at = page; (at = strstr(at, begin)); examples++) {
        char *end;

        at += strlen(fence);
        end = strstr(at, fence);
        assert_non_null(end);
        end[1] = '\0'; /* the line feed stays, the fence goes */
        hd_case_free(parse(at));
        at = end + 2;
    }
    assert_int_equal(examples, 2);
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_means_what_it_says),
        cmocka_unit_test(the_canonical_text_is_this),
        cmocka_unit_test(raw_choices_are_wrapped),
        cmocka_unit_test(landmarks_have_several_names),
        cmocka_unit_test(a_single_instance_may_have_its_index),
        cmocka_unit_test(a_new_digest_changes_nothing_else),
        cmocka_unit_test(a_built_case_is_blessed_in_canonical_form),
        cmocka_unit_test(a_case_is_loaded_from_a_file),
        cmocka_unit_test(the_document_tells_the_truth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
