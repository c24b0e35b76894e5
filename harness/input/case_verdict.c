/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verdicts of a case file: `expect` and `digest` lines. */
#include <string.h>

#include "input/case_parse.h"
#include "input/kinds.h"
#include "input/lists.h"

/* A kind of violation, of the scenario's or ours; *ret_sited: it always has a site. */
static enum hd_error kind_parse(struct hd_parser *parser, const struct hd_token *token,
                                char ret_kind[static HD_NAME_BYTES], bool *ret_sited)
{
    const struct hd_scenario *scenario = parser->the_case->setting.scenario;
    struct hd_offer offer = hd_offer_to(token->word);
    bool found = hd_list_find(scenario, HD_LIST_KINDS, token->word) >= 0, sited = true;
    struct hd_diag why;

    hd_offer_add(&offer, "holds");
    hd_list_offer(scenario, HD_LIST_KINDS, &offer);
    for (size_t i = 0; i < HD_KIND_COUNT && !found; i++) {
        found = hd_word_is(token->word, hd_kinds[i].word);
        sited = !found || hd_kinds[i].sited;
        hd_offer_add(&offer, hd_kinds[i].word);
    }
    if (found && token->word.length < HD_NAME_BYTES) {
        memcpy(ret_kind, token->word.text, token->word.length);
        ret_kind[token->word.length] = '\0';
        *ret_sited = sited;
        return HD_OK;
    }
    hd_offer_fail(&offer, "a verdict", &why);
    return hd_lex_fail(&parser->lexer, token, "%s", why.text);
}

/* "at SITE". */
static enum hd_error site_parse(struct hd_parser *parser, char ret_site[static HD_NAME_BYTES])
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
    char site[HD_NAME_BYTES] = "";
    struct hd_token token;
    enum hd_error error = hd_parse_literal(parser, "at");

    if (!error)
        error = hd_parse_word(parser, "the name of a function", &token);
    if (error)
        return error;
    if (token.word.length < sizeof site)
        memcpy(site, token.word.text, token.word.length);
    if (strspn(site, allowed) != token.word.length) /* 0 where it was too long to be copied */
        return hd_lex_expected(&parser->lexer, &token, "the name of a function");
    memcpy(ret_site, site, sizeof site);
    return HD_OK;
}

enum hd_error hd_parse_expect(struct hd_parser *parser)
{
    struct hd_case *the_case = parser->the_case;
    struct hd_expect expect = { .holds = false };
    struct hd_token token, verdict;
    struct hd_lexer ahead;
    bool sited = true;
    unsigned variant;
    enum hd_error error = hd_parse_variant(parser, &token, &variant);

    if (error)
        return error;
    if (hd_case_expect(the_case, variant))
        return hd_lex_expected(&parser->lexer, &token, "each variant once");
    error = hd_parse_word(parser, "'holds' or a kind of violation", &verdict);
    if (error)
        return error;
    expect.variant = (uint8_t)variant;
    expect.holds = hd_word_is(verdict.word, "holds");
    if (!expect.holds) {
        error = kind_parse(parser, &verdict, expect.kind, &sited);
        ahead = parser->lexer; /* a copy, to look ahead with */
        if (!error && (sited || hd_lex_word(&ahead).word.length > 0))
            error = site_parse(parser, expect.site);
    }
    if (!error)
        the_case->expects[the_case->expect_count++] = expect;
    return error;
}

enum hd_error hd_parse_digest(struct hd_parser *parser)
{
    static const char digits[] = "0123456789abcdef";
    struct hd_case *the_case = parser->the_case;
    struct hd_token token, hex;
    uint64_t digest = 0;
    unsigned variant;
    enum hd_error error = hd_parse_variant(parser, &token, &variant);

    if (error)
        return error;
    if (the_case->has_digest[variant])
        return hd_lex_expected(&parser->lexer, &token, "each variant once");
    error = hd_parse_word(parser, "16 lowercase hexadecimal digits", &hex);
    if (error)
        return error;
    for (size_t i = 0; i < hex.word.length; i++) {
        const char *digit = memchr(digits, hex.word.text[i], sizeof digits - 1);

        if (!digit || hex.word.length != 16)
            return hd_lex_expected(&parser->lexer, &hex, "16 lowercase hexadecimal digits");
        digest = digest << 4 | (uint64_t)(digit - digits);
    }
    the_case->has_digest[variant] = true;
    the_case->digest[variant] = digest;
    return HD_OK;
}
