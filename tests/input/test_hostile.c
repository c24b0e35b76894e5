/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Case files as an enemy or a full disk would write them, by the thousand.  What is refused leaves
 * a message and nothing else; what is accepted can be written and read again.  Sanitizers watch.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/prng.h"
#include "compare.h"
#include "fake.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char sample[] = FAKE_SAMPLE;
static const char raw[] = FAKE_HEAD "workload flushers=2\nchoices writer*3 flusher[1] rcu*2\n"
                                    "choices completion\nexpect old leak at a.b_c\n"
                                    "digest literal 0000000000000001\n";

/*
 * Parses.  If it is refused, there is a message of one line that names the file; if not, writing
 * and reading keep all that it says, and writing again gives the same bytes.
 */
static bool parse_is_sane(const char *text, size_t bytes)
{
    struct hd_case *first = NULL, *second = NULL;
    struct hd_diag diag = { "" };
    char *printed, *again;

    if (hd_case_parse(&fakes, "t", text, bytes, &first, &diag)) {
        assert_null(first);
        assert_memory_equal(diag.text, "t:", 2);
        for (const char *at = diag.text; *at; at++)
            assert_in_range(*at, ' ', '~');
        return false;
    }
    printed = hd_case_print(first);
    assert_non_null(printed);
    if (hd_case_parse(&fakes, "printed", printed, strlen(printed), &second, &diag))
        fail_msg("%s", diag.text);
    assert_true(same_case(first, second));
    again = hd_case_print(second);
    assert_string_equal(again, printed);
    free(again);
    free(printed);
    hd_case_free(first);
    hd_case_free(second);
    return true;
}

/* A copy of exactly that length, so that a sanitizer sees the first byte read behind it. */
static bool piece_is_sane(const char *text, size_t bytes)
{
    char *piece = malloc(bytes ? bytes : 1);
    bool accepted;

    memcpy(piece, text, bytes);
    accepted = parse_is_sane(piece, bytes);
    free(piece);
    return accepted;
}

/* Only at the end of a line, and only once scenario and variant are known, can a file end. */
static void each_truncation_is_refused_unless_a_line_is_whole(void **state)
{
    const char *variant_end = strstr(sample, "variant   old\n") + strlen("variant   old");

    (void)state;
    for (size_t length = 0; length < sizeof sample; length++) {
        bool whole = length > (size_t)(variant_end - sample) && sample[length - 1] == '\n';

        assert_int_equal(piece_is_sane(sample, length), whole);
    }
}

static void each_byte_can_be_any_other(void **state)
{
    static const char *const texts[] = { sample, raw };
    unsigned accepted = 0, refused = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        size_t length = strlen(texts[i]);
        char *text = malloc(length);

        memcpy(text, texts[i], length);
        for (size_t at = 0; at < length; at++) {
            for (unsigned value = 0; value < 256; value++) {
                text[at] = (char)value;
                if (parse_is_sane(text, length))
                    accepted++;
                else
                    refused++;
            }
            text[at] = texts[i][at];
        }
        free(text);
    }
    /* Both happen, or the test has not tried what it says. */
    assert_true(accepted > 1000);
    assert_true(refused > 100000);
}

/* Bytes removed, doubled, and lines or words moved: a fixed sequence of 20000 accidents. */
static void accidents_do_no_harm(void **state)
{
    struct hd_prng prng;
    char text[3 * sizeof sample];
    unsigned accepted = 0;

    (void)state;
    hd_prng_seed(&prng, 2);
    for (unsigned i = 0; i < 20000; i++) {
        uint32_t length = sizeof sample - 1;

        memcpy(text, sample, length);
        for (uint32_t edits = 1 + hd_prng_below(&prng, 3); edits > 0; edits--) {
            uint32_t from = hd_prng_below(&prng, length), to = hd_prng_below(&prng, length);
            uint32_t count = hd_prng_below(&prng, 40);

            if (count > length - from)
                count = length - from;
            if (hd_prng_below(&prng, 2)) { /* cut */
                memmove(text + from, text + from + count, length - from - count);
                length -= count;
            } else if (length + count < sizeof text) { /* insert a copy */
                char copy[40];

                memcpy(copy, text + from, count);
                memmove(text + to + count, text + to, length - to);
                memcpy(text + to, copy, count);
                length += count;
            }
        }
        accepted += piece_is_sane(text, length);
    }
    assert_true(accepted > 100);
}

/* Every allocation fails once, and from then on; nothing leaks and nothing is half done. */
static void each_allocation_may_fail(void **state)
{
    (void)state;
    for (int ever_after = 0; ever_after < 2; ever_after++) {
        for (uint64_t n = 1;; n++) {
            struct hd_case *the_case = NULL;
            struct hd_diag diag = { "" };
            enum hd_error error;

            hd_alloc_fail_at(n, ever_after);
            error = hd_case_parse(&fakes, "t", sample, strlen(sample), &the_case, &diag);
            hd_alloc_fail_at(0, 0);
            if (!error) {
                assert_int_equal(n, 4); /* the case, its segments, its text, and none besides */
                hd_case_free(the_case);
                break;
            }
            assert_int_equal(error, HD_E_NOMEM);
            assert_string_equal(diag.text, "t: out of memory");
            assert_null(the_case);
        }
    }
}

static void each_allocation_of_a_printer_may_fail(void **state)
{
    struct hd_case *the_case;
    uint64_t failed = 0;

    (void)state;
    assert_int_equal(hd_case_parse(&fakes, "t", sample, strlen(sample), &the_case, NULL), HD_OK);
    for (int rebless = 0; rebless < 4; rebless++) {
        for (uint64_t n = 1;; n++) {
            char *printed;

            hd_alloc_fail_at(n, rebless / 2);
            printed = rebless % 2 ? hd_case_print_rebless(the_case, 1, 1) : hd_case_print(the_case);
            hd_alloc_fail_at(0, 0);
            if (printed) {
                assert_true(n > 1);
                free(printed);
                break;
            }
            failed++;
        }
    }
    assert_true(failed >= 4);
    hd_case_free(the_case);
}

static void each_hostile_file_is_refused(void **state)
{
    static const char *const rows[][2] = {
        { "binary", "1:1: expected text, found control character 0x7f" },
        { "empty", "1:1: expected 'heddle', found the end of the file" },
        { "no-first-line", "1:1: expected 'heddle', found 'scenario'" },
        { "newer-version",
          "1:13: file format version 2 is newer than this program understands (1)" },
        { "truncated",
          "5:26: expected a line feed, found that the file ends in the middle of a line" },
        { "carriage-returns",
          "1:14: expected a line feed alone at the end of a line, found a carriage return 0x0d" },
        { "nul-byte", "4:32: expected text, found control character 0x00" },
        { "escape-sequence", "4:3: expected text, found control character 0x1b" },
        { "not-utf8", "4:6: expected UTF-8, found byte 0xe9" },
        { "overlong-utf8", "4:3: expected UTF-8, found byte 0xc0" },
        { "byte-order-mark", "1:1: expected ASCII outside of comments, found byte 0xef" },
        { "long-line", "4:4097: expected a line of at most 4096 bytes, found a longer one" },
        { "unknown-scenario",
          "2:11: expected a scenario ('heddle list scenarios' shows them all), found "
          "'gfs2-jdata-wrote'; did you mean 'gfs2-jdata-write'?" },
        { "unknown-variant",
          "3:11: expected a variant (old, merged, literal), found 'older'; did you mean 'old'?" },
        { "unknown-actor",
          "4:11: expected an actor (writer, flusher, completion, reclaimer, fsync, rcu), found "
          "'wrtier'; did you mean 'writer'?" },
        { "unknown-landmark",
          "4:29: expected a landmark (blocked, end, hook, commit), found 'hooks'; did you mean "
          "'hook'?" },
        { "unknown-word", "5:1: expected 'run' or 'expect' or 'digest', found 'verdict'" },
        { "duplicate-key", "5:11: expected each key once, found 'pos' again" },
        { "duplicate-expect", "6:11: expected each variant once, found 'old'" },
        { "value-out-of-range",
          "4:15: expected a decimal number in 0..1048576, found '18446744073709551616'" },
        { "huge-count", "4:27: expected a decimal number in 1..1000000, found '4294967297'" },
        { "wrong-order", "5:1: expected 'expect' or 'digest', found 'run'" },
        { "runs-and-choices", "5:1: expected 'run' or 'expect' or 'digest', found 'choices'" },
        { "uppercase-digest",
          "5:23: expected 16 lowercase hexadecimal digits, found '5F1D0C7A90B2E644'" },
    };

    DIR *directory = opendir(HEDDLE_SOURCE_DIR "/corpus/malformed");
    size_t files = 0;

    (void)state;
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory));)
        files += strstr(entry->d_name, ".bad") != NULL;
    closedir(directory);
    assert_int_equal(files, COUNT(rows)); /* each has its row */
    for (size_t i = 0; i < COUNT(rows); i++) {
        char path[1024];
        struct hd_case *the_case = NULL;
        struct hd_diag diag = { "accepted" };

        snprintf(path, sizeof path, HEDDLE_SOURCE_DIR "/corpus/malformed/%s.bad", rows[i][0]);
        assert_int_equal(hd_case_load(&fakes, path, &the_case, &diag), HD_E_MALFORMED);
        assert_null(the_case);
        assert_non_null(strstr(diag.text, rows[i][0]));
        assert_string_equal(strstr(diag.text, ".bad:") + strlen(".bad:"), rows[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_truncation_is_refused_unless_a_line_is_whole),
        cmocka_unit_test(each_byte_can_be_any_other),
        cmocka_unit_test(accidents_do_no_harm),
        cmocka_unit_test(each_allocation_may_fail),
        cmocka_unit_test(each_allocation_of_a_printer_may_fail),
        cmocka_unit_test(each_hostile_file_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
