/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * KTAP version 1, Documentation/dev-tools/ktap.rst of the Linux kernel: a plan, a line a test, and
 * the tests of a group indented by two blanks in front of the group's own line.  Diagnostics stand
 * before the line they are about.
 */
#include "gate/formats.h"

#include <inttypes.h>

/* A description ends at '#', where a directive begins, and a line at its end. */
static void put(FILE *out, const char *text)
{
    for (; *text; text++)
        fputc((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text == '#' ? '_' : *text, out);
}

static void put_diagnostic(FILE *out, const char *text)
{
    if (!*text)
        return;
    fprintf(out, "  # ");
    for (; *text; text++)
        fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
    fputc('\n', out);
}

static const char *result_word(enum hd_gate_outcome outcome)
{
    return outcome == HD_GATE_PASSED || outcome == HD_GATE_SKIPPED ? "ok" : "not ok";
}

static const char *directive(enum hd_gate_outcome outcome)
{
    switch (outcome) {
    case HD_GATE_SKIPPED:
        return " # SKIP";
    case HD_GATE_STOPPED:
        return " # TIMEOUT";
    case HD_GATE_ERROR:
        return " # ERROR";
    default:
        return "";
    }
}

static void print_check(FILE *out, const struct hd_gate_check *check, uint32_t number)
{
    put_diagnostic(out, check->text);
    put_diagnostic(out, check->advice);
    fprintf(out, "  %s %" PRIu32 " ", result_word(check->outcome), number);
    put(out, check->name);
    fprintf(out, "%s\n", directive(check->outcome));
}

enum hd_error hd_gate_ktap(const struct hd_gate_result *result, FILE *out)
{
    fprintf(out, "KTAP version 1\n1..%" PRIu32 "\n", result->group_count);
    for (uint32_t i = 0; i < result->group_count; i++) {
        const struct hd_gate_group *group = &result->groups[i];
        enum hd_gate_outcome worst = HD_GATE_PASSED;

        fprintf(out, "  KTAP version 1\n  1..%" PRIu32 "\n", group->count);
        for (uint32_t j = 0; j < group->count; j++) {
            const struct hd_gate_check *check = &result->checks[group->first + j];

            print_check(out, check, j + 1);
            if (worst < check->outcome)
                worst = check->outcome;
        }
        fprintf(out, "%s %" PRIu32 " ", result_word(worst), i + 1);
        put(out, group->name);
        fputc('\n', out);
    }
    if (hd_gate_hint(result))
        fprintf(out, "# %s\n", hd_gate_hint(result));
    fprintf(out, "# ");
    hd_gate_sums(result, out);
    return HD_OK;
}
