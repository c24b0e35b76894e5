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
#include "cli/minimise.h"
#include "explore/path.h"
#include "gate/run.h"

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

/* The canonical text, with a comment after its first line that says where it comes from.  result:
 * of minimising, or NULL for the case as it was found. */
static char *case_text(const struct hd_explore_arguments *arguments,
                       const struct hd_finding *finding, const struct hd_minimise_result *result)
{
    const struct hd_explore_options *explore = &arguments->options;
    struct hd_buf buf = { 0 };
    char *text, *comment;

    hd_buf_addf(&buf,
                "# found by heddle " HD_VERSION " explore: strategy %s, seed %" PRIu64
                ", execution %" PRIu64 "\n",
                explore->strategy->name, explore->strategy_options.seed, finding->execution);
    if (result)
        hd_minimise_comment(&buf, result);
    comment = hd_buf_take(&buf);
    text = comment ? hd_case_print_comment(result ? result->the_case : finding->the_case, comment)
                   : NULL;
    free(comment);
    return text;
}

static char *case_path(const struct hd_explore_arguments *arguments,
                       const struct hd_finding *finding, const char *suffix)
{
    return hd_finding_path(arguments->directory, &arguments->options.setting, finding->verdict,
                           finding->fingerprint, suffix);
}

/* A finding's files. */
struct file {
    char *path, *text;
    char *raw_path, *raw_text; /* as it was found, beside the minimised case; or NULL */
    uint64_t digest;           /* of the case in path */
    uint32_t segments_before, segments, preemptions_before, preemptions;
};

/* Reads the text back, executes it and prints the report. */
static enum hd_error print_report(const struct hd_explore_arguments *arguments,
                                  const struct file *file, struct hd_diag *diag)
{
    const char *path = file->path;
    struct hd_run_options options = { .backend = arguments->options.engine.backend,
                                      .oracles = arguments->oracles };
    char *command = hd_cli_repeat(path, arguments->oracles, NULL, NULL);
    struct hd_case *the_case = NULL;
    struct hd_run run = { 0 };
    enum hd_error error;

    error = hd_case_parse(&hd_models, path, file->text, strlen(file->text), &the_case, diag);
    if (!error)
        error = hd_run_case(the_case, the_case->setting.variant, &options, &run, diag);
    if (!error && run.execution.digest != file->digest)
        error = hd_fail(diag, HD_E_DIVERGED,
                        "%s: replayed, it gives digest %016" PRIx64 " instead of %016" PRIx64
                        ": the scenario is not deterministic (--twice tells where)",
                        path, run.execution.digest, file->digest);
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
                 const struct file *file)
{
    const struct hd_setting *setting = &arguments->options.setting;

    printf("%s/%s: %s\n", setting->scenario->name,
           setting->scenario->variants[setting->variant].name, finding->verdict);
    printf("  execution %" PRIu64 " (%s, seed %" PRIu64 "), ", finding->execution,
           arguments->options.strategy->name, arguments->options.strategy_options.seed);
    if (finding->hits > 1)
        printf("%" PRIu64 " times in all, ", finding->hits);
    printf("written to %s\n", file->path);
    if (file->raw_path)
        printf("  minimised: segments %" PRIu32 " -> %" PRIu32 ", preemptions %" PRIu32
               " -> %" PRIu32 "; as found: %s\n",
               file->segments_before, file->segments, file->preemptions_before, file->preemptions,
               file->raw_path);
}

static enum hd_error fail_memory(const struct hd_explore_arguments *arguments,
                                 const struct hd_finding *finding, struct hd_diag *diag)
{
    return hd_fail(diag, HD_E_NOMEM,
                   "execution %" PRIu64 " of seed %" PRIu64 ": out of memory for its case",
                   finding->execution, arguments->options.strategy_options.seed);
}

/*
 * Minimises the finding.  HD_OK and no raw_path where that can't be done, because it does not
 * repeat: then the case as it was found is all there is, and its report says what is wrong.
 */
static enum hd_error minimise(const struct hd_explore_arguments *arguments,
                              const struct hd_finding *finding, struct file *file,
                              struct hd_diag *diag)
{
    struct hd_minimise_options options = { .engine = arguments->options.engine,
                                           .confirm = HD_MINIMISE_CONFIRM,
                                           .stop = arguments->options.stop };
    struct hd_minimise_result result;
    enum hd_error error = hd_minimise(finding->the_case, &options, &result, diag);

    if (error)
        return error == HD_E_NOMEM ? error : HD_OK;
    file->raw_path = case_path(arguments, finding, ".raw.sched");
    file->raw_text = file->text;
    file->text = case_text(arguments, finding, &result);
    file->digest = result.the_case->digest[result.the_case->setting.variant];
    file->segments_before = result.segments_before;
    file->segments = result.segments;
    file->preemptions_before = result.preemptions_before;
    file->preemptions = result.preemptions;
    hd_case_free(result.the_case);
    return file->raw_path && file->text ? HD_OK : fail_memory(arguments, finding, diag);
}

/* First what was found, whatever becomes of it then. */
static enum hd_error write_finding(const struct hd_explore_arguments *arguments,
                                   const struct hd_finding *finding, struct file *file,
                                   struct hd_diag *diag)
{
    enum hd_error error;

    file->path = case_path(arguments, finding, ".sched");
    file->text = case_text(arguments, finding, NULL);
    file->digest = finding->digest;
    if (!file->path || !file->text)
        return fail_memory(arguments, finding, diag);
    error = write_case(file->path, file->text, arguments, finding, diag);
    if (error || arguments->no_minimise)
        return error;
    error = minimise(arguments, finding, file, diag);
    if (!error && file->raw_path)
        error = write_case(file->raw_path, file->raw_text, arguments, finding, diag);
    if (!error && file->raw_path)
        error = write_case(file->path, file->text, arguments, finding, diag);
    return error;
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
        tell(arguments, &result->findings[i], &files[i]);
    if (!error)
        error = print_report(arguments, &files[0], &diag);
    if (error)
        status = hd_cli_error("explore", error, &diag);
    if (error == HD_E_DIVERGED)
        status = HD_EXIT_DIVERGED;
    for (unsigned i = 0; i < result->finding_count; i++) {
        free(files[i].path);
        free(files[i].text);
        free(files[i].raw_path);
        free(files[i].raw_text);
    }
    return status;
}
