/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Assertions fire, say what was compared, evaluate once, and are there with NDEBUG too. */
#ifndef NDEBUG
#define NDEBUG
#endif
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/assert.h"

/* Runs it in a child; returns its wait status, and what it said on stderr. */
static int run(void (*function)(void), char *text, size_t bytes)
{
    size_t length = 0;
    int ends[2], status;
    ssize_t got;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    child = fork();
    assert_true(child >= 0);
    if (!child) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
        signal(SIGABRT, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        function();
        _exit(0);
    }
    close(ends[1]);
    while (length < bytes - 1 && (got = read(ends[0], text + length, bytes - 1 - length)) > 0)
        length += (size_t)got;
    text[length] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void holds(void)
{
    int one = 1, two = 2, zero = 0, evaluated = 0;

    HD_ASSERT(one);
    HD_ASSERT(one == 1 && zero == 0);
    HD_ASSERT(two == 2); /* negated as a whole: (!!two) == 2 would fire */
    HD_ASSERT(zero || one);
    HD_ASSERT_IS(zero, <, one);
    HD_ASSERT_IS(one + one, ==, 2);
    HD_ASSERT(++evaluated);
    HD_ASSERT_IS(++evaluated, ==, 2);
    if (evaluated != 2)
        _exit(1);
}

static void fails(void)
{
    int zero = 0;

    HD_ASSERT(zero != 0);
}

static void fails_with_values(void)
{
    uint32_t depth = 17, limit = 16;

    HD_ASSERT_IS(depth, <=, limit);
}

static void is_silent_when_true(void **state)
{
    char text[256];
    int status = run(holds, text, sizeof text);

    (void)state;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_string_equal(text, "");
}

static void aborts_and_says_where(void **state)
{
    char text[512];
    int status = run(fails, text, sizeof text);

    (void)state;
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_non_null(strstr(text, "test_assert.c:"));
    assert_non_null(strstr(text, "fails: 'zero != 0' is false"));
    assert_null(strstr(text, "left is"));
}

static void prints_both_values(void **state)
{
    char text[512];
    int status = run(fails_with_values, text, sizeof text);

    (void)state;
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_non_null(strstr(text, "'depth <= limit' is false: left is 17, right is 16"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_silent_when_true),
        cmocka_unit_test(aborts_and_says_where),
        cmocka_unit_test(prints_both_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
