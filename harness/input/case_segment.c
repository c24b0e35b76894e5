/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The schedule of a case file: `run` and `choices` lines. */
#include <string.h>

#include "base/alloc.h"
#include "input/actor.h"
#include "input/case_parse.h"
#include "input/lists.h"

#define SEGMENTS_AT_FIRST 16

/* The array grows with the lines that are there, never by a number that the file claims. */
static enum hd_error segment_add(struct hd_parser *parser, const struct hd_token *token,
                                 const struct hd_segment *segment)
{
    struct hd_case *the_case = parser->the_case;
    uint32_t room = parser->segment_room ? 2 * parser->segment_room : SEGMENTS_AT_FIRST;

    if (the_case->segment_count == HD_SEGMENTS_MAX)
        return hd_lex_fail(&parser->lexer, token, "expected at most %u segments, found one more",
                           HD_SEGMENTS_MAX);
    if (the_case->segment_count == parser->segment_room) {
        void *grown = hd_realloc_array(the_case->segments, room, sizeof *segment);

        if (!grown)
            return HD_E_NOMEM;
        the_case->segments = grown;
        parser->segment_room = room;
    }
    the_case->segments[the_case->segment_count++] = *segment;
    return HD_OK;
}

static enum hd_error actor_parse(struct hd_parser *parser, const struct hd_token *token,
                                 struct hd_word name, struct hd_segment *segment)
{
    struct hd_diag why;

    if (hd_actor_parse(&parser->the_case->setting, name, &segment->role, &segment->instance, &why))
        return hd_lex_fail(&parser->lexer, token, "%s", why.text);
    return HD_OK;
}

/* ---- until ----------------------------------------------------------------------------------- */

/*
 * A landmark's own name, or that of a function that stands there in some variant; if a function
 * stands at one landmark in this variant and at another elsewhere, this variant decides.
 */
static int landmark_find(const struct hd_setting *setting, struct hd_word word)
{
    const struct hd_landmark_info *landmarks = setting->scenario->landmarks;
    int found = hd_list_find(setting->scenario, HD_LIST_LANDMARKS, word);
    int count = (int)hd_list_count(setting->scenario, HD_LIST_LANDMARKS);

    for (int i = 0; i < count && found < 0; i++) {
        const char *function = landmarks[i].names[setting->variant];

        if (function && hd_word_is(word, function))
            found = i;
    }
    for (int i = 0; i < count && found < 0; i++)
        for (unsigned variant = 0; variant < HD_VARIANTS_MAX; variant++)
            if (landmarks[i].names[variant] && hd_word_is(word, landmarks[i].names[variant]))
                found = i;
    return found;
}

static enum hd_error fail_landmark(const struct hd_parser *parser, const struct hd_token *token,
                                   struct hd_word word)
{
    const struct hd_setting *setting = &parser->the_case->setting;
    unsigned count = hd_list_count(setting->scenario, HD_LIST_LANDMARKS);
    struct hd_offer offer = hd_offer_to(word);
    struct hd_diag why;

    hd_offer_add(&offer, "blocked");
    hd_offer_add(&offer, "end");
    for (unsigned i = 0; i < count; i++) {
        const struct hd_landmark_info *landmark = &setting->scenario->landmarks[i];
        const char *function = landmark->names[setting->variant];

        if (!function)
            continue;
        hd_offer_add(&offer, landmark->name);
        hd_offer_near(&offer, function);
    }
    hd_offer_fail(&offer, "a landmark", &why);
    return hd_lex_fail(&parser->lexer, token, "%s", why.text);
}

static enum hd_error until_parse(struct hd_parser *parser, const struct hd_token *token,
                                 struct hd_segment *segment)
{
    const struct hd_setting *setting = &parser->the_case->setting;
    struct hd_word name = token->word, number;
    bool numbered = hd_word_split(token->word, '#', &name, &number);
    bool end = hd_word_is(name, "end"), blocked = hd_word_is(name, "blocked");
    int landmark;

    if ((end || blocked) && numbered)
        return hd_lex_expected(&parser->lexer, token,
                               end ? "'end' without a number" : "'blocked' without a number");
    if (end || blocked) {
        segment->until = end ? HD_UNTIL_END : HD_UNTIL_BLOCKED;
        return HD_OK;
    }
    landmark = landmark_find(setting, name);
    if (landmark < 0)
        return fail_landmark(parser, token, name);
    if (!setting->scenario->landmarks[landmark].names[setting->variant])
        return hd_lex_fail(&parser->lexer, token, "variant '%s' has no landmark '%s'",
                           setting->scenario->variants[setting->variant].name,
                           hd_quote(name).text);
    segment->until = HD_UNTIL_LANDMARK;
    segment->landmark = (uint8_t)landmark;
    return numbered ? hd_parse_count(parser, *token, name.length + 1, &segment->nth) : HD_OK;
}

/* ---- after ----------------------------------------------------------------------------------- */

static enum hd_error op_parse(struct hd_parser *parser, struct hd_token token, size_t first,
                              uint8_t *ret_op)
{
    struct hd_offer offer;
    struct hd_diag why;

    token.column += (uint32_t)first;
    token.word.text += first;
    token.word.length -= first;
    offer = hd_offer_to(token.word);
    for (unsigned op = 0; op < HD_OP_COUNT; op++) {
        if (hd_word_is(token.word, hd_op_word((enum hd_op)op))) {
            *ret_op = (uint8_t)op;
            return HD_OK;
        }
        hd_offer_add(&offer, hd_op_word((enum hd_op)op));
    }
    hd_offer_fail(&offer, "an operation", &why);
    return hd_lex_fail(&parser->lexer, &token, "%s", why.text);
}

/* OBJECT.OP: the operation is what stands behind the last dot.  OP alone: one without an object. */
static enum hd_error after_parse(struct hd_parser *parser, const struct hd_token *token,
                                 struct hd_segment *segment)
{
    size_t first = token->word.length;
    struct hd_word object = token->word;

    while (first > 0 && token->word.text[first - 1] != '.')
        first--;
    segment->until = HD_UNTIL_AFTER;
    if (first > 0) {
        object.length = first - 1;
        if (!hd_name_parse(object, segment->name, &segment->index))
            return hd_lex_expected(&parser->lexer, token,
                                   "OBJECT.OP, such as 'folio[0].lock.unlock'");
    }
    return op_parse(parser, *token, first, &segment->op);
}

/* ---- Lines ----------------------------------------------------------------------------------- */

enum hd_error hd_parse_run(struct hd_parser *parser)
{
    static const char ways[] = "'until', 'after' or 'for'";
    struct hd_segment segment = { .line = parser->lexer.line_number, .index = -1 };
    struct hd_token actor, way, what;
    enum hd_error error = hd_parse_word(parser, "an actor", &actor);

    if (!error)
        error = actor_parse(parser, &actor, actor.word, &segment);
    if (!error)
        error = hd_parse_word(parser, ways, &way);
    if (error)
        return error;
    if (hd_word_is(way.word, "until")) {
        error = hd_parse_word(parser, "'blocked', 'end' or a landmark", &what);
        if (!error)
            error = until_parse(parser, &what, &segment);
    } else if (hd_word_is(way.word, "after")) {
        error = hd_parse_word(parser, "OBJECT.OP", &what);
        if (!error)
            error = after_parse(parser, &what, &segment);
    } else if (hd_word_is(way.word, "for")) {
        segment.until = HD_UNTIL_COUNT;
        error = hd_parse_word(parser, "a number of operations", &what);
        if (!error)
            error = hd_parse_count(parser, what, 0, &segment.count);
    } else {
        error = hd_lex_expected(&parser->lexer, &way, ways);
    }
    return error ? error : segment_add(parser, &actor, &segment);
}

enum hd_error hd_parse_choices(struct hd_parser *parser)
{
    struct hd_token token;
    enum hd_error error = hd_parse_word(parser, "an actor", &token);

    for (; !error && token.word.length > 0; token = hd_lex_word(&parser->lexer)) {
        struct hd_segment segment = { .until = HD_UNTIL_CHOICES, .index = -1, .count = 1,
                                      .line = parser->lexer.line_number };
        struct hd_word name = token.word, number;
        bool counted = hd_word_split(token.word, '*', &name, &number);

        error = actor_parse(parser, &token, name, &segment);
        if (!error && counted)
            error = hd_parse_count(parser, token, name.length + 1, &segment.count);
        if (!error)
            error = segment_add(parser, &token, &segment);
    }
    return error;
}
