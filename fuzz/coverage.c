/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "coverage.h"

#include <stdlib.h>
#include <string.h>

/* libFuzzer gives a target no place to keep things, and no word at the end but atexit(). */
static struct hd_coverage *coverage;
static const char *prefix;

static void write_as(const char *suffix, char *text)
{
    struct hd_diag diag = { "out of memory" };
    char *path = NULL;

    if (!text || asprintf(&path, "%s%s", prefix, suffix) < 0)
        path = NULL;
    if (!path || hd_file_write(path, text, strlen(text), &diag))
        fprintf(stderr, "HEDDLE_COVERAGE: %s\n", diag.text);
    free(path);
    free(text);
}

static void write_coverage(void)
{
    write_as(".txt", hd_coverage_text(coverage));
    write_as(".svg", hd_coverage_svg(coverage));
    hd_coverage_free(coverage);
}

void fuzz_coverage_open(void)
{
    prefix = getenv("HEDDLE_COVERAGE");
    if (!prefix || !*prefix)
        return;
    if (hd_coverage_create(&coverage) || atexit(write_coverage)) {
        fprintf(stderr, "HEDDLE_COVERAGE: out of memory\n");
        exit(2);
    }
}

void fuzz_coverage_add(const struct hd_engine *engine, const struct hd_execution *execution)
{
    if (coverage)
        hd_coverage_add(coverage, engine, execution);
}
