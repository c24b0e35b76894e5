/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * heddle replay: executes cases again, in their own variant or in others, and holds each execution
 * to what the case expects.
 */
#include "gate/judge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/gdb.h"
#include "cli/load.h"
#include "input/setting.h"

enum {
    KEY_VARIANT = 256,
    KEY_ALL_VARIANTS,
    KEY_BACKEND,
    KEY_REBLESS,
    KEY_ORACLE,
    KEY_FORMAT,
    KEY_RUNS,
    KEY_QUIET,
    KEY_SCENARIO,
    KEY_GDB,
    KEY_STOPS,
};

static const struct argp_option options[] = {
    { "variant", KEY_VARIANT, "NAME", 0, "in this variant instead of the case's own", 0 },
    { "all-variants", KEY_ALL_VARIANTS, NULL, 0, "in every variant the case is about", 0 },
    { "backend", KEY_BACKEND, "fiber|thread", 0, "how actors take turns (default: fiber)", 0 },
    { "rebless", KEY_REBLESS, NULL, 0, "record the digest if the verdict is as expected", 0 },
    { "oracle", KEY_ORACLE, "LIST", 0, "judge by these oracles, separated by commas", 0 },
    { "format", KEY_FORMAT, "FORMAT", 0, "of the report: one of 'list formats', or none", 0 },
    { "runs", KEY_RUNS, "N", 0, "execute N times, and count equal digests", 0 },
    { "scenario", KEY_SCENARIO, "NAME[/VARIANT]", 0, "FILE is a raw fuzz artifact of this", 0 },
    { "quiet", KEY_QUIET, NULL, 0, "no report: as --format none", 0 },
    { "gdb", KEY_GDB, "STEP", OPTION_ARG_OPTIONAL,
      "in gdb, stopped where STEP is about to be taken (default: the wrong one)", 0 },
    { "stops", KEY_STOPS, NULL, 0, "call hd_debugger_step() before each step, for a debugger", 0 },
    { 0 },
};

struct replay {
    char **paths;
    int path_count;
    const char *variant;  /* or NULL */
    const char *scenario; /* of raw artifacts, or NULL */
    bool all_variants, rebless, gdb, backend_given;
    uint32_t gdb_step; /* HD_GDB_WRONG_STEP: whichever goes wrong */
    const struct hd_format_info *format; /* NULL: no report */
    uint64_t runs;
    struct hd_run_options options;
    struct hd_diag diag;
};

/* What can't be said together. */
static enum hd_error check_options(struct replay *replay)
{
    if (replay->path_count == 0)
        return hd_fail(&replay->diag, HD_E_MALFORMED, "a case file is needed");
    if (replay->variant && replay->all_variants)
        return hd_fail(&replay->diag, HD_E_MALFORMED,
                       "--variant and --all-variants exclude each other");
    if (replay->gdb && (replay->path_count > 1 || replay->all_variants || replay->rebless ||
                        replay->runs > 1))
        return hd_fail(&replay->diag, HD_E_MALFORMED, "--gdb is for one execution of one case");
    return HD_OK;
}

static enum hd_error parse_gdb(struct replay *replay, const char *text)
{
    uint64_t step = HD_GDB_WRONG_STEP;
    enum hd_error error = HD_OK;

    if (text)
        error = hd_cli_number("--gdb", text, 0, HD_GDB_WRONG_STEP - 1, &step, &replay->diag);
    replay->gdb = true;
    replay->gdb_step = (uint32_t)step;
    return error;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct replay *replay = state->input;

    switch (key) {
    case KEY_VARIANT:
        replay->variant = text;
        return 0;
    case KEY_ALL_VARIANTS:
        replay->all_variants = true;
        return 0;
    case KEY_REBLESS:
        replay->rebless = true;
        return 0;
    case KEY_SCENARIO:
        replay->scenario = text;
        return 0;
    case KEY_QUIET:
        replay->format = NULL;
        return 0;
    case KEY_BACKEND:
        replay->backend_given = true;
        return hd_cli_refuse(hd_cli_backend(text, &replay->options.backend, &replay->diag));
    case KEY_GDB:
        return hd_cli_refuse(parse_gdb(replay, text));
    case KEY_STOPS:
        replay->options.stops = true;
        return 0;
    case KEY_ORACLE:
        return hd_cli_refuse(hd_cli_oracles(text, &replay->options.oracles, &replay->diag));
    case KEY_FORMAT:
        return hd_cli_refuse(hd_cli_format(text, &replay->format, &replay->diag));
    case KEY_RUNS:
        return hd_cli_refuse(hd_cli_count("--runs", text, &replay->runs, &replay->diag));
    case ARGP_KEY_ARGS:
        replay->paths = state->argv + state->next;
        replay->path_count = state->argc - state->next;
        return 0;
    case ARGP_KEY_END:
        return hd_cli_refuse(check_options(replay));
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "FILE...",
    .doc = "Executes cases again and holds them to their expected verdicts and digests.\vExit "
           "status: 0 all as expected, 1 a violation that was not expected, 2 usage or input, 3 "
           "diverged or stale.",
};

/* One file, while it is replayed. */
struct file {
    const struct replay *replay;
    const char *path;
    struct hd_case *the_case;
    struct hd_run reference; /* of the case's own variant; engine NULL while there is none */
};

/* The other executions of --runs.  HD_EXIT_DIVERGED if a digest differs. */
static enum hd_exit repeat(struct hd_run *run, uint64_t runs, struct hd_diag *diag)
{
    uint64_t digest = run->execution.digest;
    uint64_t equal = 1;

    for (uint64_t i = 1; i < runs; i++) {
        enum hd_error error = hd_run_again(run, diag);

        if (error)
            return hd_cli_error("replay", error, diag);
        equal += run->execution.digest == digest;
    }
    printf("runs %" PRIu64 " equal %" PRIu64 "\n", runs, equal);
    return equal == runs ? HD_EXIT_OK : HD_EXIT_DIVERGED;
}

static void print_verdict(const struct file *file, const struct hd_run *run)
{
    char verdict[2 * HD_NAME_BYTES + 8];

    hd_verdict_format(&run->execution.verdict, verdict, sizeof verdict);
    printf("case %s variant %s\nverdict %s\ndigest %016" PRIx64 "\n", file->path,
           file->the_case->setting.scenario->variants[run->variant].name, verdict,
           run->execution.digest);
}

static enum hd_error print_report(const struct file *file, const struct hd_run *run,
                                  struct hd_diag *diag)
{
    const struct hd_case *the_case = file->the_case;
    bool own = run->variant == the_case->setting.variant;
    char *command =
        hd_cli_repeat(file->path, file->replay->options.oracles,
                      own ? NULL : the_case->setting.scenario->variants[run->variant].name,
                      file->replay->scenario);
    enum hd_error error;

    putchar('\n');
    error = hd_run_report(run, the_case, file->reference.engine ? &file->reference : NULL, command,
                          file->replay->format);
    putchar('\n');
    if (error)
        hd_fail(diag, error, "%s: the report: %s", file->path, hd_error_text(error));
    free(command);
    return error;
}

/* Records the digest, in the file and in the case at hand. */
static enum hd_error rebless(struct file *file, const struct hd_run *run, struct hd_diag *diag)
{
    struct hd_case *the_case = file->the_case;
    unsigned variant = run->variant;
    uint64_t digest = run->execution.digest;
    char *text = hd_case_print_rebless(the_case, variant, digest);
    enum hd_error error;

    if (!text)
        return hd_fail(diag, HD_E_NOMEM, "%s: out of memory", file->path);
    error = hd_file_write(file->path, text, strlen(text), diag);
    if (error) {
        free(text);
        return error;
    }
    printf("rebless %s variant %s: ", file->path,
           the_case->setting.scenario->variants[variant].name);
    if (the_case->has_digest[variant])
        printf("%016" PRIx64, the_case->digest[variant]);
    else
        printf("none");
    printf(" -> %016" PRIx64 "\n", digest);
    free(the_case->text);
    the_case->text = text; /* the next variant's digest goes on top of this one's */
    the_case->text_bytes = strlen(text);
    the_case->has_digest[variant] = true;
    the_case->digest[variant] = digest;
    return HD_OK;
}

static enum hd_exit exit_of(enum hd_judged judged)
{
    switch (judged) {
    case HD_AS_EXPECTED:
        return HD_EXIT_OK;
    case HD_WRONG:
        return HD_EXIT_FOUND;
    case HD_DIVERGED:
    case HD_STALE:
        break;
    }
    return HD_EXIT_DIVERGED;
}

/* What follows an execution: words, judgement, and a new digest if that was asked for. */
static enum hd_exit conclude(struct file *file, struct hd_run *run, struct hd_diag *diag)
{
    const struct replay *replay = file->replay;
    struct hd_judgement judgement;
    enum hd_exit status = HD_EXIT_OK;
    enum hd_error error = HD_OK;

    print_verdict(file, run);
    if (replay->runs > 1)
        status = repeat(run, replay->runs, diag);
    hd_replay_judge(file->the_case, run, &judgement);
    if (replay->rebless && judgement.stale && status == HD_EXIT_OK) {
        error = rebless(file, run, diag);
        if (!error)
            hd_replay_judge(file->the_case, run, &judgement);
    }
    if (!error && replay->format)
        error = print_report(file, run, diag);
    if (error)
        return hd_cli_error("replay", error, diag);
    if (judgement.text[0]) {
        fflush(stdout); /* so that the two streams tell it in order */
        fprintf(stderr, "%s replay: %s: variant %s: %s\n", program_invocation_short_name,
                file->path, file->the_case->setting.scenario->variants[run->variant].name,
                judgement.text);
    }
    return hd_exit_worst(status, exit_of(judgement.judged));
}

static enum hd_exit replay_variant(struct file *file, unsigned variant)
{
    const struct hd_run_options *run_options = &file->replay->options;
    unsigned own = file->the_case->setting.variant;
    struct hd_diag why = { { 0 } };
    struct hd_diag diag = { { 0 } };
    struct hd_run run = { 0 };
    enum hd_error error = HD_OK;
    enum hd_exit status;

    if (variant != own && !file->reference.engine)
        error = hd_run_case(file->the_case, own, run_options, &file->reference, &why);
    if (!error)
        error = hd_run_case(file->the_case, variant, run_options, &run, &why);
    if (error) {
        hd_fail(&diag, error, "%.200s: %.300s", file->path, why.text);
        return hd_cli_error("replay", error, &diag);
    }
    status = conclude(file, &run, &diag);
    hd_run_free(&run);
    return status;
}

/* All variants: mutants are broken on purpose, so only those that the case says something of. */
static bool is_among_all(const struct hd_case *the_case, unsigned variant)
{
    return the_case->setting.scenario->variants[variant].standing != HD_MUTANT
           || variant == the_case->setting.variant || hd_case_expect(the_case, variant);
}

static enum hd_exit replay_file(const struct replay *replay, const char *path)
{
    struct file file = { .replay = replay, .path = path };
    struct hd_diag diag = { { 0 } };
    enum hd_exit status = HD_EXIT_OK;
    const struct hd_scenario *scenario;
    unsigned chosen;
    enum hd_error error = hd_cli_load(path, replay->scenario, &file.the_case, &diag);

    if (error)
        return hd_cli_error("replay", error, &diag);
    if (replay->rebless && !file.the_case->text)
        status = hd_cli_usage("replay", "%s: raw bytes have no place for a digest; heddle case "
                              "--from-fuzz makes a case of them", path);
    scenario = file.the_case->setting.scenario;
    chosen = file.the_case->setting.variant;
    if (replay->variant
        && hd_variant_parse(scenario, hd_word_of(replay->variant), &chosen, &diag))
        status = hd_cli_usage("replay", "--variant: %s", diag.text);
    for (unsigned v = 0; status != HD_EXIT_USAGE && scenario->variants[v].name; v++)
        if (replay->all_variants ? is_among_all(file.the_case, v) : v == chosen)
            status = hd_exit_worst(status, replay_variant(&file, v));
    hd_run_free(&file.reference);
    hd_case_free(file.the_case);
    return status;
}

enum hd_exit hd_cmd_replay(int argc, char **argv)
{
    struct replay replay = { .format = hd_format_find("table"), .runs = 1 };
    enum hd_exit status = HD_EXIT_OK;

    if (hd_cli_parse(&argp, argc, argv, &replay))
        return hd_cli_error("replay", HD_E_MALFORMED, &replay.diag);
    if (replay.gdb)
        return hd_cli_gdb(&(struct hd_gdb){ .path = replay.paths[0],
                                            .variant = replay.variant,
                                            .scenario = replay.scenario,
                                            .backend_given = replay.backend_given,
                                            .step = replay.gdb_step,
                                            .options = replay.options });
    for (int i = 0; i < replay.path_count; i++)
        status = hd_exit_worst(status, replay_file(&replay, replay.paths[i]));
    return status;
}
