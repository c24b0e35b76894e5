/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What came of a check, and what is to be done about it. */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "explore/path.h"
#include "explore/tally.h"
#include "gate/gate.h"
#include "gate/run.h"

/* Executions to make a finding's case minimal: it is a message in a log, not a study. */
#define CONFIRM 10000

static void set_text(struct hd_gate_check *check, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static void set_text(struct hd_gate_check *check, const char *format, va_list arguments)
{
    vsnprintf(check->text, sizeof check->text, format, arguments);
}

void hd_gate_pass(struct hd_gate_check *check, const char *format, ...)
{
    va_list arguments;

    check->outcome = HD_GATE_PASSED;
    va_start(arguments, format);
    set_text(check, format, arguments);
    va_end(arguments);
}

void hd_gate_stop(struct hd_gate_check *check, const char *format, ...)
{
    va_list arguments;

    check->outcome = HD_GATE_STOPPED;
    snprintf(check->rule, sizeof check->rule, "stopped");
    va_start(arguments, format);
    set_text(check, format, arguments);
    va_end(arguments);
    hd_gate_advise(check, "nothing was found up to there: give it more time");
}

/* Equal failures are known by what fails, and how. */
static uint64_t fingerprint(const struct hd_gate_check *check)
{
    const struct hd_verdict as = { .kind = check->rule, .site = check->file ? check->file : "" };

    return check->setting.scenario ? hd_fingerprint(&check->setting, &as) : 0;
}

static void fail(struct hd_gate_check *check, enum hd_gate_outcome outcome, const char *rule)
{
    const struct hd_case *the_case = check->the_case;

    check->outcome = outcome;
    snprintf(check->rule, sizeof check->rule, "%s", rule);
    check->fingerprint = fingerprint(check);
    if (!check->line && the_case) {
        const char *variant = the_case->setting.scenario->variants[check->variant].name;

        check->line = hd_gate_line(the_case, strcmp(rule, "stale") ? "expect" : "digest", variant);
    }
}

void hd_gate_fail(struct hd_gate_check *check, const char *rule, const char *format, ...)
{
    va_list arguments;

    fail(check, HD_GATE_FAILED, rule);
    va_start(arguments, format);
    set_text(check, format, arguments);
    va_end(arguments);
}

void hd_gate_error(struct hd_gate_check *check, const char *rule, const struct hd_diag *diag)
{
    fail(check, HD_GATE_ERROR, rule);
    memcpy(check->text, diag->text, sizeof check->text);
}

void hd_gate_advise(struct hd_gate_check *check, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(check->advice, sizeof check->advice, format, arguments);
    va_end(arguments);
}

void hd_gate_advise_run(const struct hd_gate *gate, struct hd_gate_check *check, const char *what,
                        const char *path, const char *sentence)
{
    const char *program = gate->options->program;
    struct hd_buf command = { 0 };

    hd_buf_addf(&command, "%s %s ", program ? program : "heddle", what);
    if (check->the_case && check->variant != check->the_case->setting.variant &&
        path == check->file)
        hd_buf_addf(&command, "--variant %s ",
                    check->setting.scenario->variants[check->variant].name);
    hd_buf_add_quoted(&command, path);
    hd_gate_advise(check, "`%.*s` %s", HD_DIAG_BYTES, command.failed ? what : command.text,
                   sentence);
    hd_buf_free(&command);
}

uint32_t hd_gate_line(const struct hd_case *the_case, const char *first, const char *second)
{
    const char *text = the_case->text;

    for (uint32_t line = 1; text && *text; line++) {
        size_t a = strspn(text, " \t"), b;

        text += a;
        a = strcspn(text, " \t\n");
        b = a + strspn(text + a, " \t");
        if (a == strlen(first) && !memcmp(text, first, a) &&
            strcspn(text + b, " \t\n") == strlen(second) &&
            !memcmp(text + b, second, strlen(second)))
            return line;
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return 0;
}

/* ---- Findings ----------------------------------------------------------------------------------
 */

/* The same failure in fewer words; the given case where that can't be had. */
static struct hd_case *minimised(const struct hd_gate *gate, struct hd_case *found)
{
    struct hd_minimise_options options = { .engine = gate->options->engine,
                                           .confirm = CONFIRM,
                                           .stop = gate->options->stop };
    struct hd_minimise_result result = { .the_case = NULL };

    if (hd_minimise(found, &options, &result, NULL))
        return found;
    hd_case_free(found);
    return result.the_case;
}

/* Where it shows, in the model. */
static const struct hd_site *place_of(const struct hd_gate *gate, const struct hd_gate_check *check)
{
    struct hd_run_options options = { .backend = gate->options->engine.backend };
    const struct hd_site *where = NULL;
    struct hd_run run = { 0 };

    if (!hd_run_case(check->finding, check->variant, &options, &run, NULL)) {
        where = run.execution.verdict.holds ? NULL : run.execution.verdict.where;
        hd_run_free(&run);
    }
    return where;
}

void hd_gate_found(const struct hd_gate *gate, struct hd_gate_check *check, struct hd_case *found,
                   const char *what)
{
    const struct hd_expect *expect = hd_case_expect(found, check->variant);
    const struct hd_verdict as = { .kind = expect->kind, .site = expect->site };

    hd_gate_fail(check, expect->kind, "%s%s%s, found %s", expect->kind,
                 expect->site[0] ? " at " : "", expect->site, what);
    check->fingerprint = hd_fingerprint(&check->setting, &as);
    check->finding = minimised(gate, found);
    check->evidence = check->finding;
    check->where = place_of(gate, check);
}

/* The path of the finding's case, written unless an earlier check has found the same. */
static enum hd_error write_finding(struct hd_gate *gate, uint32_t i, struct hd_diag *diag)
{
    struct hd_gate_check *check = &gate->result.checks[i];
    struct hd_buf comment = { 0 };
    enum hd_error error = HD_OK;
    char *text = NULL;

    check->path = hd_finding_path(gate->options->out, &check->setting, check->text,
                                  check->fingerprint, ".sched");
    for (uint32_t j = 0; j < i && check->path; j++)
        if (gate->result.checks[j].path && !strcmp(gate->result.checks[j].path, check->path))
            return HD_OK;
    hd_buf_addf(&comment, "# found by heddle " HD_VERSION " gate: %s\n", check->name);
    if (check->path && !comment.failed)
        text = hd_case_print_comment(check->finding, comment.text);
    error = text ? hd_file_write(check->path, text, strlen(text), diag)
                 : hd_fail(diag, HD_E_NOMEM, "out of memory for the case of a finding");
    hd_dealloc(text);
    hd_buf_free(&comment);
    if (error) {
        hd_dealloc(check->path);
        check->path = NULL;
    }
    return error;
}

void hd_gate_write_findings(struct hd_gate *gate)
{
    for (uint32_t i = 0; i < gate->result.check_count; i++) {
        struct hd_gate_check *check = &gate->result.checks[i];
        struct hd_diag diag = { { 0 } };

        if (!check->finding)
            continue;
        if (!gate->options->out)
            hd_gate_advise(check, "execute its case again to see what happens");
        else if (write_finding(gate, i, &diag))
            hd_gate_advise(check, "its case is lost: %s", diag.text);
        else
            hd_gate_advise_run(gate, check, "replay", check->path,
                               "tells the story: mend the variant, or say in its model that it is "
                               "not right; then keep the case beside the others");
    }
}
