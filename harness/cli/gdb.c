/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * gdb runs this program anew, with the same case.  An engine that stops for debuggers calls
 * hd_debugger_step() before each step; a breakpoint there, from a certain step on, is all it takes.
 */
#include "cli/gdb.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/load.h"
#include "input/setting.h"

#define ARGUMENTS_MAX 32
#define TEXT_BYTES    256

/* The step to stop before, from an execution without gdb. */
static enum hd_error find_step(const struct hd_gdb *gdb, uint32_t *ret_step, struct hd_diag *diag)
{
    struct hd_case *the_case = NULL;
    struct hd_run run = { 0 };
    unsigned variant;
    enum hd_error error = hd_cli_load(gdb->path, gdb->scenario, &the_case, diag);

    if (error)
        return error;
    variant = the_case->setting.variant;
    if (gdb->variant)
        error = hd_variant_parse(the_case->setting.scenario, hd_word_of(gdb->variant), &variant,
                                 diag);
    if (!error)
        error = hd_run_case(the_case, variant, &gdb->options, &run, diag);
    if (!error) {
        const struct hd_execution *execution = &run.execution;
        uint32_t length = execution->trace.length, step = gdb->step;

        if (step == HD_GDB_WRONG_STEP) /* a check fails behind the last step, not in one */
            step = !execution->verdict.holds && execution->verdict.step < length
                       ? execution->verdict.step
                       : length - (length > 0);
        if (step >= length)
            error = hd_fail(diag, HD_E_RANGE, "--gdb: the execution has %" PRIu32 " steps, from 0",
                            length);
        else
            *ret_step = step;
    }
    hd_run_free(&run);
    hd_case_free(the_case);
    return error;
}

/* Becomes gdb. */
static enum hd_error exec_gdb(const struct hd_gdb *gdb, uint32_t step, struct hd_diag *diag)
{
    char self[PATH_MAX] = "", where[TEXT_BYTES], oracles[TEXT_BYTES] = "";
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    const char *backend = gdb->backend_given && gdb->options.backend == HD_BACKEND_FIBER
                              ? "fiber" : "thread";
    const char *arguments[ARGUMENTS_MAX] = { "gdb", "-q", "-ex", where, "-ex", "run", "-ex",
                                             "backtrace", "--args", self, "replay", "--quiet",
                                             "--stops", "--backend", backend };
    char *writable[ARGUMENTS_MAX]; /* execvp() wants no const, and changes nothing */
    unsigned count = 0;

    if (length <= 0 || (size_t)length >= sizeof self - 1)
        return hd_fail(diag, HD_E_IO, "where this program is can't be read: %s", strerror(errno));
    snprintf(where, sizeof where, "break hd_debugger_step if step >= %" PRIu32, step);
    while (arguments[count])
        count++;
    if (gdb->variant) {
        arguments[count++] = "--variant";
        arguments[count++] = gdb->variant;
    }
    if (gdb->scenario) {
        arguments[count++] = "--scenario";
        arguments[count++] = gdb->scenario;
    }
    if (gdb->options.oracles) {
        hd_cli_oracles_print(gdb->options.oracles, oracles, sizeof oracles);
        arguments[count++] = "--oracle";
        arguments[count++] = oracles;
    }
    arguments[count++] = "--";
    arguments[count++] = gdb->path;
    memcpy(writable, arguments, sizeof writable);
    execvp("gdb", writable);
    return hd_fail(diag, errno == ENOENT ? HD_E_UNSUPPORTED : HD_E_IO, "gdb: %s",
                   strerror(errno));
}

enum hd_exit hd_cli_gdb(const struct hd_gdb *gdb)
{
    struct hd_diag diag = { { 0 } };
    uint32_t step = 0;
    enum hd_error error = find_step(gdb, &step, &diag);

    if (!error)
        error = exec_gdb(gdb, step, &diag);
    return hd_cli_error("replay", error, &diag);
}
