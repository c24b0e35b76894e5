/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The page: its elements nest, nothing in it comes from elsewhere, and no text can become markup.
 * How it looks is for tests/cli/long_pictures.sh, in a browser.
 */
#include "printing.h"
#include "report/lanes.h"
#include "report/markup.h"
#include "toy.h"

#include <ctype.h>
#include <stdio.h>

static const char i1[] =
    "heddle case 1\n"
    "# <script>alert('comment')</script>\n"
    "scenario  toy-write\n"
    "variant   old\n"
    "run       writer      until hook\n"
    "run       flusher     until end\n"
    "run       completion  until end\n"
    "run       reclaimer   until end\n"
    "run       writer      until end\n";

static unsigned count(const char *text, const char *what)
{
    unsigned found = 0;

    for (; (text = strstr(text, what)); text += strlen(what))
        found++;
    return found;
}

/* The name of the tag at text, which begins with '<' or '</'. */
static void name_of(const char *text, char name[32])
{
    size_t length = 0;

    text += text[1] == '/' ? 2 : 1;
    while (length < 31 && (isalnum((unsigned char)text[length]) || text[length] == '!')) {
        name[length] = text[length];
        length++;
    }
    name[length] = '\0';
}

static bool is_void(const char *name, const char *end)
{
    return end[-1] == '/' || strcmp(name, "meta") == 0 || strcmp(name, "input") == 0 ||
           name[0] == '!';
}

/* Every element ends where it should; quotes of attributes end within their tag. */
static void check_nesting(const char *page)
{
    static char open[64][32];
    size_t depth = 0;

    for (const char *c = strchr(page, '<'), *end; c; c = strchr(end, '<')) {
        bool quoted = false;
        char name[32];

        for (end = c; *end && (quoted || *end != '>'); end++)
            quoted ^= *end == '"';
        assert_true(*end == '>');
        name_of(c, name);
        if (c[1] == '/') {
            assert_true(depth > 0);
            assert_string_equal(open[--depth], name);
        } else if (!is_void(name, end)) {
            assert_in_range(depth, 0, 63);
            memcpy(open[depth++], name, sizeof name);
            if (strcmp(name, "script") == 0 || strcmp(name, "style") == 0)
                end = strstr(end, "</"); /* what is inside is no markup */
        }
        assert_non_null(end);
    }
    assert_int_equal(depth, 0);
}

static void is_whole_and_by_itself(void **state)
{
    struct printing p;
    char *page;

    (void)state;
    printing_open(&p, &toys, i1, "old");
    page = printed(&p.report, "html");
    check_nesting(page);
    assert_ptr_equal(strstr(page, "<!DOCTYPE html>\n"), page);
    assert_string_equal(page + strlen(page) - 8, "</html>\n");
    assert_int_equal(count(page, "http:") + count(page, "https:"), 0);
    assert_int_equal(count(page, " src=") + count(page, "<link") + count(page, "@import"), 0);
    assert_int_equal(count(page, "<script>"), 1);
    assert_int_equal(count(page, "default-src 'none'"), 1);
    free(page);
    printing_close(&p);
}

/* A lane for each actor, a row for each step, a mark for each thing that the title promises. */
static void draws_every_step(void **state)
{
    struct printing p;
    char *page;

    (void)state;
    printing_open(&p, &toys, i1, "old");
    page = printed(&p.report, "html");
    assert_int_equal(p.execution.trace.length, 15);
    assert_int_equal(count(page, "class=\"number\""), 15);
    assert_int_equal(count(page, "<span class=\"c"), 4);
    assert_int_equal(count(page, "<path class=\"preempt\" d=\"M"), 2); /* one in each drawing */
    assert_int_equal(count(page, "<g class=\"row changes\""), 12);
    assert_int_equal(count(page, "<g class=\"row wrong\""), 1);
    assert_int_equal(count(page, "<path class=\"waits\""), 1); /* the flusher, steps 0 to 2 */
    assert_int_equal(count(page, "dep decisive"), 1);
    assert_non_null(strstr(page, "free &rarr; flusher"));
    assert_non_null(strstr(page, "<mark>&lt;-- buffers-missing</mark>"));
    free(page);
    printing_close(&p);
}

static void no_text_becomes_markup(void **state)
{
    struct printing p;
    char *page;

    (void)state;
    printing_open(&p, &toys, i1, "old");
    p.report.command =
        "heddle replay '</code><img src=x onerror=\"alert(1)\">\x01\xff\xe2\x80\xae&";
    page = printed(&p.report, "html");
    check_nesting(page);
    assert_int_equal(count(page, "<img"), 0);
    assert_int_equal(count(page, "<script>alert"), 0);
    assert_non_null(strstr(page, "# &lt;script&gt;alert(&#39;comment&#39;)&lt;/script&gt;"));
    assert_non_null(strstr(page, "&lt;/code&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;???"
                                 "&amp;</code>"));
    free(page);
    printing_close(&p);
}

static void expect_markup(void (*put)(FILE *, const char *), const char *text,
                          const char *expected)
{
    char got[256] = "";
    FILE *out = tmpfile();

    assert_non_null(out);
    put(out, text);
    rewind(out);
    assert_true(fread(got, 1, sizeof got - 1, out) < sizeof got);
    fclose(out);
    assert_string_equal(got, expected);
}

static void put_five(FILE *out, const char *text)
{
    hd_markup_put_some(out, text, 5);
}

static void escapes_and_shortens(void **state)
{
    (void)state;
    expect_markup(hd_markup_put, "a<b>&\"'", "a&lt;b&gt;&amp;&quot;&#39;");
    expect_markup(hd_markup_put, "caf\xc3\xa9\t\n", "caf\xc3\xa9\t\n");
    expect_markup(hd_markup_put, "\x7f\x1b\xc0\xaf\xed\xa0\x80", "???????");
    expect_markup(hd_markup_put, "\xe2\x81\xa6 \xe2\x80\x8f \xe2\x80\xa6", "? ? \xe2\x80\xa6");
    expect_markup(put_five, "12345", "12345");
    expect_markup(put_five, "123456", "1234&hellip;");
    expect_markup(put_five, "<<<<<<", "&lt;&lt;&lt;&lt;&hellip;");
    expect_markup(hd_markup_put_script, "[\"</script>&\"]", "[\"\\u003c/script\\u003e\\u0026\"]");
}

/* An execution that is too long to be looked at whole keeps its beginning and its end. */
static void leaves_out_the_middle(void **state)
{
    static const char spin[] =
        "heddle case 1\n"
        "scenario  toy-long\n"
        "variant   spin\n"
        "run       look  for 1900\n";
    struct printing p;
    char *page;

    (void)state;
    printing_open(&p, &toys, spin, "spin");
    page = printed(&p.report, "html");
    check_nesting(page);
    assert_in_range(p.execution.trace.length, 1900, 2000);
    assert_int_equal(count(page, "<g class=\"row"), HD_LANES_ROWS_MAX);
    assert_int_equal(count(page, "class=\"gap\""), 1);
    free(page);
    printing_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_whole_and_by_itself),
        cmocka_unit_test(draws_every_step),
        cmocka_unit_test(no_text_becomes_markup),
        cmocka_unit_test(escapes_and_shortens),
        cmocka_unit_test(leaves_out_the_middle),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
