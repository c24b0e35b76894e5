/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the terminal shows, whole screens of it, and that nothing is ever wider or higher. */
#include "printing.h"
#include "report/screen.h"
#include "toy.h"

#include "base/alloc.h"

static const char i1[] =
    "heddle case 1\n"
    "scenario  toy-write\n"
    "variant   old\n"
    "run       writer      until hook\n"
    "run       flusher     until end\n"
    "run       completion  until end\n"
    "run       reclaimer   until end\n"
    "run       writer      until end\n";

/* The screen with plain line ends, to be freed. */
static char *drawn(const struct hd_story *story, const struct hd_screen *screen)
{
    struct hd_buf buf = { 0 };
    size_t to = 0;

    hd_screen_draw(story, screen, &buf);
    assert_false(buf.failed);
    for (size_t i = 0; i < buf.length; i++)
        if (buf.text[i] != '\r')
            buf.text[to++] = buf.text[i];
    buf.text[to] = '\0';
    return hd_buf_take(&buf);
}

static void shows_lanes_stances_and_state(void **state)
{
    static const char expected[] =
        "BUG: heddle: buffers-missing in page_buffers\n"
        "  step 0 1 2 3  row 2 of 24, toy-write/old\n"
        "       + | . |  write_iter()\n"
        ">    0 o : . |   lock folio[0].lock\n"
        "     1 o : . |   write folio[0].dirty <- 1\n"
        "     2 o | . |   unlock folio[0].lock\n"
        "       | + . |  write_pages()  <preempts>\n"
        "     3 | o . |   lock folio[0].lock\n"
        "     4 | o . |   read folio[0].dirty -> 1\n"
        "     5 | o | |   push bios <- &folio[0]\n"
        "     6 | o | |   unlock folio[0].lock\n"
        "     7 |   o |  serve bios -> &folio[0]\n"
        "       |   + |  end_write()\n"
        "     8 |   o |   write folio[0].dirty <- 0\n"
        "       |   . +  shrink_list()\n"
        "     9 |   . o   trylock folio[0].lock\n"
        "-- after step 0 ----------------------------------------------------------------\n"
        "0 writer      next write folio[0].dirty  | * folio[0].lock = writer (was free)\n"
        "1 flusher     waits for folio[0].lock, h |\n"
        "2 completion  idle                       |\n"
        "3 reclaimer   next trylock folio[0].lock |\n"
        "                                         |\n"
        "                                         |\n"
        "the bottom";
    struct hd_screen screen = { .rows = 24, .columns = 80, .bottom = "the bottom" };
    struct hd_story story;
    struct printing p;
    char *text;

    (void)state;
    printing_open(&p, &toys, i1, "old");
    assert_int_equal(hd_story_build(&p.report, &story), HD_OK);
    while (story.rows[screen.row].step != 0)
        screen.row++;
    text = drawn(&story, &screen);
    assert_string_equal(text, expected);
    hd_dealloc(text);
    hd_story_free(&story);
    printing_close(&p);
}

/* Lines, and columns of the widest, without escape sequences. */
static void measure(const char *text, unsigned *ret_lines, unsigned *ret_columns)
{
    unsigned column = 0;

    *ret_lines = 1;
    *ret_columns = 0;
    for (; *text; text++) {
        if (*text == '\033') {
            text += strcspn(text, "mK");
            continue;
        }
        *ret_lines += *text == '\n';
        column = *text == '\n' ? 0 : column + 1;
        *ret_columns = column > *ret_columns ? column : *ret_columns;
        assert_true(*text == '\n' || (*text >= ' ' && *text <= '~'));
    }
}

static void fits_at_every_size_and_row(void **state)
{
    static const unsigned sizes[][2] = { { 10, 40 }, { 24, 80 }, { 25, 81 }, { 60, 200 } };
    struct hd_story story;
    struct printing p;

    (void)state;
    printing_open(&p, &toys, i1, "old");
    assert_int_equal(hd_story_build(&p.report, &story), HD_OK);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (uint32_t n = 0; n < 4 * story.row_count; n++) {
            struct hd_screen screen = { .rows = sizes[i][0], .columns = sizes[i][1],
                                        .row = n / 4, .help = n & 1, .colour = n & 2,
                                        .bottom = "a line that is longer than forty columns are" };
            char *text = drawn(&story, &screen);
            unsigned lines, columns;

            measure(text, &lines, &columns);
            assert_int_equal(lines, screen.rows);
            assert_true(columns <= screen.columns && columns > screen.columns / 2);
            hd_dealloc(text);
        }
    hd_story_free(&story);
    printing_close(&p);
}

static void each_allocation_may_fail(void **state)
{
    struct hd_screen screen = { .rows = 24, .columns = 80, .bottom = "" };
    struct hd_story story;
    struct printing p;
    bool failed = true;
    uint64_t n;

    (void)state;
    printing_open(&p, &toys, i1, "old");
    assert_int_equal(hd_story_build(&p.report, &story), HD_OK);
    for (n = 1; failed; n++) {
        struct hd_buf buf = { 0 };

        hd_alloc_fail_at(n, 0);
        hd_screen_draw(&story, &screen, &buf);
        hd_alloc_fail_at(0, 0);
        failed = buf.failed;
        hd_buf_free(&buf);
    }
    assert_true(n > 20);
    hd_story_free(&story);
    printing_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_lanes_stances_and_state),
        cmocka_unit_test(fits_at_every_size_and_row),
        cmocka_unit_test(each_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
