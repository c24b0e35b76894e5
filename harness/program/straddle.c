/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * heddle straddle: rules for the page at a file's old end, compared case by case.
 *
 * Three ways to use it: every small case of a page size (the default), one case given by hand, or
 * random cases with sizes up to 2^62.  Each case is judged twice, in closed form and by looking at
 * every block of the page, and the two must agree.
 */
#include "program/program.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "base/prng.h"
#include "cli/cli.h"
#include "input/offer.h"
#include "mm/straddle_rules.h"

#define PAGE_SMALL_MAX 256u /* the exhaustive comparison looks at 12 * page^2 cases a block size */

enum { KEY_RULE = 256, KEY_OP, KEY_S0, KEY_POS, KEY_BLOCK, KEY_PAGE, KEY_FOLIO, KEY_RANDOM,
       KEY_SEED };

static const struct argp_option options[] = {
    { "rule", KEY_RULE, "NAME", 0, "compare this rule only, and let it decide the exit status", 0 },
    { "op", KEY_OP, "write|truncate", 0, "what makes the file grow (default write)", 0 },
    { "s0", KEY_S0, "BYTES", 0, "one case: the file's size before", 0 },
    { "pos", KEY_POS, "BYTES", 0, "one case: where the write begins, or the new size", 0 },
    { "block", KEY_BLOCK, "BYTES", 0, "block size (default: all; one case: 1024)", 0 },
    { "page", KEY_PAGE, "BYTES", 0, "page size (default 16; one case: 4096)", 0 },
    { "folio", KEY_FOLIO, "BYTES", 0, "folio size (default: a page)", 0 },
    { "random", KEY_RANDOM, "N", 0, "N random cases of all sizes", 0 },
    { "seed", KEY_SEED, "N", 0, "of the random cases (default 1)", 0 },
    { 0 },
};

struct arguments {
    const struct straddle_rule *rule; /* NULL: all are compared, the first is checked */
    bool truncate, has_s0, has_pos;
    uint64_t s0, pos, block, page, folio; /* 0: not given */
    uint64_t random, seed;
    struct hd_diag diag;
};

/* ---- Options --------------------------------------------------------------------------------- */

static enum hd_error parse_rule(const char *text, const struct straddle_rule **ret_rule,
                                struct hd_diag *diag)
{
    struct hd_offer offer = hd_offer_to(hd_word_of(text));

    for (size_t i = 0; i < straddle_rule_count; i++) {
        if (strcmp(straddle_rules[i].name, text) == 0) {
            *ret_rule = &straddle_rules[i];
            return HD_OK;
        }
        hd_offer_add(&offer, straddle_rules[i].name);
    }
    return hd_offer_fail(&offer, "a rule", diag);
}

static enum hd_error parse_op(const char *text, bool *ret_truncate, struct hd_diag *diag)
{
    *ret_truncate = strcmp(text, "truncate") == 0;
    if (*ret_truncate || strcmp(text, "write") == 0)
        return HD_OK;
    return hd_fail(diag, HD_E_UNKNOWN, "--op: '%.40s' is neither write nor truncate", text);
}

static enum hd_error parse_unit(const char *what, const char *text, uint64_t *ret_bytes,
                                struct hd_diag *diag)
{
    enum hd_error error = hd_cli_number(what, text, 1, STRADDLE_UNIT_MAX, ret_bytes, diag);

    if (!error && (*ret_bytes & (*ret_bytes - 1)))
        return hd_fail(diag, HD_E_RANGE, "%s: %" PRIu64 " is no power of two", what, *ret_bytes);
    return error;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *a = state->input;
    struct hd_diag *diag = &a->diag;

    switch (key) {
    case KEY_RULE:
        return hd_cli_refuse(parse_rule(text, &a->rule, diag));
    case KEY_OP:
        return hd_cli_refuse(parse_op(text, &a->truncate, diag));
    case KEY_S0:
        a->has_s0 = true;
        return hd_cli_refuse(hd_cli_number("--s0", text, 0, STRADDLE_SIZE_MAX, &a->s0, diag));
    case KEY_POS:
        a->has_pos = true;
        return hd_cli_refuse(hd_cli_number("--pos", text, 0, STRADDLE_SIZE_MAX, &a->pos, diag));
    case KEY_BLOCK:
        return hd_cli_refuse(parse_unit("--block", text, &a->block, diag));
    case KEY_PAGE:
        return hd_cli_refuse(parse_unit("--page", text, &a->page, diag));
    case KEY_FOLIO:
        return hd_cli_refuse(parse_unit("--folio", text, &a->folio, diag));
    case KEY_RANDOM:
        return hd_cli_refuse(hd_cli_count("--random", text, &a->random, diag));
    case KEY_SEED:
        return hd_cli_refuse(hd_cli_number("--seed", text, 0, UINT64_MAX, &a->seed, diag));
    case ARGP_KEY_ARG:
        return hd_cli_refuse(hd_fail(diag, HD_E_MALFORMED, "unexpected argument '%.60s'", text));
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .doc = "Compares rules that protect the page at a file's old end when the file grows.  Without "
           "--s0 and --pos: all small cases, or random ones.  The rules: kernel, posted, "
           "posted-at-end, oracle.  Exits with 1 if the rule that is checked, kernel unless "
           "--rule says otherwise, misses a case.",
};

/* ---- Tables ---------------------------------------------------------------------------------- */

/* Pages of more blocks than this are judged in closed form only. */
#define BLOCKS_LOOKED_AT 65536u

static void cross_check(const struct straddle_vector *vector)
{
    if (vector->page / vector->block <= BLOCKS_LOOKED_AT)
        HD_ASSERT(straddle_need(vector) == straddle_need_slowly(vector));
}

static void judge(const struct straddle_vector *vector, struct straddle_tally *tallies)
{
    cross_check(vector);
    for (size_t i = 0; i < straddle_rule_count; i++)
        (void)straddle_count(&straddle_rules[i], vector, &tallies[i]);
}

static void print_head(void)
{
    printf("%-14s %6s %9s %9s %9s %9s  %s\n", "rule", "block", "cases", "needed", "missed",
           "needless", "smallest that it misses");
}

/* block: 0 for all sizes at once. */
static void print_tally(const char *rule, uint64_t block, const struct straddle_tally *tally)
{
    char size[24] = "any";

    if (block)
        snprintf(size, sizeof size, "%" PRIu64, block);
    printf("%-14s %6s %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 "  ", rule, size,
           tally->cases, tally->needed, tally->missed, tally->needless);
    if (!tally->missed) {
        printf("none\n");
        return;
    }
    printf("s0=%" PRIu64 " pos=%" PRIu64, tally->smallest.old_size, tally->smallest.to);
    if (!block)
        printf(" block=%" PRIu64 " page=%" PRIu64 " folio=%" PRIu64, tally->smallest.block,
               tally->smallest.page, tally->smallest.folio);
    putchar('\n');
}

/* Prints the rules asked for; says whether the one that is checked missed something. */
static bool print_tallies(const struct arguments *arguments, uint64_t block,
                          const struct straddle_tally *tallies)
{
    const struct straddle_rule *checked = arguments->rule ? arguments->rule : straddle_rules;

    for (size_t i = 0; i < straddle_rule_count; i++)
        if (!arguments->rule || arguments->rule == &straddle_rules[i])
            print_tally(straddle_rules[i].name, block, &tallies[i]);
    return tallies[checked - straddle_rules].missed != 0;
}

#define RULES_MAX 8

/* Every old size up to four pages, every later position up to six. */
static bool compare_small(const struct arguments *arguments, uint64_t page, uint64_t folio,
                          uint64_t block)
{
    struct straddle_tally tallies[RULES_MAX] = { { 0 } };
    struct straddle_vector vector = { .block = block, .page = page, .folio = folio,
                                      .truncate = arguments->truncate };

    for (vector.old_size = 0; vector.old_size <= 4 * page; vector.old_size++)
        for (vector.to = vector.old_size + 1; vector.to <= 6 * page; vector.to++)
            judge(&vector, tallies);
    return print_tallies(arguments, block, tallies);
}

static enum hd_exit run_small(const struct arguments *arguments)
{
    uint64_t page = arguments->page ? arguments->page : 16;
    uint64_t folio = arguments->folio ? arguments->folio : page;
    bool missed = false;

    if (page > PAGE_SMALL_MAX)
        return hd_cli_usage("straddle", "--page: all cases of pages up to %u bytes are compared; "
                            "for larger ones use --random, or --s0 and --pos", PAGE_SMALL_MAX);
    if (folio < page)
        return hd_cli_usage("straddle", "--folio: a folio is at least a page");
    printf("%s: page %" PRIu64 ", folio %" PRIu64 ", s0 0 .. %" PRIu64 ", pos s0 + 1 .. %" PRIu64
           "\n", arguments->truncate ? "truncate" : "write", page, folio, 4 * page, 6 * page);
    print_head();
    for (uint64_t block = 2; block <= page; block *= 2)
        if (!arguments->block)
            missed |= compare_small(arguments, page, folio, block);
    if (arguments->block)
        missed = compare_small(arguments, page, folio, arguments->block);
    return missed ? HD_EXIT_FOUND : HD_EXIT_OK;
}

/* ---- Random cases ---------------------------------------------------------------------------- */

/* 2^low .. 2^high. */
static uint64_t random_unit(struct hd_prng *prng, uint32_t low, uint32_t high)
{
    return UINT64_C(1) << (low + hd_prng_below(prng, high - low + 1));
}

/* Up to 2^62, every magnitude as likely as another. */
static uint64_t random_size(struct hd_prng *prng)
{
    uint32_t bits = hd_prng_below(prng, 63);
    uint64_t top = UINT64_C(1) << bits;

    return top - (hd_prng_next(prng) & (top - 1));
}

/* Near a boundary, where rules differ, or far; `to` within some pages of old_size, or anywhere. */
static struct straddle_vector random_vector(struct hd_prng *prng, const struct arguments *arguments)
{
    struct straddle_vector vector = { .truncate = arguments->truncate };
    uint64_t reach;

    vector.block = arguments->block ? arguments->block : random_unit(prng, 9, 16);
    vector.page = arguments->page ? arguments->page : random_unit(prng, 12, 16);
    vector.folio = arguments->folio ? arguments->folio
                                    : vector.page << hd_prng_below(prng, 10);
    vector.old_size = random_size(prng);
    if (hd_prng_below(prng, 2))
        vector.old_size &= ~(vector.block - 1);
    if (hd_prng_below(prng, 2))
        vector.to = random_size(prng);
    else
        vector.to = vector.old_size + hd_prng_next(prng) % (4 * vector.page);
    reach = hd_prng_below(prng, 3);
    if (reach < 2)
        vector.to = (vector.to & ~(vector.block - 1)) + reach;
    if (vector.to > STRADDLE_SIZE_MAX)
        vector.to = STRADDLE_SIZE_MAX;
    return vector;
}

static enum hd_exit run_random(const struct arguments *arguments)
{
    struct straddle_tally tallies[RULES_MAX] = { { 0 } };
    struct hd_prng prng;

    if (arguments->page && arguments->folio && arguments->folio < arguments->page)
        return hd_cli_usage("straddle", "--folio: a folio is at least a page");
    hd_prng_seed(&prng, arguments->seed);
    for (uint64_t i = 0; i < arguments->random; i++) {
        struct straddle_vector vector = random_vector(&prng, arguments);

        if (vector.folio < vector.page)
            vector.folio = vector.page;
        HD_ASSERT(straddle_is_valid(&vector));
        judge(&vector, tallies);
    }
    printf("%s: %" PRIu64 " random cases, sizes up to 2^62, seed %" PRIu64 "\n",
           arguments->truncate ? "truncate" : "write", arguments->random, arguments->seed);
    print_head();
    return print_tallies(arguments, 0, tallies) ? HD_EXIT_FOUND : HD_EXIT_OK;
}

/* ---- One case -------------------------------------------------------------------------------- */

static void print_rule(const struct straddle_rule *rule, const struct straddle_vector *vector)
{
    struct straddle_pages pages = rule->protects(vector);

    printf("%-14s ", rule->name);
    if (pages.count == 0)
        printf("protects nothing");
    else if (pages.count == 1)
        printf("protects page %" PRIu64, pages.first);
    else
        printf("protects pages %" PRIu64 " .. %" PRIu64, pages.first,
               pages.first + pages.count - 1);
    if (straddle_need(vector) && !straddle_protects_end(rule, vector))
        printf(": misses page %" PRIu64, vector->old_size / vector->page);
    else if (!straddle_need(vector) && pages.count)
        printf(": needless");
    putchar('\n');
}

static enum hd_exit run_one(const struct arguments *arguments)
{
    const struct straddle_rule *checked = arguments->rule ? arguments->rule : straddle_rules;
    struct straddle_vector vector = {
        .old_size = arguments->s0,
        .to = arguments->pos,
        .block = arguments->block ? arguments->block : 1024,
        .page = arguments->page ? arguments->page : 4096,
        .truncate = arguments->truncate,
    };

    vector.folio = arguments->folio ? arguments->folio : vector.page;
    if (!straddle_is_valid(&vector))
        return hd_cli_usage("straddle", "--folio: a folio is at least a page");
    cross_check(&vector);
    printf("%s: s0 %" PRIu64 ", pos %" PRIu64 ", block %" PRIu64 ", page %" PRIu64
           ", folio %" PRIu64 "\n", vector.truncate ? "truncate" : "write", vector.old_size,
           vector.to, vector.block, vector.page, vector.folio);
    if (straddle_need(&vector))
        printf("%-14s page %" PRIu64 "\n", "needed", vector.old_size / vector.page);
    else
        printf("%-14s nothing\n", "needed");
    for (size_t i = 0; i < straddle_rule_count; i++)
        if (!arguments->rule || arguments->rule == &straddle_rules[i])
            print_rule(&straddle_rules[i], &vector);
    return straddle_need(&vector) && !straddle_protects_end(checked, &vector) ? HD_EXIT_FOUND
                                                                             : HD_EXIT_OK;
}

enum hd_exit hd_cmd_straddle(int argc, char **argv)
{
    struct arguments arguments = { .seed = 1 };

    HD_ASSERT(straddle_rule_count <= RULES_MAX);
    if (hd_cli_parse(&argp, argc, argv, &arguments))
        return hd_cli_error("straddle", HD_E_MALFORMED, &arguments.diag);
    if (arguments.has_s0 != arguments.has_pos)
        return hd_cli_usage("straddle", "--s0 and --pos go together");
    if (arguments.has_s0 && arguments.random)
        return hd_cli_usage("straddle", "--random makes up its own --s0 and --pos");
    if (arguments.has_s0)
        return run_one(&arguments);
    return arguments.random ? run_random(&arguments) : run_small(&arguments);
}
