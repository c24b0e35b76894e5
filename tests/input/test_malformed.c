/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Case files that are wrong, each in one way, with the message word for word: where, what was
 * expected, what was found.  A row added here needs no code.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "fake.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define ACTORS                                                                                     \
    "expected an actor (writer, flusher, completion, reclaimer, fsync, rcu)"
#define AFTER "OBJECT.OP, such as 'folio[0].lock.unlock'"
#define HEX "16 lowercase hexadecimal digits"

struct row {
    const char *text, *message; /* the message without "t:" */
};

static void expect_messages(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct hd_case *the_case = NULL;
        struct hd_diag diag = { "accepted" };
        enum hd_error error = hd_case_parse(&fakes, "t", rows[i].text, strlen(rows[i].text),
                                            &the_case, &diag);

        assert_string_equal(diag.text, rows[i].message);
        assert_int_equal(error, HD_E_MALFORMED);
        assert_null(the_case);
    }
}

static void the_first_lines(void **state)
{
    static const struct row rows[] = {
        { "", "t:1:1: expected 'heddle', found the end of the file" },
        { "\n", "t:1:1: expected 'heddle', found the end of the line" },
        { "# heddle\n", "t:1:1: expected 'heddle', found the end of the line" },
        { "\nheddle case 1\n", "t:1:1: expected 'heddle', found the end of the line" },
        { "hedle case 1\n", "t:1:1: expected 'heddle', found 'hedle'" },
        { "scenario bare\n", "t:1:1: expected 'heddle', found 'scenario'" },
        { "heddle\n", "t:1:7: expected 'case', found the end of the line" },
        { "heddle cases 1\n", "t:1:8: expected 'case', found 'cases'" },
        { "heddle case # 1\n",
          "t:1:13: expected the version of the file format, found the end of the line" },
        { "heddle case one\n", "t:1:13: expected the version of the file format, found 'one'" },
        { "heddle case 0\n", "t:1:13: expected the version of the file format, found '0'" },
        { "heddle case 01\n", "t:1:13: expected the version of the file format, found '01'" },
        { "heddle case 2\nanything\n",
          "t:1:13: file format version 2 is newer than this program understands (1)" },
        { "heddle case 1 1\n", "t:1:15: expected the end of the line, found '1'" },
        { "heddle case 1\n", "t:2:1: expected 'scenario', found the end of the file" },
        { "heddle case 1\nvariant old\n", "t:2:1: expected 'scenario', found 'variant'" },
        { "heddle case 1\nscenario\n", "t:2:9: expected a scenario, found the end of the line" },
        { "heddle case 1\n\n#\n  scenario  gfs2-jdata-writ # x\n",
          "t:4:13: expected a scenario ('heddle list scenarios' shows them all), found "
          "'gfs2-jdata-writ'; did you mean 'gfs2-jdata-write'?" },
        { "heddle case 1\nscenario bare\n",
          "t:3:1: expected 'variant', found the end of the file" },
        { "heddle case 1\nscenario bare\nworkload pos=1\n",
          "t:3:1: expected 'variant', found 'workload'" },
        { "heddle case 1\nscenario bare\nscenario bare\n",
          "t:3:1: expected 'variant', found 'scenario'" },
        { "heddle case 1\nscenario bare\nvariant\n",
          "t:3:8: expected a variant, found the end of the line" },
        { "heddle case 1\nscenario bare\nvariant old\n",
          "t:3:9: expected a variant (only), found 'old'" },
        { "heddle case 1\nscenario bare\nvariant only\nvariant only\n",
          "t:4:1: expected 'workload' or 'run' or 'choices' or 'expect' or 'digest', found "
          "'variant'" },
    };

    (void)state;
    expect_messages(rows, COUNT(rows));
}

static void the_workload(void **state)
{
    static const struct row rows[] = {
        { FAKE_HEAD "workload\n", "t:4:9: expected KEY=VALUE, found the end of the line" },
        { FAKE_HEAD "workload pos 1\n", "t:4:10: expected KEY=VALUE, found 'pos'" },
        { FAKE_HEAD "workload pos=1 copied=4097\n",
          "t:4:23: expected a decimal number in 1..4096, found '4097'" },
        { FAKE_HEAD "workload pos=1\nworkload copied=1 pos=1\n",
          "t:5:19: expected each key once, found 'pos' again" },
        { FAKE_HEAD "workload pos=1 workload=n1\n",
          "t:4:16: expected 'workload' before all other keys, found it after them" },
        { FAKE_HEAD "workload mode=1\n",
          "t:4:15: expected one of the words (lazy, eager, direct), found '1'" },
        { FAKE_HEAD "workload writer.after=fsync.end mode=lazy\nrun writer until end\n",
          "t:4:33: expected start conditions that can come true, found that 'writer' waits for "
          "its own end" },
        { FAKE_HEAD "run writer until end\nworkload pos=1\n",
          "t:5:1: expected 'run' or 'expect' or 'digest', found 'workload'" },
    };

    (void)state;
    expect_messages(rows, COUNT(rows));
}

static void the_actors(void **state)
{
    static const struct row rows[] = {
        { FAKE_HEAD "run\n", "t:4:4: expected an actor, found the end of the line" },
        { FAKE_HEAD "run writr until end\n",
          "t:4:5: " ACTORS ", found 'writr'; did you mean 'writer'?" },
        { FAKE_HEAD "run rcu[0] until end\n", "t:4:5: " ACTORS ", found 'rcu[0]'" },
        { FAKE_HEAD "run writer[x] until end\n",
          "t:4:5: " ACTORS ", found 'writer[x]'; did you mean 'writer'?" },
        { FAKE_HEAD "run writer[1] until end\n",
          "t:4:5: expected writer[I] with I in 0..0, found 'writer[1]'" },
        { FAKE_HEAD "run flusher[2] until end\n",
          "t:4:5: expected flusher[I] with I in 0..1, found 'flusher[2]'" },
        { FAKE_HEAD "run flusher until end\n",
          "t:4:5: expected flusher[I] with I in 0..1, found 'flusher'" },
        { FAKE_HEAD "workload flushers=100\nrun flusher[64] until end\n",
          "t:5:5: expected flusher[I] with I in 0..63, found 'flusher[64]'" },
        { FAKE_HEAD "workload flushers=0\nrun flusher[0] until end\n",
          "t:5:5: expected an actor that takes part, found 'flusher[0]', which the workload "
          "switches off" },
        { FAKE_HEAD "run fsync until end\n",
          "t:4:5: expected an actor that takes part, found 'fsync', which the workload switches "
          "off" },
        { FAKE_HEAD "workload io-error=on\nrun io-error until end\n",
          "t:5:5: expected an actor that takes part, found 'io-error', a fault that the workload "
          "does not set to 'choice'" },
        { "heddle case 1\nscenario bare\nvariant only\nchoices rcu\n",
          "t:4:9: expected an actor, found 'rcu'" },
    };

    (void)state;
    expect_messages(rows, COUNT(rows));
}

static void the_segments(void **state)
{
    static const struct row rows[] = {
        { FAKE_HEAD "run writer\n",
          "t:4:11: expected 'until', 'after' or 'for', found the end of the line" },
        { FAKE_HEAD "run writer till end\n",
          "t:4:12: expected 'until', 'after' or 'for', found 'till'" },
        { FAKE_HEAD "run writer until\n",
          "t:4:17: expected 'blocked', 'end' or a landmark, found the end of the line" },
        { FAKE_HEAD "run writer until page_don\n",
          "t:4:18: expected a landmark (blocked, end, hook, commit), found 'page_don'; did you "
          "mean 'page_done'?" },
        { "heddle case 1\nscenario gfs2-jdata-write\nvariant merged\nrun writer until commit#2\n",
          "t:4:18: variant 'merged' has no landmark 'commit'" },
        { "heddle case 1\nscenario gfs2-jdata-write\nvariant merged\nrun writer until comit\n",
          "t:4:18: expected a landmark (blocked, end, hook), found 'comit'" },
        { FAKE_HEAD "run writer until end#2\n",
          "t:4:18: expected 'end' without a number, found 'end#2'" },
        { FAKE_HEAD "run writer until blocked#\n",
          "t:4:18: expected 'blocked' without a number, found 'blocked#'" },
        { FAKE_HEAD "run writer until hook#\n",
          "t:4:23: expected a decimal number in 1..1000000, found ''" },
        { FAKE_HEAD "run writer until hook#0\n",
          "t:4:23: expected a decimal number in 1..1000000, found '0'" },
        { FAKE_HEAD "run writer until hook#2#3\n",
          "t:4:23: expected a decimal number in 1..1000000, found '2#3'" },
        { FAKE_HEAD "run writer until hook 2\n",
          "t:4:23: expected the end of the line, found '2'" },
        { FAKE_HEAD "run writer for\n",
          "t:4:15: expected a number of operations, found the end of the line" },
        { FAKE_HEAD "run writer for 1000001\n",
          "t:4:16: expected a decimal number in 1..1000000, found '1000001'" },
        { FAKE_HEAD "run writer for 99999999999999999999999999\n",
          "t:4:16: expected a decimal number in 1..1000000, found '99999999999999999999999999'" },
        { FAKE_HEAD "run writer after\n", "t:4:17: expected OBJECT.OP, found the end of the line" },
        { FAKE_HEAD "run writer after .lock\n", "t:4:18: expected " AFTER ", found '.lock'" },
        { FAKE_HEAD "run writer after folio[].lock\n",
          "t:4:18: expected " AFTER ", found 'folio[].lock'" },
        { FAKE_HEAD "run writer after folio.lock[1].lock\n",
          "t:4:18: expected " AFTER ", found 'folio.lock[1].lock'" },
        { FAKE_HEAD "run writer after folio[1].\n",
          "t:4:27: expected an operation (load, store, read, write, acquire, release, rmw, lock, "
          "trylock, unlock, write-lock, read-lock, read-unlock, queue-lock, prepare, wait, wake, "
          "complete, await, push, serve, alloc, free, get, tryget, put, rcu-lock, ...), found ''" },
        { FAKE_HEAD "run writer after folio[1].unlok\n",
          "t:4:27: expected an operation (load, store, read, write, acquire, release, rmw, lock, "
          "trylock, unlock, write-lock, read-lock, read-unlock, queue-lock, prepare, wait, wake, "
          "complete, await, push, serve, alloc, free, get, tryget, put, rcu-lock, ...), found "
          "'unlok'; did you mean 'unlock'?" },
        { FAKE_HEAD "run writer until end\nchoices writer\n",
          "t:5:1: expected 'run' or 'expect' or 'digest', found 'choices'" },
        { FAKE_HEAD "choices writer\nrun writer until end\n",
          "t:5:1: expected 'choices' or 'expect' or 'digest', found 'run'" },
        { FAKE_HEAD "choices\n", "t:4:8: expected an actor, found the end of the line" },
        { FAKE_HEAD "choices writer writer*0\n",
          "t:4:23: expected a decimal number in 1..1000000, found '0'" },
        { FAKE_HEAD "choices writer* 2\n",
          "t:4:16: expected a decimal number in 1..1000000, found ''" },
    };

    (void)state;
    expect_messages(rows, COUNT(rows));
}

static void the_verdicts(void **state)
{
    static const struct row rows[] = {
        { FAKE_HEAD "expect\n", "t:4:7: expected a variant, found the end of the line" },
        { FAKE_HEAD "expect new holds\n",
          "t:4:8: expected a variant (old, merged, literal), found 'new'" },
        { FAKE_HEAD "expect old\n",
          "t:4:11: expected 'holds' or a kind of violation, found the end of the line" },
        { FAKE_HEAD "expect old hold\n",
          "t:4:12: expected a verdict (holds, buffers-missing, data-lost, use-after-free, "
          "double-free, invalid-free, null-dereference, wild-pointer, out-of-bounds, leak, "
          "data-race, deadlock, livelock, unlock-unheld, lock-left, rcu-left, hold-left, ...), "
          "found 'hold'; did you mean 'holds'?" },
        { FAKE_HEAD "expect old holds at x\n", "t:4:18: expected the end of the line, found 'at'" },
        { FAKE_HEAD "expect old leak\n", "t:4:16: expected 'at', found the end of the line" },
        { FAKE_HEAD "expect old deadlock in x\n", "t:4:21: expected 'at', found 'in'" },
        { FAKE_HEAD "expect old leak at\n",
          "t:4:19: expected the name of a function, found the end of the line" },
        { FAKE_HEAD "expect old leak at f()\n",
          "t:4:20: expected the name of a function, found 'f()'" },
        { FAKE_HEAD "expect old leak at "
                    "a234567890123456789012345678901234567890123456789012345678901234\n",
          "t:4:20: expected the name of a function, found "
          "'a234567890123456789012345678901234567890123456789012...'" },
        { FAKE_HEAD "expect old holds\nexpect merged holds\nexpect old leak at f\n",
          "t:6:8: expected each variant once, found 'old'" },
        { FAKE_HEAD "expect old holds\nrun writer until end\n",
          "t:5:1: expected 'expect' or 'digest', found 'run'" },
        { FAKE_HEAD "digest old\n",
          "t:4:11: expected " HEX ", found the end of the line" },
        { FAKE_HEAD "digest old 0123456789ABCDEF\n",
          "t:4:12: expected " HEX ", found '0123456789ABCDEF'" },
        { FAKE_HEAD "digest old 0123456789abcde\n",
          "t:4:12: expected " HEX ", found '0123456789abcde'" },
        { FAKE_HEAD "digest old 0123456789abcdef0\n",
          "t:4:12: expected " HEX ", found '0123456789abcdef0'" },
        { FAKE_HEAD "digest old 0123456789abcdef\ndigest old 0123456789abcdef\n",
          "t:5:8: expected each variant once, found 'old'" },
        { FAKE_HEAD "digest old 0123456789abcdef\nexpect old holds\n",
          "t:5:1: expected 'digest', found 'expect'" },
        { FAKE_HEAD "seed 5\n",
          "t:4:1: expected 'workload' or 'run' or 'choices' or 'expect' or 'digest', found "
          "'seed'" },
    };

    (void)state;
    expect_messages(rows, COUNT(rows));
}

static void the_bytes(void **state)
{
    static const char feed[] = "a line feed, found that the file ends in the middle of a line";
    static const struct row rows[] = {
        { "heddle case 1", "t:1:14: expected %s" },
        { FAKE_HEAD "expect old holds", "t:4:17: expected %s" },
        { FAKE_HEAD "#", "t:4:2: expected %s" },
        { "heddle case 1\r\n",
          "t:1:14: expected a line feed alone at the end of a line, found a carriage return 0x0d" },
        { FAKE_HEAD "# \x1b[2J\n", "t:4:3: expected text, found control character 0x1b" },
        { FAKE_HEAD "# \x7f\n", "t:4:3: expected text, found control character 0x7f" },
        { FAKE_HEAD "#\xc2\x9b\n", "t:4:2: expected text, found control character 0x9b" },
        { FAKE_HEAD "# \xff\n", "t:4:3: expected UTF-8, found byte 0xff" },
        { FAKE_HEAD "# \xc0\x80\n", "t:4:3: expected UTF-8, found byte 0xc0" },
        { FAKE_HEAD "# \xed\xa0\x80\n", "t:4:3: expected UTF-8, found byte 0xed" },
        { FAKE_HEAD "# \xe2\x82\n", "t:4:3: expected UTF-8, found byte 0xe2" },
        { FAKE_HEAD "run wr\xc3\xafter until end\n",
          "t:4:7: expected ASCII outside of comments, found byte 0xc3" },
        { FAKE_HEAD "run writer#\xc3\xaf until end\n",
          "t:4:12: expected ASCII outside of comments, found byte 0xc3" },
        { "\xef\xbb\xbfheddle case 1\n",
          "t:1:1: expected ASCII outside of comments, found byte 0xef" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t length = strcspn(rows[i].message, "%");
        char message[256];

        snprintf(message, sizeof message, "%.*s%s", (int)length, rows[i].message,
                 rows[i].message[length] ? feed : "");
        expect_messages(&(struct row){ rows[i].text, message }, 1);
    }
}

/* Parses the usual first lines, a piece so many times, and an end. */
static enum hd_error parse_built(const char *piece, size_t times, const char *end,
                                 struct hd_diag *diag)
{
    struct hd_case *the_case = NULL;
    struct hd_buf buf = { 0 };
    enum hd_error error;

    hd_buf_addf(&buf, "%s", FAKE_HEAD);
    for (size_t i = 0; i < times; i++)
        hd_buf_addf(&buf, "%s", piece);
    hd_buf_addf(&buf, "%s", end);
    error = hd_case_parse(&fakes, "t", buf.text, buf.length, &the_case, diag);
    hd_case_free(the_case);
    hd_buf_free(&buf);
    return error;
}

static void sizes_just_allowed_and_one_more(void **state)
{
    static const char sixteen[] = "choices rcu rcu rcu rcu rcu rcu rcu rcu "
                                  "rcu rcu rcu rcu rcu rcu rcu rcu\n";
    size_t left = HD_CASE_BYTES_MAX - strlen(FAKE_HEAD);
    struct hd_diag diag;

    (void)state;
    assert_int_equal(parse_built("#", 4096, "\n", &diag), HD_OK);
    assert_int_equal(parse_built("#", 4097, "\n", &diag), HD_E_MALFORMED);
    assert_string_equal(diag.text,
                        "t:4:4097: expected a line of at most 4096 bytes, found a longer one");
    /* Not `run` lines: 65536 of them would be more bytes than a file may have. */
    assert_int_equal(parse_built(sixteen, 4096, "", &diag), HD_OK);
    assert_int_equal(parse_built(sixteen, 4096, "choices writer\n", &diag), HD_E_MALFORMED);
    assert_string_equal(diag.text, "t:4100:9: expected at most 65536 segments, found one more");
    assert_int_equal(parse_built("\n", left, "", &diag), HD_OK);
    assert_int_equal(parse_built("\n", left, "\n", &diag), HD_E_MALFORMED);
    assert_string_equal(diag.text, "t: larger than 1048576 bytes");
}

static void nul_bytes_and_long_names(void **state)
{
    static const char text[] = FAKE_HEAD "# \0\n";
    char name[400];
    struct hd_case *the_case = NULL;
    struct hd_diag diag;

    (void)state;
    assert_int_equal(hd_case_parse(&fakes, "t", text, sizeof text - 1, &the_case, &diag),
                     HD_E_MALFORMED);
    assert_string_equal(diag.text, "t:4:3: expected text, found control character 0x00");
    memset(name, 'd', sizeof name - 1);
    memcpy(name + sizeof name - 6, "/end", 6 - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(hd_case_parse(&fakes, name, NULL, 0, &the_case, &diag), HD_E_MALFORMED);
    assert_non_null(strstr(diag.text, "d/end:1:1: expected 'heddle', found the end of the file"));
    assert_memory_equal(diag.text, "...d", 4);
    assert_int_equal(hd_case_parse(&fakes, name, "", 0, &the_case, NULL), HD_E_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_lines),
        cmocka_unit_test(the_workload),
        cmocka_unit_test(the_actors),
        cmocka_unit_test(the_segments),
        cmocka_unit_test(the_verdicts),
        cmocka_unit_test(the_bytes),
        cmocka_unit_test(sizes_just_allowed_and_one_more),
        cmocka_unit_test(nul_bytes_and_long_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
