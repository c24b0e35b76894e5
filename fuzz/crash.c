/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What becomes of a crash: a case on disk, then words, then abort(), which the fuzzer sees. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "heddle/minimise.h"
#include "subject.h"

/* A minimiser that runs for long would look like a hang; what it has by then is good enough. */
#define ATTEMPTS 20000

/* Smaller if it can be made smaller; the case is released, or is the result. */
static struct hd_case *minimise(struct hd_case *the_case)
{
    struct hd_minimise_options options = { .attempts = ATTEMPTS };
    struct hd_minimise_result result;
    struct hd_diag diag = { { 0 } };

    if (hd_minimise(the_case, &options, &result, &diag)) {
        fprintf(stderr, "not minimised: %s\n", diag.text);
        return the_case;
    }
    hd_case_free(the_case);
    return result.the_case;
}

/* PREFIXSCENARIO-VARIANT-DIGEST.sched; malloc()ed, or NULL. */
static char *case_path(const char *prefix, const struct hd_case *the_case)
{
    const struct hd_setting *setting = &the_case->setting;
    char *path = NULL;

    if (asprintf(&path, "%s%s-%s-%016" PRIx64 ".sched", prefix, setting->scenario->name,
                 setting->scenario->variants[setting->variant].name,
                 the_case->digest[setting->variant]) < 0)
        return NULL;
    return path;
}

static bool write_case(const char *path, const struct hd_case *the_case)
{
    char *text = hd_case_print(the_case);
    struct hd_diag diag = { { 0 } };
    enum hd_error error =
        text ? hd_file_write(path, text, strlen(text), &diag)
             : hd_fail(&diag, HD_E_NOMEM, "out of memory");

    if (error)
        fprintf(stderr, "%s\n", diag.text);
    free(text);
    return error == HD_OK;
}

static enum hd_error print_table(const struct hd_case *the_case, const char *command)
{
    static const struct hd_engine_options options = { .describe = true };
    struct hd_execution execution;
    struct hd_engine *engine = NULL;
    struct hd_strategy *guided = NULL;
    struct hd_report report = { .execution = &execution, .the_case = the_case, .command = command };
    enum hd_error error = hd_engine_create(&options, &engine, NULL);

    if (!error)
        error = hd_engine_prepare(engine, &the_case->setting, NULL);
    if (!error)
        error = hd_strategy_guided(the_case, engine, &guided);
    if (!error)
        error = hd_execute(engine, guided, &execution);
    report.engine = engine;
    if (!error)
        error = hd_format_find("table")->print(&report, stderr);
    hd_strategy_free(guided);
    hd_engine_free(engine);
    return error;
}

void fuzz_crash(const struct fuzz_options *options, const struct hd_setting *setting,
                const uint8_t *data, size_t size, const char *why)
{
    struct hd_case *the_case = NULL;
    struct hd_diag diag = { { 0 } };
    char *path = NULL, *command = NULL;

    fprintf(stderr, "\n%s\n", why ? why : "a violation was found");
    if (hd_case_from_fuzz(setting, data, size, &the_case, &diag)) {
        fprintf(stderr, "%s\n", diag.text);
        abort();
    }
    if (!the_case->expects[0].holds)
        the_case = minimise(the_case);
    path = case_path(options->artifact_prefix, the_case);
    if (path && write_case(path, the_case) && asprintf(&command, "heddle replay %s", path) < 0)
        command = NULL;
    if (print_table(the_case, command))
        fprintf(stderr, "the table could not be printed\n");
    free(command);
    free(path);
    hd_case_free(the_case);
    abort();
}
