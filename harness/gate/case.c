/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The checks of one case in one variant: replayed as it is, and with each of its switches moved. */
#include <inttypes.h>
#include <string.h>

#include "gate/gate.h"
#include "gate/judge.h"

/* Executions of neighbours at most, for each case and variant. */
#define NEIGHBOURS_MAX 100000

/* What to do, by what went wrong. */
static const char advice_wrong[] =
    "tells the story: mend what has changed in this variant, or in the harness if other scenarios "
    "fail too; if the violation is meant, correct what the case expects";
static const char advice_diverged[] =
    "tells what happens instead: undo the change, or say schedule and expectation anew";
static const char advice_stale[] =
    "records the new steps, if they are meant to be others; else undo the change";
static const char advice_unpinned[] = "records it";
static const char advice_vacuous[] =
    "tells who was in the way: say a schedule that gets there, or don't expect anything of this "
    "variant";

static void fail_vacuous(struct hd_gate_check *check, uint32_t segment)
{
    const struct hd_segment *vacuous = &check->the_case->segments[segment];

    hd_gate_fail(check, "vacuous", "it holds, but that says nothing: nobody ever came to %s",
                 check->setting.scenario->landmarks[vacuous->landmark].name);
    check->line = vacuous->line;
}

static void conclude(const struct hd_gate *gate, struct hd_gate_check *check,
                     const struct hd_run *run)
{
    const struct hd_case *the_case = check->the_case;
    const struct hd_verdict *verdict = &run->execution.verdict;
    uint32_t vacuous = verdict->holds ? hd_replay_vacuous(the_case, run) : UINT32_MAX;
    const char *what = "replay", *advice = NULL;
    struct hd_judgement judgement;
    char text[2 * HD_NAME_BYTES + 8];

    hd_replay_judge(the_case, run, &judgement);
    if (judgement.judged == HD_WRONG) {
        hd_gate_fail(check, verdict->kind, "%s", judgement.text);
        check->where = verdict->where;
        advice = advice_wrong;
    } else if (judgement.judged == HD_DIVERGED) {
        hd_gate_fail(check, "diverged", "%s", judgement.text);
        advice = advice_diverged;
    } else if (judgement.judged == HD_STALE) {
        hd_gate_fail(check, "stale", "%s", judgement.text);
        what = "replay --rebless";
        advice = advice_stale;
    } else if (check->variant == the_case->setting.variant &&
               !the_case->has_digest[check->variant]) {
        hd_gate_fail(check, "no-digest",
                     "the verdict is as expected, but no digest holds the steps");
        what = "replay --rebless";
        advice = advice_unpinned;
    } else if (vacuous != UINT32_MAX) {
        fail_vacuous(check, vacuous);
        advice = advice_vacuous;
    } else {
        hd_verdict_format(verdict, text, sizeof text);
        hd_gate_pass(check, "%s, digest %016" PRIx64, text, run->execution.digest);
    }
    if (advice)
        hd_gate_advise_run(gate, check, what, check->file, advice);
}

void hd_gate_replay(const struct hd_gate *gate, struct hd_gate_check *check)
{
    struct hd_run_options options = { .backend = gate->options->engine.backend };
    struct hd_diag diag = { { 0 } };
    struct hd_run run = { 0 };
    enum hd_error error = hd_run_case(check->the_case, check->variant, &options, &run, &diag);

    if (error) {
        hd_gate_error(check, "not-executed", &diag);
        return;
    }
    check->evidence = check->the_case;
    conclude(gate, check, &run);
    hd_run_free(&run);
}

void hd_gate_neighbours(const struct hd_gate *gate, struct hd_gate_check *check)
{
    struct hd_minimise_options options = { .engine = gate->options->engine,
                                           .attempts = NEIGHBOURS_MAX,
                                           .stop = gate->options->stop };
    struct hd_neighbourhood around = { .wrong = NULL };
    struct hd_diag diag = { { 0 } };
    enum hd_error error =
        hd_neighbourhood(check->the_case, check->variant, &options, &around, &diag);

    if (error)
        hd_gate_error(check, "not-executed", &diag);
    else if (around.wrong)
        hd_gate_found(gate, check, around.wrong, "with one switch of the case moved");
    else if (around.stopped && hd_gate_is_stopped(gate))
        hd_gate_stop(check, "interrupted after %" PRIu64 " neighbours", around.executions);
    else
        hd_gate_pass(check, "%s%" PRIu64 " neighbours hold", around.stopped ? "the first " : "all ",
                     around.executions);
}
