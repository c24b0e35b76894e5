/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which checks there are: for each file a group, then the proofs, then the searches.  All are known
 * before the first is done, so their numbers are those of a plan, and their order that of the
 * files.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "gate/gate.h"

/* The group and check arrays grow while they are planned, and no more. */
static struct hd_gate_group *add_group(struct hd_gate_result *result, const char *name)
{
    struct hd_gate_group *groups =
        hd_realloc_array(result->groups, (size_t)result->group_count + 1, sizeof *groups);

    if (!groups)
        return NULL;
    result->groups = groups;
    groups += result->group_count;
    *groups = (struct hd_gate_group){ .first = result->check_count,
                                      .name = hd_copy_text(name, strlen(name)) };
    if (!groups->name)
        return NULL;
    result->group_count++;
    return groups;
}

static struct hd_gate_check *add_check(struct hd_gate_result *result, enum hd_gate_step step)
{
    struct hd_gate_check *checks =
        hd_realloc_array(result->checks, (size_t)result->check_count + 1, sizeof *checks);

    if (!checks)
        return NULL;
    result->checks = checks;
    checks += result->check_count;
    memset(checks, 0, sizeof *checks);
    checks->step = step;
    checks->outcome = HD_GATE_SKIPPED; /* until it is done */
    result->check_count++;
    result->groups[result->group_count - 1].count++;
    return checks;
}

/* ---- The checks of a file ----------------------------------------------------------------------
 */

static const char *variant_name(const struct hd_case *the_case, unsigned variant)
{
    return the_case->setting.scenario->variants[variant].name;
}

/* Is the variant said to be right, by its model as by the case? */
static bool must_hold(const struct hd_case *the_case, const struct hd_expect *expect)
{
    enum hd_standing standing = the_case->setting.scenario->variants[expect->variant].standing;

    return expect->holds && (standing == HD_FIXED || standing == HD_POSITIVE);
}

static bool plan_step(struct hd_gate_result *result, const struct hd_case *the_case,
                      enum hd_gate_step step, unsigned variant, const char *file)
{
    struct hd_gate_check *check = add_check(result, step);

    if (!check)
        return false;
    check->the_case = the_case;
    check->setting = the_case->setting;
    check->setting.variant = variant;
    check->variant = variant;
    check->file = file;
    snprintf(check->name, sizeof check->name, "%s %s", hd_gate_step_word(step),
             variant_name(the_case, variant));
    return true;
}

static bool plan_case(struct hd_gate *gate, const struct hd_case *the_case, const char *file)
{
    struct hd_gate_result *result = &gate->result;
    unsigned own = the_case->setting.variant;
    bool ok = true;

    if (!hd_case_expect(the_case, own)) {
        struct hd_gate_check *check = add_check(result, HD_GATE_LOAD);

        if (!check)
            return false;
        check->file = file;
        check->setting = the_case->setting;
        check->variant = own;
        snprintf(check->name, sizeof check->name, "load");
        hd_gate_fail(check, "no-expectation",
                     "the case does not say what to expect of its own variant, %s",
                     variant_name(the_case, own));
        hd_gate_advise_run(gate, check, "replay", file,
                           "tells the verdict: add a line 'expect' with it");
    }
    for (uint32_t i = 0; i < the_case->expect_count && ok; i++)
        ok = plan_step(result, the_case, HD_GATE_REPLAY, the_case->expects[i].variant, file);
    for (uint32_t i = 0; i < the_case->expect_count && ok; i++)
        if (must_hold(the_case, &the_case->expects[i]))
            ok =
                plan_step(result, the_case, HD_GATE_NEIGHBOURS, the_case->expects[i].variant, file);
    return ok;
}

/* "i1.sched:5:11: expected ..." has the line behind the name. */
static uint32_t line_of(const char *message, const char *path)
{
    size_t length = strlen(path);
    uint32_t line = 0;

    if (strncmp(message, path, length) != 0 || message[length] != ':')
        return 0;
    for (message += length + 1; *message >= '0' && *message <= '9'; message++)
        line = 10 * line + (uint32_t)(*message - '0');
    return line;
}

static bool plan_file(struct hd_gate *gate, const char *path)
{
    struct hd_gate_result *result = &gate->result;
    struct hd_gate_group *group = add_group(result, path);
    struct hd_gate_check *check;
    struct hd_diag diag = { { 0 } };
    enum hd_error error;

    if (!group)
        return false;
    error = hd_case_load(gate->options->catalogue, path, &group->the_case, &diag);
    if (error == HD_E_NOMEM)
        return false;
    if (!error)
        return plan_case(gate, group->the_case, group->name);
    check = add_check(result, HD_GATE_LOAD);
    if (!check)
        return false;
    check->file = group->name;
    check->line = line_of(diag.text, path);
    snprintf(check->name, sizeof check->name, "load");
    hd_gate_error(check, error == HD_E_IO ? "unreadable" : "malformed", &diag);
    hd_gate_advise_run(gate, check, "case --check", path,
                       "reads it without executing it: mend the file");
    return true;
}

/* ---- Proofs and searches -----------------------------------------------------------------------
 */

static bool same_setting(const struct hd_setting *a, const struct hd_setting *b)
{
    return a->scenario == b->scenario && a->variant == b->variant && a->oracles == b->oracles &&
           a->step_limit == b->step_limit &&
           !memcmp(&a->workload, &b->workload, sizeof a->workload);
}

static void add_key(void *context, const char *key, const char *value, bool is_default)
{
    struct hd_buf *buf = context;

    if (!is_default)
        hd_buf_addf(buf, " %s=%s", key, value);
}

/* "proof counter/locked actors=3" */
static bool name_setting(struct hd_gate_check *check)
{
    const struct hd_setting *setting = &check->setting;
    struct hd_buf buf = { 0 };

    hd_buf_addf(&buf, "%s %s/%s", hd_gate_step_word(check->step), setting->scenario->name,
                setting->scenario->variants[setting->variant].name);
    hd_workload_each(setting->scenario, &setting->workload, add_key, &buf);
    if (!buf.failed)
        snprintf(check->name, sizeof check->name, "%s", buf.text);
    hd_buf_free(&buf);
    return check->name[0] != '\0';
}

static bool is_planned(const struct hd_gate_result *result, uint32_t first,
                       const struct hd_setting *setting)
{
    for (uint32_t i = first; i < result->check_count; i++)
        if (same_setting(&result->checks[i].setting, setting))
            return true;
    return false;
}

/* One check for each setting in which some case says that it holds. */
static bool plan_settings(struct hd_gate_result *result, uint32_t files, enum hd_gate_step step,
                          const char *name)
{
    struct hd_gate_group *group = add_group(result, name);
    uint32_t first = result->check_count;

    if (!group)
        return false;
    for (uint32_t i = 0; i < files; i++) {
        const struct hd_case *the_case = result->groups[i].the_case;

        for (uint32_t e = 0; the_case && e < the_case->expect_count; e++) {
            struct hd_setting setting = the_case->setting;
            struct hd_gate_check *check;

            setting.variant = the_case->expects[e].variant;
            if (!must_hold(the_case, &the_case->expects[e]) || is_planned(result, first, &setting))
                continue;
            check = add_check(result, step);
            if (!check)
                return false;
            check->setting = setting;
            check->variant = setting.variant;
            if (!name_setting(check))
                return false;
        }
    }
    if (result->check_count == first)
        hd_dealloc(result->groups[--result->group_count].name);
    return true;
}

enum hd_error hd_gate_plan(struct hd_gate *gate, struct hd_diag *diag)
{
    const struct hd_gate_options *options = gate->options;
    struct hd_files files = { 0 };
    enum hd_error error = HD_OK;
    bool ok = true;

    for (unsigned i = 0; i < options->path_count && !error; i++)
        error = hd_files_add(&files, options->paths[i], diag);
    if (!error && files.count == 0)
        error = hd_fail(diag, HD_E_MALFORMED, "%.300s: no case (*.sched) in it",
                        options->path_count ? options->paths[0] : "nothing");
    if (!error) {
        for (size_t i = 0; i < files.count && ok; i++)
            ok = plan_file(gate, files.paths[i]);
        ok = ok && plan_settings(&gate->result, (uint32_t)files.count, HD_GATE_PROOF, "proofs");
        if (ok && options->time_ns)
            ok = plan_settings(&gate->result, (uint32_t)files.count, HD_GATE_FUZZ, "searches");
        if (!ok)
            error = hd_fail(diag, HD_E_NOMEM, "out of memory for the checks");
    }
    hd_files_free(&files);
    return error;
}
