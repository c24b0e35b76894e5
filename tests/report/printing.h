/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the text of a case to the text of a report. */
#ifndef PRINTING_H
#define PRINTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "heddle/heddle.h"

/* What a report is made from; all that a test may want to look at. */
struct printing {
    struct hd_case *the_case;
    struct hd_engine *engine, *reference_engine;
    struct hd_strategy *guided, *reference_guided;
    struct hd_execution execution, reference;
    struct hd_report report;
};

static inline struct hd_engine *describing_engine(const struct hd_setting *setting)
{
    struct hd_engine_options options = { .describe = true };
    struct hd_engine *engine = NULL;
    struct hd_diag diag = { .text = "" };

    assert_int_equal(hd_engine_create(&options, &engine, &diag), HD_OK);
    if (hd_engine_prepare(engine, setting, &diag))
        fail_msg("%s", diag.text);
    return engine;
}

/* Follows the case in that variant; its own is then the reference, if it is another. */
static inline void printing_open(struct printing *p, const struct hd_catalogue *catalogue,
                                 const char *text, const char *variant)
{
    struct hd_diag diag = { .text = "" };
    struct hd_setting setting;
    int index;

    *p = (struct printing){ .the_case = NULL };
    if (hd_case_parse(catalogue, "case", text, strlen(text), &p->the_case, &diag))
        fail_msg("%s", diag.text);
    setting = p->the_case->setting;
    index = hd_variant_find(setting.scenario, variant);
    assert_true(index >= 0);
    setting.variant = (unsigned)index;
    p->engine = describing_engine(&setting);
    assert_int_equal(hd_strategy_guided(p->the_case, p->engine, &p->guided), HD_OK);
    assert_int_equal(hd_execute(p->engine, p->guided, &p->execution), HD_OK);
    p->report = (struct hd_report){ .engine = p->engine,
                                    .execution = &p->execution,
                                    .the_case = p->the_case,
                                    .command = "heddle replay toy.sched" };
    if (setting.variant == p->the_case->setting.variant)
        return;
    p->report.segments = hd_guided_reports(p->guided, &p->report.segment_count);
    p->reference_engine = describing_engine(&p->the_case->setting);
    assert_int_equal(hd_strategy_guided(p->the_case, p->reference_engine, &p->reference_guided),
                     HD_OK);
    assert_int_equal(hd_execute(p->reference_engine, p->reference_guided, &p->reference), HD_OK);
    p->report.reference = &p->reference;
    p->report.reference_engine = p->reference_engine;
}

static inline void printing_close(struct printing *p)
{
    hd_strategy_free(p->guided);
    hd_strategy_free(p->reference_guided);
    hd_engine_free(p->engine);
    hd_engine_free(p->reference_engine);
    hd_case_free(p->the_case);
}

/* The report in a format, to be freed.  By way of a file: gcc 12 takes what open_memstream() leaves
 * behind for a pointer to the local variable. */
static inline char *printed(const struct hd_report *report, const char *format)
{
    FILE *out = tmpfile();
    char *text;
    long bytes;

    assert_non_null(out);
    assert_int_equal(hd_format_find(format)->print(report, out), HD_OK);
    bytes = ftell(out);
    assert_true(bytes > 0);
    text = malloc((size_t)bytes + 1);
    assert_non_null(text);
    rewind(out);
    assert_int_equal(fread(text, 1, (size_t)bytes, out), bytes);
    text[bytes] = '\0';
    fclose(out);
    return text;
}

/* The report in that variant and format is, word for word, as expected. */
static inline void expect_report(const struct hd_catalogue *catalogue, const char *text,
                                 const char *variant, const char *format, const char *expected)
{
    struct printing p;
    char *report;

    printing_open(&p, catalogue, text, variant);
    report = printed(&p.report, format);
    assert_string_equal(report, expected);
    free(report);
    printing_close(&p);
}

/* The table alone: from its heading to the next empty line. */
static inline void expect_table(const struct hd_catalogue *catalogue, const char *text,
                                const char *variant, const char *expected)
{
    struct printing p;
    char *report, *begin, *end;

    printing_open(&p, catalogue, text, variant);
    report = printed(&p.report, "table");
    begin = strstr(report, "  CPU 0");
    assert_non_null(begin);
    end = strstr(begin, "\n\n");
    assert_non_null(end);
    end[1] = '\0';
    assert_string_equal(begin, expected);
    free(report);
    printing_close(&p);
}

#endif
