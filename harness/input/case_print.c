/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The case file, written.  Canonical text: columns, every workload key, no comments.  Reading it
 * gives an equal case, and writing that again the same bytes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "base/buf.h"
#include "input/actor.h"
#include "input/case_lex.h"
#include "input/lists.h"
#include "input/workload.h"

#define LINE_WIDTH 75
#define ACTOR_BYTES (HD_NAME_BYTES + 16) /* with an index, and with a count */

static const char *variant_name(const struct hd_case *the_case, unsigned variant)
{
    return hd_list_name(the_case->setting.scenario, HD_LIST_VARIANTS, variant);
}

bool hd_case_is_raw(const struct hd_case *the_case)
{
    return the_case->segment_count > 0 && the_case->segments[0].until == HD_UNTIL_CHOICES;
}

/* ---- Lists of words, broken into lines ------------------------------------------------------- */

struct wrap {
    struct hd_buf *buf;
    const char *keyword;
    size_t column; /* of the line so far; 0: none */
};

static void wrap_end(struct wrap *wrap)
{
    if (wrap->column)
        hd_buf_add(wrap->buf, "\n", 1);
    wrap->column = 0;
}

static void wrap_add(struct wrap *wrap, const char *word)
{
    size_t length = strlen(word);

    if (wrap->column && wrap->column + 1 + length > LINE_WIDTH)
        wrap_end(wrap);
    if (!wrap->column) {
        hd_buf_addf(wrap->buf, "%-10s%s", wrap->keyword, word);
        wrap->column = 10 + length;
    } else {
        hd_buf_addf(wrap->buf, " %s", word);
        wrap->column += 1 + length;
    }
}

static void print_workload(const struct hd_case *the_case, struct hd_buf *buf)
{
    const struct hd_setting *setting = &the_case->setting;
    struct wrap wrap = { .buf = buf, .keyword = "workload" };
    char word[2 * HD_KEY_BYTES];
    struct hd_key_text text;

    for (unsigned number = 0; number < HD_KEY_NAMED; number++) {
        if (number == HD_KEY_FAULT || number == HD_KEY_ROLE)
            wrap_end(&wrap); /* parameters, faults and roles each begin a line */
        if (!hd_workload_key(setting->scenario, &setting->workload, number, &text))
            continue;
        snprintf(word, sizeof word, "%s=%s", text.key, text.value);
        wrap_add(&wrap, word);
    }
    wrap_end(&wrap);
}

static void print_choices(const struct hd_case *the_case, struct hd_buf *buf)
{
    struct wrap wrap = { .buf = buf, .keyword = "choices" };

    for (uint32_t i = 0; i < the_case->segment_count; i++) {
        const struct hd_segment *segment = &the_case->segments[i];
        char actor[ACTOR_BYTES], word[ACTOR_BYTES + 16];

        HD_ASSERT_IS(segment->until, ==, HD_UNTIL_CHOICES);
        hd_actor_format(actor, sizeof actor, &the_case->setting, segment->role, segment->instance);
        if (segment->count > 1)
            snprintf(word, sizeof word, "%s*%" PRIu32, actor, segment->count);
        else
            snprintf(word, sizeof word, "%s", actor);
        wrap_add(&wrap, word);
    }
    wrap_end(&wrap);
}

/* ---- Lines in columns ------------------------------------------------------------------------ */

/* What stands in the second column is padded to the longest of them. */
static int second_column(const struct hd_case *the_case)
{
    char actor[ACTOR_BYTES];
    int width = 0, length;

    for (uint32_t i = 0; i < the_case->segment_count && !hd_case_is_raw(the_case); i++) {
        const struct hd_segment *segment = &the_case->segments[i];

        length = hd_actor_format(actor, sizeof actor, &the_case->setting, segment->role,
                                 segment->instance);
        width = length > width ? length : width;
    }
    for (unsigned variant = 0; variant < HD_VARIANTS_MAX; variant++) {
        if (!the_case->has_digest[variant] && !hd_case_expect(the_case, variant))
            continue;
        length = (int)strlen(variant_name(the_case, variant));
        width = length > width ? length : width;
    }
    return width + 2;
}

static void print_segment(const struct hd_case *the_case, const struct hd_segment *segment,
                          int width, struct hd_buf *buf)
{
    const struct hd_scenario *scenario = the_case->setting.scenario;
    char actor[ACTOR_BYTES], object[ACTOR_BYTES];

    HD_ASSERT_IS(segment->until, !=, HD_UNTIL_CHOICES); /* a schedule is either one or the other */
    hd_actor_format(actor, sizeof actor, &the_case->setting, segment->role, segment->instance);
    hd_buf_addf(buf, "%-10s%-*s", "run", width, actor);
    switch (segment->until) {
    case HD_UNTIL_LANDMARK:
        hd_buf_addf(buf, "until %s",
                    hd_list_name(scenario, HD_LIST_LANDMARKS, segment->landmark));
        if (segment->nth)
            hd_buf_addf(buf, "#%" PRIu32, segment->nth);
        break;
    case HD_UNTIL_AFTER:
        hd_name_format(object, sizeof object, segment->name, segment->index);
        hd_buf_addf(buf, "after %s%s%s", object, segment->name[0] ? "." : "",
                    hd_op_word((enum hd_op)segment->op));
        break;
    case HD_UNTIL_BLOCKED:
        hd_buf_addf(buf, "until blocked");
        break;
    case HD_UNTIL_END:
        hd_buf_addf(buf, "until end");
        break;
    case HD_UNTIL_COUNT:
        hd_buf_addf(buf, "for %" PRIu32, segment->count);
        break;
    case HD_UNTIL_CHOICES: /* excluded above */
        break;
    }
    hd_buf_add(buf, "\n", 1);
}

static void print_verdicts(const struct hd_case *the_case, int width, struct hd_buf *buf)
{
    for (uint32_t i = 0; i < the_case->expect_count; i++) {
        const struct hd_expect *expect = &the_case->expects[i];

        hd_buf_addf(buf, "%-10s%-*s%s%s%s\n", "expect", width,
                    variant_name(the_case, expect->variant), expect->holds ? "holds" : expect->kind,
                    expect->site[0] ? " at " : "", expect->site);
    }
    for (unsigned variant = 0; variant < HD_VARIANTS_MAX; variant++)
        if (the_case->has_digest[variant])
            hd_buf_addf(buf, "%-10s%-*s%016" PRIx64 "\n", "digest", width,
                        variant_name(the_case, variant), the_case->digest[variant]);
}

char *hd_case_print(const struct hd_case *the_case)
{
    const struct hd_setting *setting = &the_case->setting;
    int width = second_column(the_case);
    struct hd_buf buf = { 0 };

    hd_buf_addf(&buf, "heddle case 1\n%-10s%s\n%-10s%s\n", "scenario", setting->scenario->name,
                "variant", variant_name(the_case, setting->variant));
    print_workload(the_case, &buf);
    if (hd_case_is_raw(the_case))
        print_choices(the_case, &buf);
    else
        for (uint32_t i = 0; i < the_case->segment_count; i++)
            print_segment(the_case, &the_case->segments[i], width, &buf);
    print_verdicts(the_case, width, &buf);
    return hd_buf_take(&buf);
}

char *hd_case_print_comment(const struct hd_case *the_case, const char *comment)
{
    char *canonical = hd_case_print(the_case);
    size_t first = canonical ? strcspn(canonical, "\n") + 1 : 0;
    struct hd_buf buf = { 0 };

    if (!canonical)
        return NULL;
    hd_buf_add(&buf, canonical, first);
    hd_buf_addf(&buf, "%s%s", comment, canonical + first);
    hd_dealloc(canonical);
    return hd_buf_take(&buf);
}

/* ---- A new digest in an old text ------------------------------------------------------------- */

/* The digits in the digest line of a variant; NULL if the text, which parses, has none. */
static const char *digest_digits(const struct hd_case *the_case, unsigned variant)
{
    struct hd_lexer lexer;
    struct hd_token token;
    bool more;

    hd_lex_begin(&lexer, "", the_case->text, the_case->text_bytes, NULL);
    while (hd_lex_line(&lexer, &more) == HD_OK && more) {
        token = hd_lex_word(&lexer);
        if (!hd_word_is(token.word, "digest"))
            continue;
        token = hd_lex_word(&lexer);
        if (hd_word_is(token.word, variant_name(the_case, variant)))
            return hd_lex_word(&lexer).word.text;
    }
    return NULL;
}

char *hd_case_print_rebless(const struct hd_case *the_case, unsigned variant, uint64_t digest)
{
    struct hd_buf buf = { 0 };
    struct hd_case blessed = *the_case;
    const char *digits, *end;

    blessed.has_digest[variant] = true;
    blessed.digest[variant] = digest;
    if (!the_case->text)
        return hd_case_print(&blessed);
    digits = digest_digits(the_case, variant);
    end = the_case->text + the_case->text_bytes;
    hd_buf_add(&buf, the_case->text, (size_t)((digits ? digits : end) - the_case->text));
    if (digits) {
        hd_buf_addf(&buf, "%016" PRIx64, digest);
        hd_buf_add(&buf, digits + 16, (size_t)(end - digits) - 16);
    } else {
        hd_buf_addf(&buf, "%-10s%-*s%016" PRIx64 "\n", "digest", second_column(&blessed),
                    variant_name(the_case, variant), digest);
    }
    return hd_buf_take(&buf);
}
