/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words, numbers, objects' names, quotes, and what is offered instead of a wrong word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "input/names.h"
#include "input/offer.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void a_number_is_decimal_and_has_one_form(void **state)
{
    static const char *const wrong[] = { "", "00", "01", "+1", "-1", " 1", "1 ", "0x1", "1k", "1.0",
                                         "18446744073709551616", "99999999999999999999999" };
    uint64_t value = 7;

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_false(hd_word_number(hd_word_of(wrong[i]), UINT64_MAX, &value));
    assert_int_equal(value, 7);
    assert_true(hd_word_number(hd_word_of("18446744073709551615"), UINT64_MAX, &value));
    assert_true(value == UINT64_MAX);
    assert_true(hd_word_number(hd_word_of("0"), 0, &value));
    assert_int_equal(value, 0);
}

static void a_number_keeps_to_its_limit(void **state)
{
    (void)state;
    for (uint64_t max = 0; max < 250; max++) {
        for (uint64_t n = 0; n < 300; n++) {
            char text[24];
            uint64_t value = UINT64_MAX;

            snprintf(text, sizeof text, "%llu", (unsigned long long)n);
            assert_int_equal(hd_word_number(hd_word_of(text), max, &value), n <= max);
            assert_true(value == (n <= max ? n : UINT64_MAX));
        }
    }
}

static void names_are_written_and_read_back(void **state)
{
    static const struct {
        const char *name;
        int index;
        const char *text;
    } rows[] = {
        { "folio", -1, "folio" },
        { "folio", 0, "folio[0]" },
        { "folio.lock", 0, "folio[0].lock" },
        { "folio.lock", -1, "folio.lock" },
        { "a.b-c.d_9", 2147483647, "a[2147483647].b-c.d_9" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[HD_NAME_BYTES], name[HD_NAME_BYTES];
        int32_t index = 99;

        assert_int_equal(hd_name_format(text, sizeof text, rows[i].name, rows[i].index),
                         strlen(rows[i].text));
        assert_string_equal(text, rows[i].text);
        assert_true(hd_name_parse(hd_word_of(text), name, &index));
        assert_string_equal(name, rows[i].name);
        assert_int_equal(index, rows[i].index);
    }
}

static void a_name_that_is_none_is_refused(void **state)
{
    static const char *const wrong[] = {
        "", ".", "a.", ".a", "a..b", "a[", "a[]", "a[]b", "a[1", "a[1]b", "a[01]", "a[-1]",
        "a[1][2]", "a.b[1]", "a[2147483648]", "[1]", "a b", "a\x80", "a]",
    };
    char name[HD_NAME_BYTES] = "kept", longest[HD_NAME_BYTES + 1];
    int32_t index = 5;

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_false(hd_name_parse(hd_word_of(wrong[i]), name, &index));
    memset(longest, 'x', HD_NAME_BYTES);
    longest[HD_NAME_BYTES] = '\0';
    assert_false(hd_name_parse(hd_word_of(longest), name, &index)); /* no room for its NUL */
    assert_string_equal(name, "kept");
    assert_int_equal(index, 5);
    longest[HD_NAME_BYTES - 1] = '\0';
    assert_true(hd_name_parse(hd_word_of(longest), name, &index));
    assert_string_equal(name, longest);
    longest[HD_NAME_BYTES - 2] = '.';
    assert_false(hd_name_parse(hd_word_of(longest), name, &index)); /* a dot, and nothing behind */
}

static void a_format_truncates_as_snprintf_does(void **state)
{
    char text[6] = "";

    (void)state;
    assert_int_equal(hd_name_format(text, sizeof text, "folio.lock", 12), 14);
    assert_string_equal(text, "folio");
}

static void a_quote_is_clipped_and_harmless(void **state)
{
    char text[200];

    (void)state;
    assert_string_equal(hd_quote(hd_word_of("a\x1b[31m\n\t\x7f\xff~ ")).text, "a?[31m????~ ");
    memset(text, 'x', sizeof text);
    for (size_t length = 0; length < sizeof text; length++) {
        struct hd_quote quote = hd_quote((struct hd_word){ text, length });

        assert_int_equal(strlen(quote.text), length < HD_QUOTE_BYTES ? length : HD_QUOTE_BYTES - 1);
        assert_int_equal(strstr(quote.text, "...") != NULL, length >= HD_QUOTE_BYTES);
    }
}

/* The message when word is neither of the two names; "" stands for none. */
static const char *offer(const char *word, const char *first, const char *second,
                         struct hd_diag *diag)
{
    struct hd_offer it = hd_offer_to(hd_word_of(word));

    if (first[0])
        hd_offer_add(&it, first);
    if (second[0])
        hd_offer_add(&it, second);
    assert_int_equal(hd_offer_fail(&it, "a fruit", diag), HD_E_UNKNOWN);
    return diag->text;
}

static void the_nearest_name_is_offered_if_it_is_near(void **state)
{
    struct hd_diag diag;

    (void)state;
    assert_string_equal(offer("aple", "pear", "apple", &diag),
                        "expected a fruit (pear, apple), found 'aple'; did you mean 'apple'?");
    /* length 4 allows a distance of 2, and no more */
    assert_string_equal(offer("plum", "plmmm", "xlym", &diag),
                        "expected a fruit (plmmm, xlym), found 'plum'; did you mean 'plmmm'?");
    assert_string_equal(offer("plum", "pxxx", "", &diag), "expected a fruit (pxxx), found 'plum'");
    assert_string_equal(offer("x", "y", "", &diag), "expected a fruit (y), found 'x'");
    assert_string_equal(offer("x", "", "", &diag), "expected a fruit, found 'x'");
}

static void a_long_list_is_cut(void **state)
{
    struct hd_offer it = hd_offer_to(hd_word_of("nome-99"));
    struct hd_diag diag;

    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        char name[16];

        snprintf(name, sizeof name, "name-%u", i);
        hd_offer_add(&it, name);
        assert_true(strlen(it.list) < sizeof it.list);
    }
    hd_offer_fail(&it, "a name", &diag);
    assert_non_null(strstr(diag.text, "(name-0, name-1, "));
    assert_non_null(strstr(diag.text, ", ...), found 'nome-99'; did you mean 'name-99'?"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_decimal_and_has_one_form),
        cmocka_unit_test(a_number_keeps_to_its_limit),
        cmocka_unit_test(names_are_written_and_read_back),
        cmocka_unit_test(a_name_that_is_none_is_refused),
        cmocka_unit_test(a_format_truncates_as_snprintf_does),
        cmocka_unit_test(a_quote_is_clipped_and_harmless),
        cmocka_unit_test(the_nearest_name_is_offered_if_it_is_near),
        cmocka_unit_test(a_long_list_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
