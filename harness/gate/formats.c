/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one list of formats.  A new one is a file with a printer, and two lines here. */
#include "gate/formats.h"

#include <stdlib.h>

#include "gate/run.h"

/* A printer of the list: prints, then asks whether the output took it all. */
#define PRINTER(name)                                                                              \
    static enum hd_error print_##name(const struct hd_gate_result *result, FILE *out)              \
    {                                                                                              \
        enum hd_error error = hd_gate_##name(result, out);                                         \
                                                                                                   \
        return !error && (fflush(out) || ferror(out)) ? HD_E_IO : error;                           \
    }

PRINTER(text)
PRINTER(ktap)
PRINTER(junit)
PRINTER(sarif)
PRINTER(github)
PRINTER(markdown)

const struct hd_gate_format hd_gate_formats[] = {
    { "text", "what went wrong and what to do, then the sums", print_text },
    { "ktap", "KTAP version 1, as the kernel's own tests print it", print_ktap },
    { "junit", "JUnit's XML, as most continuous integration services read it", print_junit },
    { "sarif", "SARIF 2.1.0: a result a failure, with a thread flow for each actor", print_sarif },
    { "github", "workflow commands of GitHub Actions: an annotation a failure", print_github },
    { "markdown", "a page with each failure's table, as a GitHub job summary", print_markdown },
};
const size_t hd_gate_format_count = sizeof hd_gate_formats / sizeof hd_gate_formats[0];

static enum hd_error print_story(const struct hd_gate_check *check, const struct hd_run *run,
                                 const char *format, char **ret_text)
{
    struct hd_report report;
    enum hd_error error;
    size_t length;
    FILE *out = open_memstream(ret_text, &length);

    if (!out)
        return HD_E_NOMEM;
    hd_run_describe(run, check->evidence, NULL, NULL, &report);
    error = hd_format_find(format)->print(&report, out);
    if (fclose(out) && !error)
        error = HD_E_NOMEM;
    return error;
}

enum hd_error hd_gate_story(const struct hd_gate_check *check, const char *format, char **ret_text)
{
    const struct hd_run_options options = { .backend = HD_BACKEND_FIBER };
    struct hd_run run = { 0 };
    char *text = NULL;
    enum hd_error error;

    if (!check->evidence) {
        *ret_text = NULL;
        return HD_OK;
    }
    error = hd_run_case(check->evidence, check->variant, &options, &run, NULL);
    if (error)
        return error;
    error = print_story(check, &run, format, &text);
    hd_run_free(&run);
    if (error)
        free(text);
    else
        *ret_text = text;
    return error;
}
