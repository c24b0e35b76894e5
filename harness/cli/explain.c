/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* heddle explain: which two steps decide, where the switch can lie, and both executions. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/interrupt.h"
#include "cli/load.h"
#include "cli/side.h"
#include "report/story.h"

enum { KEY_BACKEND = 256, KEY_ORACLE, KEY_STACKED, KEY_QUIET };

static const struct argp_option options[] = {
    { "stacked", KEY_STACKED, NULL, 0, "one table below the other, in 75 columns", 0 },
    { "oracle", KEY_ORACLE, "LIST", 0, "judge by these oracles, separated by commas", 0 },
    { "backend", KEY_BACKEND, "fiber|thread", 0, "how actors take turns (default: fiber)", 0 },
    { "quiet", KEY_QUIET, NULL, 0, "no tables", 0 },
    { 0 },
};

struct explain {
    const char *path;
    bool stacked, quiet;
    uint32_t oracles;
    struct hd_minimise_options options;
    struct hd_diag diag;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct explain *explain = state->input;

    switch (key) {
    case KEY_STACKED:
        explain->stacked = true;
        return 0;
    case KEY_QUIET:
        explain->quiet = true;
        return 0;
    case KEY_ORACLE:
        return hd_cli_refuse(hd_cli_oracles(text, &explain->oracles, &explain->diag));
    case KEY_BACKEND:
        return hd_cli_refuse(
            hd_cli_backend(text, &explain->options.engine.backend, &explain->diag));
    case ARGP_KEY_ARG:
        if (explain->path)
            return hd_cli_refuse(hd_fail(&explain->diag, HD_E_MALFORMED,
                                         "one case at a time; '%.60s' is a second", text));
        explain->path = text;
        return 0;
    case ARGP_KEY_END:
        if (!explain->path)
            return hd_cli_refuse(
                hd_fail(&explain->diag, HD_E_MALFORMED, "a case file is needed"));
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "FILE",
    .doc = "Says why a case fails: the two steps whose order decides, the points at which the "
           "switch can lie, and the nearest schedule that passes, beside it.\vExit status: 0 done, "
           "2 usage, input or output, or a case that does not fail, 3 it diverged or is stale.",
};

/* ---- Places in words ------------------------------------------------------------------------- */

static const char *function_of(const struct hd_place *place)
{
    if (place->function)
        return place->function;
    return place->site ? place->site->function : "?";
}

/* "unlock folio[0].lock in folio_unlock(), called by iomap_write_end() (folio.c:12)" */
static void print_place(const struct hd_explanation *explanation, const struct hd_place *place)
{
    const struct hd_engine *engine = explanation->failing_engine;
    const struct hd_scenario *scenario = hd_engine_setting(engine)->scenario;
    const struct hd_site *site = place->site;
    char object[2 * HD_NAME_BYTES];

    printf("%s: ", hd_engine_actor_name(engine, place->actor));
    if (!site && !place->taken) {
        printf("its end\n");
        return;
    }
    if (place->taken || place->waits) {
        printf("%s%s", hd_op_word((enum hd_op)place->step.op),
               place->taken && !place->step.outcome ? " (fails)" : "");
        if (place->step.object != HD_OBJECT_NONE) {
            hd_object_format(engine, place->step.object, object, sizeof object);
            printf(" %s", object);
        }
    } else {
        printf("%s", site->what);
    }
    if (site)
        printf(" in %s()", site->function);
    if (site && place->function && strcmp(place->function, site->function))
        printf(", called by %s()", place->function);
    if (site)
        printf(" (%s:%" PRIu32 ")", hd_site_file(site), site->line);
    if (place->landmark >= 0)
        printf(" [%s]", scenario->landmarks[place->landmark].name);
    putchar('\n');
}

static void print_line(const struct hd_explanation *explanation, const char *what,
                       const struct hd_place *place)
{
    printf("  %-12s ", what);
    print_place(explanation, place);
}

/* Functions; and whose, where both are in the same. */
static void print_heading(const struct hd_explanation *explanation)
{
    const struct hd_engine *engine = explanation->failing_engine;
    const struct hd_place *first = &explanation->first, *second = &explanation->second;

    if (strcmp(function_of(first), function_of(second)) != 0)
        printf("Critical pair: %s() before %s()\n", function_of(first), function_of(second));
    else
        printf("Critical pair: %s() of %s before that of %s\n", function_of(first),
               hd_engine_actor_name(engine, first->actor),
               hd_engine_actor_name(engine, second->actor));
}

static void print_pair(const struct hd_explanation *explanation)
{
    if (!explanation->has_pair) {
        printf("Which steps decide is not known: %s.\n",
               explanation->passing_case ? "the executions differ in no value that was read"
                                         : "no schedule beside it passes");
        return;
    }
    print_heading(explanation);
    print_line(explanation, "first", &explanation->first);
    print_line(explanation, "then", &explanation->second);
    if (explanation->passing_case)
        printf("In the nearest schedule that passes it is the other way round.\n");
}

static void print_value(const struct hd_engine *engine, const struct hd_step *step)
{
    char object[2 * HD_NAME_BYTES];

    if (!step->outcome) {
        printf("it fails");
    } else if ((step->value & ~(uint64_t)UINT32_MAX) == HD_VALUE_POINTER) {
        hd_object_format(engine, (hd_object_id)step->value, object, sizeof object);
        printf("&%s", object);
    } else {
        printf("%" PRIu64, step->value);
    }
}

static void print_difference(const struct hd_explanation *explanation)
{
    if (!explanation->has_difference)
        return;
    printf("\nState that differs first: ");
    print_value(explanation->failing_engine, &explanation->differs.step);
    printf(" here, ");
    print_value(explanation->passing_engine, &explanation->instead.step);
    printf(" there\n");
    print_line(explanation, "seen by", &explanation->differs);
}

static void print_window(const struct hd_explanation *explanation, const struct hd_window *window)
{
    printf("\nWindow of the switch away from %s: %" PRIu32 " point%s, %" PRIu32
           " of them with this failure\n",
           hd_engine_actor_name(explanation->failing_engine, window->at.actor), window->points,
           window->points == 1 ? "" : "s", window->so_points);
    if (window->opens)
        print_line(explanation, "opened by", &window->opened_by);
    print_line(explanation, "from before", &window->first);
    if (window->so_points && window->so_first.nth != window->first.nth)
        print_line(explanation, "... so from", &window->so_first);
    if (window->so_points && window->so_last.nth != window->last.nth)
        print_line(explanation, "... so up to", &window->so_last);
    print_line(explanation, "up to before", &window->last);
    if (window->closes)
        printf("  Once that is done, it passes.\n");
}

/* ---- The command ----------------------------------------------------------------------------- */

static enum hd_error print(const struct explain *explain, const struct hd_explanation *explanation)
{
    const struct hd_setting *setting = &explanation->failing_case->setting;
    char verdict[2 * HD_NAME_BYTES + 8];

    hd_verdict_format(&explanation->failing.verdict, verdict, sizeof verdict);
    printf("%s/%s: %s\n\n", setting->scenario->name,
           setting->scenario->variants[setting->variant].name, verdict);
    print_pair(explanation);
    print_difference(explanation);
    for (uint32_t i = 0; i < explanation->window_count; i++)
        print_window(explanation, &explanation->windows[i]);
    if (explain->quiet)
        return HD_OK;
    putchar('\n');
    return hd_side_print(explanation, explain->stacked, stdout);
}

static enum hd_exit run(struct explain *explain, struct hd_case *the_case)
{
    struct hd_explanation *explanation = NULL;
    struct hd_diag why = { { 0 } };
    struct hd_interrupt interrupt;
    enum hd_exit status = HD_EXIT_OK;
    enum hd_error error;

    if (explain->oracles)
        the_case->setting.oracles = explain->oracles;
    if (hd_interrupt_begin(&interrupt))
        return hd_cli_usage("explain", "%s", hd_error_text(HD_E_NOMEM));
    explain->options.stop = &interrupt.stop;
    error = hd_explain(the_case, &explain->options, &explanation, &why);
    hd_interrupt_end(&interrupt);
    if (!error) {
        error = print(explain, explanation);
        if (error)
            hd_fail(&why, error, "the tables: %s", hd_error_text(error));
    }
    if (error) {
        hd_fail(&explain->diag, error, "%.200s: %.300s", explain->path, why.text);
        status = hd_cli_error("explain", error, &explain->diag);
    }
    if (error == HD_E_DIVERGED || error == HD_E_NONDETERMINISTIC)
        status = HD_EXIT_DIVERGED;
    hd_explanation_free(explanation);
    return status;
}

enum hd_exit hd_cmd_explain(int argc, char **argv)
{
    struct explain explain = { .path = NULL };
    struct hd_case *the_case = NULL;
    enum hd_exit status;

    if (hd_cli_parse(&argp, argc, argv, &explain))
        return hd_cli_error("explain", HD_E_MALFORMED, &explain.diag);
    if (hd_cli_load(explain.path, NULL, &the_case, &explain.diag))
        return hd_cli_error("explain", HD_E_MALFORMED, &explain.diag);
    status = run(&explain, the_case);
    hd_case_free(the_case);
    return status;
}
