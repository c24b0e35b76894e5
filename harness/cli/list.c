/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* heddle list: everything that has a name, one a line, the name first. */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "input/offer.h"

const char *hd_cli_standing(enum hd_standing standing)
{
    static const char *const words[] = {
        [HD_BROKEN] = "broken",
        [HD_FIXED] = "fixed",
        [HD_POSITIVE] = "positive",
        [HD_MUTANT] = "mutant",
    };

    return words[standing];
}

/* "old (broken), merged (fixed)"; to be released with free(), NULL if out of memory. */
static char *describe_variants(const struct hd_scenario *scenario)
{
    struct hd_buf text = { 0 };

    for (const struct hd_variant_info *v = scenario->variants; v->name; v++)
        hd_buf_addf(&text, "%s%s (%s)", v == scenario->variants ? "" : ", ", v->name,
                    hd_cli_standing(v->standing));
    return hd_buf_take(&text);
}

static void print_scenarios(void)
{
    int width = 0;

    for (size_t i = 0; i < hd_models.count; i++)
        if (width < (int)strlen(hd_models.scenarios[i]->name))
            width = (int)strlen(hd_models.scenarios[i]->name);
    for (size_t i = 0; i < hd_models.count; i++) {
        const struct hd_scenario *scenario = hd_models.scenarios[i];
        char *variants = describe_variants(scenario);

        printf("%-*s  %s: %s\n", width, scenario->name, variants ? variants : "?",
               scenario->summary);
        free(variants);
    }
}

static void print_strategies(void)
{
    for (size_t i = 0; i < hd_strategy_count; i++)
        printf("%-12s %s\n", hd_strategies[i].name, hd_strategies[i].summary);
}

static void print_oracles(void)
{
#define PRINT_ORACLE(name, word, summary) printf("%-12s %s\n", word, summary);
    HD_ORACLES(PRINT_ORACLE)
#undef PRINT_ORACLE
}

static void print_formats(void)
{
    for (size_t i = 0; i < hd_format_count; i++)
        printf("%-12s %s\n", hd_formats[i].name, hd_formats[i].summary);
}

/* What each scenario is a model of, and how sure that is. */
static void print_models(void)
{
    static const char *const grades[] = {
#define GRADE(name, word, sentence) word,
        HD_EVIDENCES(GRADE)
#undef GRADE
    };

    for (size_t i = 0; i < hd_models.count; i++) {
        const struct hd_scenario *scenario = hd_models.scenarios[i];

        printf("%-22s %s: %s\n", scenario->name, grades[scenario->passport.evidence],
               scenario->passport.source);
    }
}

static void print_models_markdown(void)
{
    hd_cli_print_passports(stdout);
}

/* Per landmark, the function that stands there in each variant. */
static void print_landmarks(const struct hd_scenario *scenario)
{
    for (const struct hd_landmark_info *l = scenario->landmarks; l && l->name; l++) {
        printf("%-22s", l->name);
        for (unsigned v = 0; scenario->variants[v].name; v++)
            printf(" %s=%s", scenario->variants[v].name, l->names[v] ? l->names[v] : "-");
        putchar('\n');
    }
}

static void print_workloads(const struct hd_scenario *scenario)
{
    for (const struct hd_workload_info *w = scenario->workloads; w && w->name; w++)
        printf("%-22s %s%s%s%s\n", w->name, w->summary, w->keys && *w->keys ? " (" : "",
               w->keys ? w->keys : "", w->keys && *w->keys ? ")" : "");
}

static void print_key(void *context, const char *key, const char *value, bool is_default)
{
    const struct hd_scenario *const *scenario = context;
    const char *summary = "";

    (void)is_default;
    for (const struct hd_param_info *p = (*scenario)->params; p && p->name; p++)
        if (strcmp(p->name, key) == 0)
            summary = p->summary;
    printf("%-22s %-*s%s%s\n", key, *summary ? 16 : 0, value, *summary ? " " : "", summary);
}

/* Every workload key, in the order of case files, with its default. */
static void print_params(const struct hd_scenario *scenario)
{
    struct hd_workload workload;

    hd_workload_default(scenario, &workload);
    hd_workload_each(scenario, &workload, print_key, &scenario);
}

/* What can be listed: of the program, or of a scenario. */
static const struct topic {
    const char *name;
    void (*print)(void);
    void (*print_markdown)(void); /* NULL: not as Markdown */
    void (*print_of)(const struct hd_scenario *);
} topics[] = {
    { .name = "scenarios", .print = print_scenarios },
    { .name = "strategies", .print = print_strategies },
    { .name = "oracles", .print = print_oracles },
    { .name = "formats", .print = print_formats },
    { .name = "models", .print = print_models, .print_markdown = print_models_markdown },
    { .name = "landmarks", .print_of = print_landmarks },
    { .name = "workloads", .print_of = print_workloads },
    { .name = "params", .print_of = print_params },
};
#define TOPICS (sizeof topics / sizeof topics[0])

enum { KEY_MARKDOWN = 256 };

static const struct argp_option options[] = {
    { "markdown", KEY_MARKDOWN, NULL, 0, "models: their passports in full, as docs/models.md", 0 },
    { 0 },
};

struct arguments {
    const char *topic, *scenario;
    bool markdown;
    struct hd_diag diag;
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case KEY_MARKDOWN:
        arguments->markdown = true;
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->scenario)
            return hd_cli_refuse(
                hd_fail(&arguments->diag, HD_E_MALFORMED, "unexpected argument '%.60s'", text));
        *(arguments->topic ? &arguments->scenario : &arguments->topic) = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "[scenarios|strategies|oracles|formats|models]\n"
                "landmarks SCENARIO\nworkloads SCENARIO\nparams SCENARIO",
    .doc = "Lists what has a name, one a line, the name first.  Without an argument: scenarios.",
};

static enum hd_exit run_topic(const struct topic *topic, struct arguments *arguments)
{
    const struct hd_scenario *scenario = NULL;
    enum hd_error error;

    if (arguments->markdown && !topic->print_markdown)
        return hd_cli_usage("list", "only models can be listed with --markdown, not %s",
                            topic->name);
    if (topic->print) {
        if (arguments->scenario)
            return hd_cli_usage("list", "unexpected argument '%.60s'", arguments->scenario);
        (arguments->markdown ? topic->print_markdown : topic->print)();
        return HD_EXIT_OK;
    }
    if (!arguments->scenario)
        return hd_cli_usage("list", "%s of which scenario? 'heddle list' names them", topic->name);
    error = hd_cli_scenario(arguments->scenario, &scenario, &arguments->diag);
    if (error)
        return hd_cli_error("list", error, &arguments->diag);
    topic->print_of(scenario);
    return HD_EXIT_OK;
}

static enum hd_exit unknown_topic(const char *name)
{
    struct hd_offer offer = hd_offer_to(hd_word_of(name));
    struct hd_diag diag;

    for (size_t i = 0; i < TOPICS; i++)
        hd_offer_add(&offer, topics[i].name);
    return hd_cli_error("list", hd_offer_fail(&offer, "something to list", &diag), &diag);
}

enum hd_exit hd_cmd_list(int argc, char **argv)
{
    struct arguments arguments = { 0 };

    if (hd_cli_parse(&argp, argc, argv, &arguments))
        return hd_cli_error("list", HD_E_MALFORMED, &arguments.diag);
    if (!arguments.topic)
        arguments.topic = "scenarios";
    for (size_t i = 0; i < TOPICS; i++)
        if (strcmp(topics[i].name, arguments.topic) == 0)
            return run_topic(&topics[i], &arguments);
    return unknown_topic(arguments.topic);
}
