/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * heddle kernel replay: for each case and kernel, runs the model in the variant that the kernel is,
 * then the kernel, and says whether they agree.  An accusation is also run with a segment left out
 * that the model says is necessary.
 */
#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/kernel.h"
#include "cli/load.h"
#include "gate/run.h"
#include "kernel/fetch.h"
#include "kernel/judge.h"
#include "kernel/report.h"

#define KERNELS_MAX 16
/* The name in the cache of a kernel that was given by --bzimage; made anew each time. */
#define OWN_KERNEL  "own"
/* How often one run's set-up may fail before it counts as failed. */
#define SETUPS_MAX 3

enum { KEY_CACHE = 256, KEY_KERNEL, KEY_RUNS, KEY_CONSOLE, KEY_QUIET, KEY_BZIMAGE, KEY_MODULES };

static const struct argp_option options[] = {
    { "kernel", KEY_KERNEL, "VERSION", 0,
      "on this kernel of the cache; may be repeated (default: all that are there)", 0 },
    { "bzimage", KEY_BZIMAGE, "FILE", 0, "on a kernel of your own, with --modules", 0 },
    { "modules", KEY_MODULES, "DIR", 0, "its lib/modules/RELEASE, with its `build` link", 0 },
    { "runs", KEY_RUNS, "N", 0, "replay N times, and count (default: 1)", 0 },
    { "console", KEY_CONSOLE, NULL, 0, "show the guest's console as it happens", 0 },
    { "quiet", KEY_QUIET, NULL, 0, "no steps, no oops: a line a kernel", 0 },
    { "cache", KEY_CACHE, "DIR", 0,
      "where kernels are kept (default: heddle/kernel in ~/.cache or $XDG_CACHE_HOME)", 0 },
    { 0 },
};

struct replay {
    char **paths;
    int path_count;
    const char *cache_path;
    const char *kernels[KERNELS_MAX];
    size_t kernel_count;
    struct hd_own_kernel own; /* image NULL: none */
    uint64_t runs;
    bool console, quiet;
    struct hd_cache cache;
    struct hd_diag diag;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct replay *replay = state->input;

    switch (key) {
    case KEY_CACHE:
        replay->cache_path = text;
        return 0;
    case KEY_KERNEL:
        if (!hd_cache_name_valid(text) || replay->kernel_count == KERNELS_MAX)
            return hd_cli_refuse(hd_fail(&replay->diag, HD_E_MALFORMED,
                                         "--kernel: '%.60s' is no version such as 6.1", text));
        replay->kernels[replay->kernel_count++] = text;
        return 0;
    case KEY_RUNS:
        return hd_cli_refuse(hd_cli_count("--runs", text, &replay->runs, &replay->diag));
    case KEY_CONSOLE:
        replay->console = true;
        return 0;
    case KEY_QUIET:
        replay->quiet = true;
        return 0;
    case KEY_BZIMAGE:
        replay->own.image = text;
        return 0;
    case KEY_MODULES:
        replay->own.modules = text;
        return 0;
    case ARGP_KEY_ARGS:
        replay->paths = state->argv + state->next;
        replay->path_count = state->argc - state->next;
        return 0;
    case ARGP_KEY_END:
        if (replay->path_count == 0)
            return hd_cli_refuse(hd_fail(&replay->diag, HD_E_MALFORMED, "a case file is needed"));
        if (!replay->own.image != !replay->own.modules)
            return hd_cli_refuse(hd_fail(&replay->diag, HD_E_MALFORMED,
                                         "--bzimage and --modules go together"));
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "FILE...",
    .doc = "Replays cases on unmodified kernels, in QEMU, and holds what they do to what the model "
           "says.\vExit status: 0 kernel and model agree, 1 they disagree, 2 usage, input or "
           "output, 4 QEMU, a kernel or a mapping isn't there.",
};

/* ---- The model's word ------------------------------------------------------------------------ */

/* Runs the model in that variant and notes what of the plan it carried out. */
static enum hd_error ask_model(const struct hd_plan *plan, unsigned variant,
                               struct hd_model_says *ret_says, struct hd_diag *diag)
{
    const struct hd_run_options run_options = { .backend = HD_BACKEND_FIBER };
    const struct hd_segment_report *reports;
    struct hd_run run = { 0 };
    uint32_t count;
    enum hd_error error = hd_run_case(plan->the_case, variant, &run_options, &run, diag);

    if (error)
        return error;
    memset(ret_says, 0, sizeof *ret_says);
    ret_says->holds = run.execution.verdict.holds;
    if (!ret_says->holds)
        snprintf(ret_says->kind, sizeof ret_says->kind, "%s", run.execution.verdict.kind);
    hd_verdict_format(&run.execution.verdict, ret_says->verdict, sizeof ret_says->verdict);
    reports = hd_guided_reports(run.guided, &count);
    for (uint32_t i = 0; i < plan->step_count; i++) {
        uint32_t segment = plan->steps[i].segment;

        ret_says->carried[i] = segment >= count || reports[segment].outcome == HD_CARRIED
                               || reports[segment].outcome == HD_NOT_ENDED
                               || reports[segment].outcome == HD_NOTHING_TO_DO;
    }
    hd_run_free(&run);
    return HD_OK;
}

/* The case without one segment, its actor, and what is done together with it, in *ret_case, whose
 * segments are to be released. */
static enum hd_error leave_out(const struct hd_case *the_case, uint32_t segment,
                               struct hd_case *ret_case)
{
    struct hd_segment *rest = hd_alloc_array(the_case->segment_count, sizeof *rest);

    if (!rest)
        return HD_E_NOMEM;
    *ret_case = *the_case;
    ret_case->segments = rest;
    ret_case->segment_count = 0;
    ret_case->setting.workload.off[the_case->segments[segment].role] = 1;
    for (uint32_t i = 0; i < the_case->segment_count; i++)
        if (i != segment && !(i == segment + 1 && hd_plan_goes_with_before(the_case, i)))
            rest[ret_case->segment_count++] = the_case->segments[i];
    return HD_OK;
}

/* ---- One replay ------------------------------------------------------------------------------ */

/* A case on a kernel. */
struct trial {
    const struct replay *replay;
    const char *directory; /* the kernel's, in the cache */
    uint64_t setups;       /* that were repeated */
};

/* Starts a machine, carries the plan out, judges. The set-up is repeated if that is what failed. */
static enum hd_error try_once(struct trial *trial, const struct hd_plan *plan,
                              const struct hd_model_says *says, bool print,
                              struct hd_conclusion *ret_conclusion, struct hd_diag *diag)
{
    FILE *echo = trial->replay->console ? stderr : NULL;
    enum hd_error error = HD_OK;

    for (int i = 0; !error && i < SETUPS_MAX; i++) {
        struct hd_machine machine;
        struct hd_seen seen;

        error = hd_machine_start(trial->directory, echo, &machine, diag);
        if (error)
            break;
        error = hd_replay_carry_out(&machine, plan, &seen, diag);
        if (!error) {
            hd_kernel_judge(plan, &seen, says, ret_conclusion);
            if (print && !seen.setup[0]) {
                hd_kernel_print_steps(plan, &seen, stdout);
                hd_kernel_print_oops(&machine, &seen, stdout);
            }
        }
        hd_machine_stop(&machine);
        if (error || ret_conclusion->agreement != HD_NOT_SET_UP)
            break;
        trial->setups++;
    }
    return error;
}

/* The whole series; *ret_agreed is how many agreed. */
static enum hd_error try_all(struct trial *trial, const struct hd_plan *plan,
                             const struct hd_model_says *says, struct hd_conclusion *ret_first,
                             uint64_t *ret_agreed, struct hd_diag *diag)
{
    enum hd_error error = HD_OK;

    *ret_agreed = 0;
    for (uint64_t run = 0; !error && run < trial->replay->runs; run++) {
        struct hd_conclusion conclusion = { 0 };

        error = try_once(trial, plan, says, run == 0 && !trial->replay->quiet, &conclusion, diag);
        if (error)
            break;
        *ret_agreed += conclusion.agreement == HD_AGREES;
        if (run == 0 || (ret_first->agreement == HD_AGREES && conclusion.agreement != HD_AGREES))
            *ret_first = conclusion;
    }
    return error;
}

/* An accusation's control: without a segment that the model says it takes, the kernel survives. */
static enum hd_error try_control(struct trial *trial, const struct hd_case *the_case,
                                 unsigned variant, bool *ret_agrees, struct hd_diag *diag)
{
    enum hd_error error = HD_OK;
    bool found = false;

    for (uint32_t i = 1; !error && !found && i < the_case->segment_count; i++) {
        struct hd_conclusion conclusion = { 0 };
        struct hd_model_says says;
        struct hd_case without;
        struct hd_plan plan;
        const char *actor;

        if (the_case->segments[i].role == the_case->segments[0].role
            || hd_plan_goes_with_before(the_case, i))
            continue; /* the accused itself, or nobody by itself */
        error = leave_out(the_case, i, &without);
        if (error)
            return hd_fail(diag, error, "out of memory");
        actor = the_case->setting.scenario->roles[the_case->segments[i].role].name;
        error = hd_plan_make(&without, &plan, diag);
        if (!error)
            error = ask_model(&plan, variant, &says, diag);
        if (!error && says.holds) {
            found = true;
            error = try_once(trial, &plan, &says, false, &conclusion, diag);
            if (!error)
                printf("  control without %s: %s; %s\n", actor, conclusion.what,
                       hd_kernel_agreement(conclusion.agreement));
            *ret_agrees = conclusion.agreement == HD_AGREES;
        }
        hd_dealloc(without.segments);
    }
    if (!error && !found)
        printf("  control: no single actor is necessary, says the model\n");
    return error;
}

/* The variant that a kernel is; HD_E_UNSUPPORTED if it is none. */
static enum hd_error find_variant(struct trial *trial, const struct hd_plan *plan,
                                  unsigned *ret_variant, struct hd_diag *diag)
{
    const struct hd_scenario *scenario = plan->the_case->setting.scenario;
    struct hd_machine machine;
    enum hd_error error = hd_machine_start(trial->directory, NULL, &machine, diag);
    const struct hd_kernel_variant *variant = plan->map->variants;
    char function[HD_NAME_BYTES];

    if (error)
        return error;
    for (; variant->variant; variant++) {
        error = hd_replay_find(&machine, variant->has, function, sizeof function, diag);
        if (error != HD_E_UNSUPPORTED)
            break;
    }
    hd_machine_stop(&machine);
    if (!error)
        *ret_variant = (unsigned)hd_variant_find(scenario, variant->variant);
    else if (!variant->variant)
        hd_fail(diag, HD_E_UNSUPPORTED, "no variant of %s stands for this kernel", scenario->name);
    return error;
}

/* ---- Cases and kernels ----------------------------------------------------------------------- */

static enum hd_error replay_on(const struct replay *replay, const char *path,
                               const struct hd_plan *plan, const char *kernel,
                               enum hd_exit *ret_status, struct hd_diag *diag)
{
    char directory[HD_PATH_BYTES], release[HD_RELEASE_BYTES];
    struct trial trial = { .replay = replay, .directory = directory };
    struct hd_conclusion conclusion = { 0 };
    struct hd_model_says says;
    uint64_t agreed = 0;
    bool control = true;
    unsigned variant = 0;
    enum hd_error error = hd_kernel_release(&replay->cache, kernel, release, diag);

    hd_cache_kernel(&replay->cache, kernel, false, directory, sizeof directory);
    if (!error)
        error = find_variant(&trial, plan, &variant, diag);
    if (!error)
        error = ask_model(plan, variant, &says, diag);
    if (error)
        return error;
    printf("case %s kernel %s (%s) variant %s\n", path, kernel, release,
           plan->the_case->setting.scenario->variants[variant].name);
    printf("  model: %s\n", says.verdict);
    fflush(stdout);
    error = try_all(&trial, plan, &says, &conclusion, &agreed, diag);
    if (error)
        return error;
    printf("  kernel: %s\n", conclusion.what);
    if (!says.holds)
        error = try_control(&trial, plan->the_case, variant, &control, diag);
    if (error)
        return error;
    printf("  %s: %" PRIu64 " of %" PRIu64 "; set-ups repeated: %" PRIu64 "\n",
           hd_kernel_agreement(conclusion.agreement), agreed, replay->runs, trial.setups);
    fflush(stdout);
    *ret_status = agreed == replay->runs && control ? HD_EXIT_OK : HD_EXIT_FOUND;
    return HD_OK;
}

static enum hd_exit replay_file(const struct replay *replay, const char *path)
{
    struct hd_diag diag = { { 0 } }, why = { { 0 } };
    enum hd_exit status = HD_EXIT_OK;
    struct hd_case *the_case;
    struct hd_plan plan;
    enum hd_error error = hd_cli_load(path, NULL, &the_case, &diag);

    if (error)
        return hd_cli_error("kernel replay", error, &diag);
    error = hd_plan_make(the_case, &plan, &why);
    if (error) {
        hd_fail(&diag, error, "%.200s: %.300s", path, why.text);
        status = hd_cli_error("kernel replay", error, &diag);
    }
    for (size_t i = 0; !error && i < replay->kernel_count; i++) {
        enum hd_exit this = HD_EXIT_OK;
        enum hd_error failed = replay_on(replay, path, &plan, replay->kernels[i], &this, &why);

        fflush(stdout);
        if (failed) {
            hd_fail(&diag, failed, "%.120s on %.60s: %.300s", path, replay->kernels[i], why.text);
            this = hd_cli_error("kernel replay", failed, &diag);
        }
        status = hd_exit_worst(status, this);
    }
    hd_case_free(the_case);
    return status;
}

/* All that are there, if none was named. */
static enum hd_error add_kernel(void *context, const char *name)
{
    struct replay *replay = context;

    if (replay->kernel_count == KERNELS_MAX)
        return HD_OK;
    replay->kernels[replay->kernel_count] = hd_copy_text(name, strlen(name));
    return replay->kernels[replay->kernel_count++] ? HD_OK : HD_E_NOMEM;
}

enum hd_exit hd_kernel_cmd_replay(int argc, char **argv)
{
    struct replay replay = { .runs = 1 };
    enum hd_exit status = HD_EXIT_OK;
    enum hd_error error;

    if (hd_cli_parse(&argp, argc, argv, &replay))
        return hd_cli_error("kernel replay", HD_E_MALFORMED, &replay.diag);
    error = hd_cache_open(replay.cache_path, &replay.cache, &replay.diag);
    if (!error && replay.own.image) {
        error = hd_kernel_fetch(&replay.cache, OWN_KERNEL, &replay.own, stderr, &replay.diag);
        if (!error && replay.kernel_count < KERNELS_MAX)
            replay.kernels[replay.kernel_count++] = OWN_KERNEL;
    }
    if (!error && replay.kernel_count == 0)
        error = hd_cache_each(&replay.cache, add_kernel, &replay, &replay.diag);
    if (!error && replay.kernel_count == 0)
        error = hd_fail(&replay.diag, HD_E_UNSUPPORTED, "no kernel is in the cache: run `heddle "
                        "kernel fetch 6.1 6.12`");
    if (error)
        return hd_cli_error("kernel replay", error, &replay.diag);
    for (int i = 0; i < replay.path_count; i++)
        status = hd_exit_worst(status, replay_file(&replay, replay.paths[i]));
    return status;
}
