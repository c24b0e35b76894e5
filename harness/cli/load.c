/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/load.h"

#include <stdlib.h>
#include <string.h>

static bool begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* A corpus entry's name: the SHA-1 of its bytes. */
static bool is_sha1(const char *name)
{
    return strlen(name) == 40 && strspn(name, "0123456789abcdef") == 40;
}

/* libFuzzer's names, and AFL++'s. */
static bool is_artifact_name(const char *path)
{
    static const char *const starts[] = { "crash-", "timeout-", "oom-", "leak-", "slow-unit-",
                                          "id:" };
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;

    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (begins(name, starts[i]) && !strstr(name, ".sched"))
            return true;
    return is_sha1(name);
}

static enum hd_error from_raw(const char *path, const char *scenario, const char *bytes,
                              size_t length, struct hd_case **ret_case, struct hd_diag *diag)
{
    const char *named = scenario ? scenario : getenv("HEDDLE_SCENARIO");
    struct hd_setting setting;
    struct hd_diag why;
    enum hd_error error =
        hd_setting_parse(&hd_models, named ? named : HD_FUZZ_SCENARIO, &setting, &why);

    if (error)
        return hd_fail(diag, error, "%s: %.300s", scenario ? "--scenario" : "HEDDLE_SCENARIO",
                       why.text);
    error = hd_case_from_fuzz(&setting, (const uint8_t *)bytes, length, ret_case, &why);
    return error ? hd_fail(diag, error, "%.150s: %.300s", path, why.text) : HD_OK;
}

enum hd_error hd_cli_load_raw(const char *path, const char *scenario, struct hd_case **ret_case,
                              struct hd_diag *diag)
{
    char *bytes = NULL;
    size_t length = 0;
    enum hd_error error = hd_file_read(path, HD_CASE_BYTES_MAX, &bytes, &length, diag);

    if (error)
        return error;
    error = from_raw(path, scenario, bytes, length, ret_case, diag);
    free(bytes);
    return error;
}

enum hd_error hd_cli_load(const char *path, const char *scenario, struct hd_case **ret_case,
                          struct hd_diag *diag)
{
    char *bytes = NULL;
    size_t length = 0;
    enum hd_error error = hd_file_read(path, HD_CASE_BYTES_MAX, &bytes, &length, diag);

    if (error)
        return error;
    if (begins(bytes, "heddle case") || (!scenario && !is_artifact_name(path))) {
        error = hd_case_parse(&hd_models, path, bytes, length, ret_case, diag);
    } else {
        error = from_raw(path, scenario, bytes, length, ret_case, diag);
        if (!error) {
            (*ret_case)->expect_count = 0;
            memset((*ret_case)->has_digest, 0, sizeof (*ret_case)->has_digest);
        }
    }
    free(bytes);
    return error;
}
