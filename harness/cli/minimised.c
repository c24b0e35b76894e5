/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What minimising did, in words, and the smaller case as a file. */
#include "cli/minimise.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* "6 -> 4" */
static void print_change(FILE *out, const char *what, uint32_t before, uint32_t after)
{
    fprintf(out, "%s %" PRIu32 " -> %" PRIu32 "\n", what, before, after);
}

static void print_fewest(FILE *out, const struct hd_minimise_result *result)
{
    if (result->fewest && result->preemptions == 0)
        fprintf(out, "fewest preemptions: yes, there are none\n");
    else if (result->fewest)
        fprintf(out, "fewest preemptions: yes, no schedule with %" PRIu32 " fails so (%" PRIu64
                " executions)\n", result->preemptions - 1, result->searched);
    else
        fprintf(out, "fewest preemptions: not known (%" PRIu64 " executions; --confirm all "
                "would tell)\n", result->searched);
}

void hd_minimise_print(FILE *out, const struct hd_minimise_result *result)
{
    fprintf(out, "%-10s %10s %6s\n", "pass", "attempts", "kept");
    for (unsigned i = 0; i < HD_PASS_COUNT; i++)
        fprintf(out, "%-10s %10" PRIu64 " %6" PRIu64 "\n", hd_pass_word((enum hd_pass)i),
                result->attempts[i], result->kept[i]);
    fprintf(out, "not executed again %" PRIu64 "\n", result->repeated);
    print_change(out, "segments", result->segments_before, result->segments);
    print_change(out, "preemptions", result->preemptions_before, result->preemptions);
    print_change(out, "steps", result->steps_before, result->steps);
    print_fewest(out, result);
    if (result->stopped)
        fprintf(out, "stopped: more could perhaps be cut\n");
}

void hd_minimise_comment(struct hd_buf *buf, const struct hd_minimise_result *result)
{
    hd_buf_addf(buf,
                "# minimised by heddle " HD_VERSION ": segments %" PRIu32 " -> %" PRIu32
                ", preemptions %" PRIu32 " -> %" PRIu32 "\n",
                result->segments_before, result->segments, result->preemptions_before,
                result->preemptions);
}

/* Is it the given case, but for comments and spacing? */
static bool is_given(const struct hd_case *given, const char *canonical, bool *ret_failed)
{
    char *before = given->text ? hd_case_print(given) : NULL;
    bool equal = before && !strcmp(canonical, before);

    *ret_failed = given->text && !before;
    free(before);
    return equal;
}

char *hd_minimise_text(const struct hd_case *given, const struct hd_minimise_result *result,
                       struct hd_diag *diag)
{
    char *canonical = hd_case_print(result->the_case);
    char *comment = NULL, *text = NULL;
    struct hd_buf buf = { 0 };
    bool failed = false;

    hd_minimise_comment(&buf, result);
    comment = hd_buf_take(&buf);
    if (canonical && is_given(given, canonical, &failed)) {
        hd_buf_add(&buf, given->text, given->text_bytes); /* it was minimal: its comments stay */
        text = hd_buf_take(&buf);
    } else if (canonical && comment && !failed) {
        text = hd_case_print_comment(result->the_case, comment);
    }
    free(comment);
    free(canonical);
    if (!text)
        hd_fail(diag, HD_E_NOMEM, "out of memory for the smaller case");
    return text;
}
