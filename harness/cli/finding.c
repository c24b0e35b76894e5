/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What becomes of a finding: first a case on disk, then words.  The report is made from the text
 * that was written, so what the user is told is what the file repeats.
 */
#include "cli/explore.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/run.h"
#include "models.h"

enum hd_error hd_explore_check_directory(const char *directory, struct hd_diag *diag)
{
    enum hd_error error = HD_OK;
    struct hd_buf buf = { 0 };
    char *name;
    int fd;

    if (!*directory)
        return hd_fail(diag, HD_E_IO, "--out: a directory is needed");
    hd_buf_addf(&buf, "%s/.heddle.XXXXXX", directory);
    name = hd_buf_take(&buf);
    if (!name)
        return hd_fail(diag, HD_E_NOMEM, "out of memory");
    fd = mkstemp(name);
    if (fd < 0) {
        error = hd_fail(diag, HD_E_IO, "--out %.300s: cannot create a file there: %s", directory,
                        strerror(errno));
    } else {
        close(fd);
        unlink(name);
    }
    free(name);
    return error;
}

/* A part of a file's name: what isn't plain becomes an underscore. */
static void add_name(struct hd_buf *buf, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

    for (; *text; text++)
        hd_buf_add(buf, strchr(plain, *text) ? text : "_", 1);
}

/* DIR/SCENARIO-VARIANT-KIND-FINGERPRINT.sched */
static char *case_path(const struct hd_explore_arguments *arguments,
                       const struct hd_finding *finding)
{
    const struct hd_setting *setting = &arguments->options.setting;
    const char *kind_end = strstr(finding->verdict, " at ");
    size_t kind_length =
        kind_end ? (size_t)(kind_end - finding->verdict) : strlen(finding->verdict);
    char kind[sizeof finding->verdict];
    struct hd_buf buf = { 0 };

    memcpy(kind, finding->verdict, kind_length);
    kind[kind_length] = '\0';
    if (strcmp(arguments->directory, ".") != 0)
        hd_buf_addf(&buf, "%s/", arguments->directory);
    add_name(&buf, setting->scenario->name);
    hd_buf_addf(&buf, "-");
    add_name(&buf, setting->scenario->variants[setting->variant].name);
    hd_buf_addf(&buf, "-");
    add_name(&buf, kind);
    hd_buf_addf(&buf, "-%016" PRIx64 ".sched", finding->fingerprint);
    return hd_buf_take(&buf);
}

/* The canonical text, with a comment after its first line that says where it comes from. */
static char *case_text(const struct hd_explore_arguments *arguments,
                       const struct hd_finding *finding)
{
    const struct hd_explore_options *explore = &arguments->options;
    char *canonical = hd_case_print(finding->the_case);
    char *line_end = canonical ? strchr(canonical, '\n') : NULL;
    struct hd_buf buf = { 0 };

    if (!line_end) {
        free(canonical);
        return NULL;
    }
    hd_buf_add(&buf, canonical, (size_t)(line_end - canonical) + 1);
    hd_buf_addf(&buf,
                "# found by heddle " HD_VERSION " explore: strategy %s, seed %" PRIu64
                ", execution %" PRIu64 "\n",
                explore->strategy->name, explore->strategy_options.seed, finding->execution);
    hd_buf_addf(&buf, "%s", line_end + 1);
    free(canonical);
    return hd_buf_take(&buf);
}

/* Reads the text back, executes it and prints the report. */
static enum hd_error print_report(const struct hd_explore_arguments *arguments,
                                  const struct hd_finding *finding, const char *path,
                                  const char *text, struct hd_diag *diag)
{
    struct hd_run_options options = { .backend = arguments->options.engine.backend,
                                      .oracles = arguments->oracles };
    char *command = hd_cli_repeat(path, arguments->oracles, NULL, NULL);
    struct hd_case *the_case = NULL;
    struct hd_run run = { 0 };
    enum hd_error error;

    error = hd_case_parse(&hd_models, path, text, strlen(text), &the_case, diag);
    if (!error)
        error = hd_run_case(the_case, the_case->setting.variant, &options, &run, diag);
    if (!error && run.execution.digest != finding->digest)
        error = hd_fail(diag, HD_E_DIVERGED,
                        "%s: replayed, it gives digest %016" PRIx64 " instead of %016" PRIx64
                        ": the scenario is not deterministic (--twice tells where)",
                        path, run.execution.digest, finding->digest);
    if (!error && !arguments->quiet) {
        putchar('\n');
        error = hd_run_report(&run, the_case, NULL, command, hd_format_find("table"));
        if (error)
            hd_fail(diag, error, "the report: %s", hd_error_text(error));
    }
    hd_run_free(&run);
    hd_case_free(the_case);
    free(command);
    return error;
}

static enum hd_error write_case(const char *path, const char *text,
                                const struct hd_explore_arguments *arguments,
                                const struct hd_finding *finding, struct hd_diag *diag)
{
    struct hd_diag why;
    enum hd_error error = hd_file_write(path, text, strlen(text), &why);

    if (error)
        return hd_fail(diag, error,
                       "%.300s; what it should hold is execution %" PRIu64 " of seed %" PRIu64,
                       why.text, finding->execution, arguments->options.strategy_options.seed);
    return HD_OK;
}

static void tell(const struct hd_explore_arguments *arguments, const struct hd_finding *finding,
                 const char *path)
{
    const struct hd_setting *setting = &arguments->options.setting;

    printf("%s/%s: %s\n", setting->scenario->name,
           setting->scenario->variants[setting->variant].name, finding->verdict);
    printf("  execution %" PRIu64 " (%s, seed %" PRIu64 "), ", finding->execution,
           arguments->options.strategy->name, arguments->options.strategy_options.seed);
    if (finding->hits > 1)
        printf("%" PRIu64 " times in all, ", finding->hits);
    printf("written to %s\n", path);
}

/* A finding's file. */
struct file {
    char *path, *text;
};

static enum hd_error write_finding(const struct hd_explore_arguments *arguments,
                                   const struct hd_finding *finding, struct file *file,
                                   struct hd_diag *diag)
{
    file->path = case_path(arguments, finding);
    file->text = case_text(arguments, finding);
    if (!file->path || !file->text)
        return hd_fail(diag, HD_E_NOMEM,
                       "execution %" PRIu64 " of seed %" PRIu64 ": out of memory for its case",
                       finding->execution, arguments->options.strategy_options.seed);
    return write_case(file->path, file->text, arguments, finding, diag);
}

enum hd_exit hd_explore_report(const struct hd_explore_arguments *arguments,
                               const struct hd_explore_result *result)
{
    struct file files[HD_FINDINGS_MAX] = { { 0 } };
    enum hd_exit status = HD_EXIT_FOUND;
    enum hd_error error = HD_OK;
    struct hd_diag diag = { { 0 } };

    for (unsigned i = 0; i < result->finding_count && !error; i++)
        error = write_finding(arguments, &result->findings[i], &files[i], &diag);
    for (unsigned i = 0; i < result->finding_count && !error; i++)
        tell(arguments, &result->findings[i], files[i].path);
    if (!error)
        error = print_report(arguments, &result->findings[0], files[0].path, files[0].text, &diag);
    if (error)
        status = hd_cli_error("explore", error, &diag);
    if (error == HD_E_DIVERGED)
        status = HD_EXIT_DIVERGED;
    for (unsigned i = 0; i < result->finding_count; i++) {
        free(files[i].path);
        free(files[i].text);
    }
    return status;
}
