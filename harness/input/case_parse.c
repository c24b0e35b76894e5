/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The case file, read.  docs/case-format.md describes it; everything that it doesn't describe is
 * refused, with line and column.  A table says which line may follow which.
 */
#include "input/case_parse.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "input/setting.h"
#include "input/workload.h"

#define FORMAT_VERSION 1

enum hd_error hd_parse_word(struct hd_parser *parser, const char *what, struct hd_token *ret_token)
{
    struct hd_token token = hd_lex_word(&parser->lexer);

    if (token.word.length == 0)
        return hd_lex_expected(&parser->lexer, &token, what);
    *ret_token = token;
    return HD_OK;
}

enum hd_error hd_parse_literal(struct hd_parser *parser, const char *word)
{
    struct hd_token token = hd_lex_word(&parser->lexer);
    char what[HD_NAME_BYTES];

    if (hd_word_is(token.word, word))
        return HD_OK;
    snprintf(what, sizeof what, "'%s'", word);
    return hd_lex_expected(&parser->lexer, &token, what);
}

enum hd_error hd_parse_count(struct hd_parser *parser, struct hd_token token, size_t first,
                             uint32_t *ret_count)
{
    uint64_t count;

    token.column += (uint32_t)first;
    token.word.text += first;
    token.word.length -= first;
    if (!hd_word_number(token.word, HD_SEGMENT_COUNT_MAX, &count) || count == 0)
        return hd_lex_fail(&parser->lexer, &token,
                           "expected a decimal number in 1..%u, found '%s'", HD_SEGMENT_COUNT_MAX,
                           hd_quote(token.word).text);
    *ret_count = (uint32_t)count;
    return HD_OK;
}

/* ---- One function a kind of line ------------------------------------------------------------- */

static enum hd_error parse_heddle(struct hd_parser *parser)
{
    struct hd_token version;
    enum hd_error error = hd_parse_literal(parser, "case");
    uint64_t number;

    if (!error)
        error = hd_parse_word(parser, "the version of the file format", &version);
    if (error)
        return error;
    if (!hd_word_number(version.word, UINT64_MAX, &number) || number == 0)
        return hd_lex_expected(&parser->lexer, &version, "the version of the file format");
    if (number > FORMAT_VERSION)
        return hd_lex_fail(&parser->lexer, &version,
                           "file format version %" PRIu64
                           " is newer than this program understands (%d)",
                           number, FORMAT_VERSION);
    return HD_OK;
}

static enum hd_error parse_scenario(struct hd_parser *parser)
{
    struct hd_setting *setting = &parser->the_case->setting;
    struct hd_token token;
    struct hd_diag why;
    enum hd_error error = hd_parse_word(parser, "a scenario", &token);

    if (error)
        return error;
    if (hd_scenario_parse(parser->catalogue, token.word, &setting->scenario, &why))
        return hd_lex_fail(&parser->lexer, &token, "%s", why.text);
    hd_workload_default(setting->scenario, &setting->workload);
    return HD_OK;
}

enum hd_error hd_parse_variant(struct hd_parser *parser, struct hd_token *ret_token,
                               unsigned *ret_variant)
{
    struct hd_token token;
    struct hd_diag why;
    enum hd_error error = hd_parse_word(parser, "a variant", &token);

    if (error)
        return error;
    if (hd_variant_parse(parser->the_case->setting.scenario, token.word, ret_variant, &why))
        return hd_lex_fail(&parser->lexer, &token, "%s", why.text);
    *ret_token = token;
    return HD_OK;
}

static enum hd_error parse_variant(struct hd_parser *parser)
{
    struct hd_token token;

    return hd_parse_variant(parser, &token, &parser->the_case->setting.variant);
}

static enum hd_error parse_workload(struct hd_parser *parser)
{
    struct hd_setting *setting = &parser->the_case->setting;
    struct hd_token token;
    struct hd_diag why;
    size_t wrong_at;
    enum hd_error error = hd_parse_word(parser, "KEY=VALUE", &token);

    for (; !error && token.word.length > 0; token = hd_lex_word(&parser->lexer)) {
        if (!hd_workload_assign(setting->scenario, &setting->workload, token.word,
                                &parser->keys_seen, &wrong_at, &why)) {
            parser->last_key = token;
            continue;
        }
        token.column += (uint32_t)wrong_at;
        error = hd_lex_fail(&parser->lexer, &token, "%s", why.text);
    }
    return error;
}

/* ---- Which line may follow which ------------------------------------------------------------- */

enum keyword { HEDDLE, SCENARIO, VARIANT, WORKLOAD, RUN, CHOICES, EXPECT, DIGEST, KEYWORDS };
#define BIT(keyword) (1u << (keyword))

static const struct {
    const char *word;
    enum hd_error (*parse)(struct hd_parser *);
    unsigned next; /* keywords that may come after it */
} lines[KEYWORDS] = {
    [HEDDLE] = { "heddle", parse_heddle, BIT(SCENARIO) },
    [SCENARIO] = { "scenario", parse_scenario, BIT(VARIANT) },
    [VARIANT] = { "variant", parse_variant,
                  BIT(WORKLOAD) | BIT(RUN) | BIT(CHOICES) | BIT(EXPECT) | BIT(DIGEST) },
    [WORKLOAD] = { "workload", parse_workload,
                   BIT(WORKLOAD) | BIT(RUN) | BIT(CHOICES) | BIT(EXPECT) | BIT(DIGEST) },
    [RUN] = { "run", hd_parse_run, BIT(RUN) | BIT(EXPECT) | BIT(DIGEST) },
    [CHOICES] = { "choices", hd_parse_choices, BIT(CHOICES) | BIT(EXPECT) | BIT(DIGEST) },
    [EXPECT] = { "expect", hd_parse_expect, BIT(EXPECT) | BIT(DIGEST) },
    [DIGEST] = { "digest", hd_parse_digest, BIT(DIGEST) },
};

static enum hd_error fail_keyword(struct hd_parser *parser, const struct hd_token *token,
                                  unsigned allowed)
{
    char what[128] = "";
    size_t used = 0;

    for (unsigned i = 0; i < KEYWORDS; i++)
        if (allowed & BIT(i))
            used += (size_t)snprintf(what + used, sizeof what - used, "%s'%s'",
                                     used ? " or " : "", lines[i].word);
    return hd_lex_expected(&parser->lexer, token, what);
}

/* One line that has a word, which is *keyword if it is allowed. */
static enum hd_error parse_line(struct hd_parser *parser, struct hd_token first, unsigned allowed,
                                enum keyword *ret_keyword)
{
    unsigned i = 0;
    enum hd_error error;

    while (i < KEYWORDS && !((allowed & BIT(i)) && hd_word_is(first.word, lines[i].word)))
        i++;
    if (i == KEYWORDS)
        return fail_keyword(parser, &first, allowed);
    error = lines[i].parse(parser);
    if (error)
        return error;
    first = hd_lex_word(&parser->lexer);
    if (first.word.length > 0)
        return hd_lex_expected(&parser->lexer, &first, "the end of the line");
    *ret_keyword = (enum keyword)i;
    return HD_OK;
}

/* Every case has a variant line, and the start conditions of its workload can come true. */
static enum hd_error check_whole(struct hd_parser *parser, enum keyword last, unsigned allowed)
{
    struct hd_token end = hd_lex_end(&parser->lexer);
    struct hd_diag why;

    if (last < VARIANT)
        return fail_keyword(parser, &end, allowed);
    if (!parser->keys_seen)
        return HD_OK;
    if (hd_workload_check(parser->the_case->setting.scenario, &parser->the_case->setting.workload,
                          &why))
        return hd_lex_fail(&parser->lexer, &parser->last_key, "%s", why.text);
    return HD_OK;
}

enum hd_error hd_parse_lines(struct hd_parser *parser)
{
    enum keyword last = HEDDLE;
    unsigned allowed = BIT(HEDDLE);
    bool more;
    enum hd_error error;

    for (;;) {
        struct hd_token first;

        error = hd_lex_line(&parser->lexer, &more);
        if (error)
            return error;
        if (!more)
            return check_whole(parser, last, allowed);
        first = hd_lex_word(&parser->lexer);
        if (first.word.length == 0 && !(allowed & BIT(HEDDLE)))
            continue; /* blank, or a comment: anywhere but in the first line */
        error = parse_line(parser, first, allowed, &last);
        if (error)
            return error;
        allowed = lines[last].next;
    }
}
