/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the two halves of the case parser share. */
#ifndef HD_CASE_PARSE_H
#define HD_CASE_PARSE_H

#include "input/case_lex.h"

struct hd_parser {
    struct hd_lexer lexer;
    const struct hd_catalogue *catalogue;
    struct hd_case *the_case; /* as far as it is known */
    uint32_t segment_room;    /* of the_case->segments */
    uint64_t keys_seen;       /* of the workload */
    struct hd_token last_key; /* valid if any was seen */
};

/* The next word; HD_E_MALFORMED "expected WHAT" if the line has none. */
enum hd_error hd_parse_word(struct hd_parser *parser, const char *what, struct hd_token *ret_token);
/* The next word must be this one. */
enum hd_error hd_parse_literal(struct hd_parser *parser, const char *word);
/* What is behind the first bytes of a token must be a number in 1 .. HD_SEGMENT_COUNT_MAX. */
enum hd_error hd_parse_count(struct hd_parser *parser, struct hd_token token, size_t first,
                             uint32_t *ret_count);
/* The next word must be a variant of the scenario. */
enum hd_error hd_parse_variant(struct hd_parser *parser, struct hd_token *ret_token,
                               unsigned *ret_variant);

/* Everything.  HD_E_NOMEM leaves the diag to the caller. */
enum hd_error hd_parse_lines(struct hd_parser *parser);
/* case_segment.c: what follows the words `run` and `choices`. */
enum hd_error hd_parse_run(struct hd_parser *parser);
enum hd_error hd_parse_choices(struct hd_parser *parser);
/* case_verdict.c: what follows `expect` and `digest`. */
enum hd_error hd_parse_expect(struct hd_parser *parser);
enum hd_error hd_parse_digest(struct hd_parser *parser);

#endif
