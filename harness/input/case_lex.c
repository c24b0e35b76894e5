/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/case_lex.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "input/utf8.h"

/* Of a long path the end says more than the beginning, and the message must not drown in it. */
#define NAME_SHOWN 160

enum hd_error hd_lex_fail(const struct hd_lexer *lexer, const struct hd_token *token,
                          const char *format, ...)
{
    size_t length = strlen(lexer->name);
    bool clip = length > NAME_SHOWN;
    char text[HD_DIAG_BYTES];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return hd_fail(lexer->diag, HD_E_MALFORMED, "%s%s:%u:%u: %s", clip ? "..." : "",
                   clip ? lexer->name + length - NAME_SHOWN : lexer->name, token->line,
                   token->column, text);
}

enum hd_error hd_lex_expected(const struct hd_lexer *lexer, const struct hd_token *token,
                              const char *what)
{
    if (token->word.length)
        return hd_lex_fail(lexer, token, "expected %s, found '%s'", what,
                           hd_quote(token->word).text);
    return hd_lex_fail(lexer, token, "expected %s, found the end of the %s", what,
                       token->end_of_file ? "file" : "line");
}

void hd_lex_begin(struct hd_lexer *lexer, const char *name, const char *text, size_t bytes,
                  struct hd_diag *diag)
{
    if (bytes == 0)
        text = ""; /* it may be NULL then */
    *lexer = (struct hd_lexer){ .name = name, .diag = diag, .next = text, .end = text + bytes };
}

struct hd_token hd_lex_end(const struct hd_lexer *lexer)
{
    return (struct hd_token){ .word = hd_word_of(""), .line = lexer->line_number + 1, .column = 1,
                              .end_of_file = true };
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static enum hd_error fail_byte(const struct hd_lexer *lexer, const char *at, unsigned char value,
                               const char *expected, const char *found)
{
    struct hd_token token = { .line = lexer->line_number,
                              .column = (uint32_t)(at - lexer->line) + 1 };

    return hd_lex_fail(lexer, &token, "expected %s, found %s 0x%02x", expected, found,
                       (unsigned)value);
}

/* Bytes that could hide something, or do something to a terminal, are refused even in comments. */
static enum hd_error check_bytes(const struct hd_lexer *lexer)
{
    bool comment = false, in_word = false;

    for (const char *at = lexer->line; at < lexer->line_end;) {
        unsigned char c = (unsigned char)*at;
        size_t length = hd_utf8_length(at, (size_t)(lexer->line_end - at));

        if (c == '\r')
            return fail_byte(lexer, at, c, "a line feed alone at the end of a line",
                             "a carriage return");
        if (length == 0)
            return fail_byte(lexer, at, c, "UTF-8", "byte");
        if (c != '\t' && hd_utf8_is_control(at, length))
            return fail_byte(lexer, at, (unsigned char)at[length - 1], "text",
                             "control character");
        if (c == '#' && !in_word)
            comment = true;
        if (c >= 0x80 && !comment)
            return fail_byte(lexer, at, c, "ASCII outside of comments", "byte");
        in_word = !is_blank(*at);
        at += length;
    }
    return HD_OK;
}

enum hd_error hd_lex_line(struct hd_lexer *lexer, bool *ret_more)
{
    size_t left = (size_t)(lexer->end - lexer->next);
    const char *feed = memchr(lexer->next, '\n', left);
    struct hd_token token;
    enum hd_error error;

    if (left == 0) {
        *ret_more = false;
        return HD_OK;
    }
    lexer->line_number++;
    lexer->line = lexer->at = lexer->next;
    lexer->line_end = feed ? feed : lexer->end;
    lexer->next = feed ? feed + 1 : lexer->end;
    left = (size_t)(lexer->line_end - lexer->line);
    token = (struct hd_token){ .line = lexer->line_number, .column = (uint32_t)left + 1 };
    if (left > HD_LINE_BYTES_MAX) {
        token.column = HD_LINE_BYTES_MAX + 1;
        return hd_lex_fail(lexer, &token, "expected a line of at most %u bytes, found a longer one",
                           HD_LINE_BYTES_MAX);
    }
    error = check_bytes(lexer);
    if (error)
        return error;
    if (!feed)
        return hd_lex_fail(lexer, &token,
                           "expected a line feed, found that the file ends in the middle of a "
                           "line");
    *ret_more = true;
    return HD_OK;
}

struct hd_token hd_lex_word(struct hd_lexer *lexer)
{
    struct hd_token token = { .line = lexer->line_number };

    while (lexer->at < lexer->line_end && is_blank(*lexer->at))
        lexer->at++;
    token.word.text = lexer->at;
    token.column = (uint32_t)(lexer->at - lexer->line) + 1;
    if (lexer->at < lexer->line_end && *lexer->at == '#')
        lexer->line_end = lexer->at; /* the rest is a comment */
    while (lexer->at < lexer->line_end && !is_blank(*lexer->at))
        lexer->at++;
    token.word.length = (size_t)(lexer->at - token.word.text);
    return token;
}
