/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A directory of cases, and a gate over it. */
#ifndef HD_TESTS_CASES_H
#define HD_TESTS_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "heddle/gate.h"

#define CASES_RUNS 2000

/* The directory of a test, removed with what is in it. */
struct cases {
    char directory[32];
};

static inline void cases_open(struct cases *cases)
{
    snprintf(cases->directory, sizeof cases->directory, "/tmp/heddle-gate.XXXXXX");
    assert_non_null(mkdtemp(cases->directory));
}

static inline void cases_close(struct cases *cases)
{
    char command[64];

    snprintf(command, sizeof command, "rm -r %s", cases->directory);
    assert_int_equal(system(command), 0);
}

/* Writes a case; "@" alone is a line break, so that a case is a line of C. */
static inline void cases_add(const struct cases *cases, const char *name, const char *text)
{
    char path[128];
    FILE *out;

    snprintf(path, sizeof path, "%s/%s", cases->directory, name);
    out = fopen(path, "w");
    assert_non_null(out);
    for (; *text; text++)
        fputc(*text == '@' ? '\n' : *text, out);
    assert_int_equal(fclose(out), 0);
}

/* Everything in the directory, by `jobs` workers; release the result. */
static inline void cases_gate(const struct cases *cases, const struct hd_catalogue *catalogue,
                              unsigned jobs, struct hd_gate_result *ret_result)
{
    const char *paths[] = { cases->directory };
    const struct hd_gate_options options = { .catalogue = catalogue,
                                             .paths = paths,
                                             .path_count = 1,
                                             .runs = CASES_RUNS,
                                             .jobs = jobs,
                                             .out = cases->directory };
    struct hd_diag diag = { { 0 } };

    if (hd_gate(&options, ret_result, &diag))
        fail_msg("the gate: %s", diag.text);
}

/* The check of that name in the group of a file, or in the last group for NULL. */
static inline const struct hd_gate_check *cases_check(const struct hd_gate_result *result,
                                                      const char *file, const char *name)
{
    for (uint32_t i = 0; i < result->group_count; i++) {
        const struct hd_gate_group *group = &result->groups[i];
        const char *slash = strrchr(group->name, '/');

        if (strcmp(slash ? slash + 1 : group->name, file ? file : "proofs") != 0)
            continue;
        for (uint32_t j = 0; j < group->count; j++)
            if (!strcmp(result->checks[group->first + j].name, name))
                return &result->checks[group->first + j];
    }
    fail_msg("no check '%s' of %s", name, file ? file : "proofs");
    return &result->checks[0];
}

static inline void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' lacks '%s'", text, part);
}

/* It failed, by this rule, with these words and this advice. */
static inline void assert_failed(const struct hd_gate_check *check, const char *rule,
                                 const char *text, const char *advice)
{
    if (check->outcome != HD_GATE_FAILED)
        fail_msg("%s %s: %s", check->name, hd_gate_outcome_word(check->outcome), check->text);
    assert_string_equal(check->rule, rule);
    assert_has(check->text, text);
    assert_has(check->advice, advice);
    assert_true(check->fingerprint != 0);
}

#endif
