/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "subject.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "models.h"

static bool is_set(const char *name, const char *value)
{
    const char *set = getenv(name);

    return set && strcmp(set, value) == 0;
}

struct fuzz_options fuzz_options_read(int argc, char **argv)
{
    static const char prefix[] = "-artifact_prefix=";
    const char *scenario = getenv("HEDDLE_SCENARIO");
    const char *find = getenv("HEDDLE_FIND");
    struct fuzz_options options = {
        .scenario = scenario && *scenario ? scenario : "gfs2-jdata-write/old",
        .expected = is_set("HEDDLE_EXPECTED", "ok"),
        .digest = is_set("HEDDLE_DIGEST", "1"),
        .find = find && *find ? find : NULL,
        .any = is_set("HEDDLE_FAULTS", "all"),
        .artifact_prefix = "",
    };

    for (int i = 1; i < argc; i++)
        if (strncmp(argv[i], prefix, strlen(prefix)) == 0)
            options.artifact_prefix = argv[i] + strlen(prefix);
    return options;
}

static _Noreturn void give_up(const char *what, enum hd_error error, const struct hd_diag *diag)
{
    fprintf(stderr, "%s: %s\n", what, diag->text[0] ? diag->text : hd_error_text(error));
    exit(2);
}

void fuzz_subject_open_variant(struct fuzz_subject *subject, const struct hd_setting *setting,
                               unsigned variant)
{
    static const struct hd_engine_options options = { .backend = HD_BACKEND_LIGHT };
    struct hd_diag diag = { { 0 } };
    enum hd_error error;

    memset(subject, 0, sizeof *subject);
    subject->setting = *setting;
    subject->setting.variant = variant;
    subject->workload = setting->workload;
    hd_fuzz_format(setting->scenario, &subject->format);
    error = hd_engine_create(&options, &subject->engine, &diag);
    if (!error)
        error = hd_engine_prepare(subject->engine, &subject->setting, &diag);
    if (!error)
        error = hd_strategy_bytes(NULL, 0, &subject->bytes);
    if (error)
        give_up("fuzz target", error, &diag);
}

void fuzz_subject_open(struct fuzz_subject *subject, const struct fuzz_options *options)
{
    struct hd_diag diag = { { 0 } };
    struct hd_setting setting;
    enum hd_error error = hd_setting_parse(&hd_models, options->scenario, &setting, &diag);

    if (error)
        give_up("HEDDLE_SCENARIO", error, &diag);
    fuzz_subject_open_variant(subject, &setting, setting.variant);
    subject->any = options->any;
}

bool fuzz_wanted(const struct fuzz_options *options, const struct hd_execution *execution)
{
    if (execution->verdict.holds || options->expected)
        return false;
    return !options->find || hd_verdict_in(&execution->verdict, options->find);
}

/* Most inputs have the workload of the one before, and preparing costs more than executing. */
static bool prepare(struct fuzz_subject *subject, const struct hd_setting *setting)
{
    if (memcmp(&subject->workload, &setting->workload, sizeof setting->workload) != 0) {
        subject->workload = setting->workload;
        subject->refused = hd_engine_prepare(subject->engine, setting, NULL) != HD_OK;
    }
    return !subject->refused;
}

bool fuzz_subject_execute(struct fuzz_subject *subject, const uint8_t *data, size_t size,
                          struct hd_execution *ret_execution)
{
    struct hd_setting setting = subject->setting;
    size_t choices = hd_fuzz_decode(&subject->format, data, size, &setting);

    if (size && data[size - 1] == HD_FUZZ_ANY && !subject->any)
        return false;
    if (!prepare(subject, &setting))
        return false;
    hd_bytes_set(subject->bytes, data, choices);
    if (hd_execute(subject->engine, subject->bytes, ret_execution))
        abort(); /* bytes never run out of executions */
    return true;
}

void fuzz_print_digest(const struct hd_execution *execution)
{
    char verdict[2 * HD_NAME_BYTES + 8];

    hd_verdict_format(&execution->verdict, verdict, sizeof verdict);
    printf("verdict %s\ndigest %016" PRIx64 "\n", verdict, execution->digest);
    fflush(stdout);
}
