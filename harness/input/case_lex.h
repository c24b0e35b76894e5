/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The case file as lines of words; the bytes of a line are checked before its words are used. */
#ifndef HD_CASE_LEX_H
#define HD_CASE_LEX_H

#include "input/names.h"

#define HD_LINE_BYTES_MAX 4096u

/* A word and where it stands, both from 1; a column counts bytes. */
struct hd_token {
    struct hd_word word; /* empty at the end of a line or of the file */
    uint32_t line, column;
    bool end_of_file;
};

/* Everything is borrowed. */
struct hd_lexer {
    const char *name; /* in messages */
    struct hd_diag *diag;
    const char *next, *end;   /* the bytes not yet read */
    const char *line, *at, *line_end; /* the current line, and what of it is left */
    uint32_t line_number;
};

void hd_lex_begin(struct hd_lexer *lexer, const char *name, const char *text, size_t bytes,
                  struct hd_diag *diag);
/* Goes to the next line; *ret_more is false where there is none.  HD_E_MALFORMED: its bytes. */
enum hd_error hd_lex_line(struct hd_lexer *lexer, bool *ret_more);
/* The next word of the line, or its end, as often as one asks. */
struct hd_token hd_lex_word(struct hd_lexer *lexer);
/* What stands where no line is left. */
struct hd_token hd_lex_end(const struct hd_lexer *lexer);

/* Both fail with HD_E_MALFORMED: "NAME:LINE:COLUMN: MESSAGE", */
enum hd_error hd_lex_fail(const struct hd_lexer *lexer, const struct hd_token *token,
                          const char *format, ...) __attribute__((format(printf, 3, 4)));
/* and "NAME:LINE:COLUMN: expected WHAT, found ...". */
enum hd_error hd_lex_expected(const struct hd_lexer *lexer, const struct hd_token *token,
                              const char *what);

#endif
