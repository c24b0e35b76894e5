/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words for operations stand in case files, so they must stay apart and be words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "heddle/trace.h"

static void every_operation_has_a_word_of_its_own(void **state)
{
    (void)state;
    for (int a = 0; a < HD_OP_COUNT; a++) {
        const char *word = hd_op_word((enum hd_op)a);

        assert_int_equal(strspn(word, "abcdefghijklmnopqrstuvwxyz-"), strlen(word));
        assert_true(strlen(word) > 0);
        for (int b = 0; b < a; b++)
            assert_string_not_equal(word, hd_op_word((enum hd_op)b));
    }
}

static void the_words_are_the_right_ones(void **state)
{
    (void)state;
    assert_string_equal(hd_op_word(HD_OP_LOAD), "load");
    assert_string_equal(hd_op_word(HD_OP_TRYLOCK), "trylock");
    assert_string_equal(hd_op_word(HD_OP_RCU_CALL), "rcu-call");
    assert_string_equal(hd_op_word(HD_OP_STEP), "step");
}

static void there_is_none_outside_the_list(void **state)
{
    (void)state;
    assert_string_equal(hd_op_word(HD_OP_COUNT), "?");
    assert_string_equal(hd_op_word((enum hd_op)255), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_has_a_word_of_its_own),
        cmocka_unit_test(the_words_are_the_right_ones),
        cmocka_unit_test(there_is_none_outside_the_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
