/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/side.h"

#include <stdlib.h>
#include <string.h>

#include "report/layout.h"
#include "report/table.h"

/* The table of an execution; malloc()ed.  NULL if out of memory. */
static char *table_of(const struct hd_engine *engine, const struct hd_execution *execution,
                      const struct hd_case *the_case)
{
    struct hd_report report = { .engine = engine, .execution = execution, .the_case = the_case };
    struct hd_story story;
    size_t bytes = 0;
    char *text = NULL;
    FILE *out = open_memstream(&text, &bytes);
    enum hd_error error;

    if (!out)
        return NULL;
    error = hd_story_build(&report, &story);
    if (!error)
        hd_table_print(&story, out);
    hd_story_free(&story);
    if (fclose(out) || error) {
        free(text);
        return NULL;
    }
    return text;
}

/* The next line of a text, without its end; moves behind it. */
static size_t line_of(const char **text, const char **ret_line)
{
    size_t length = strcspn(*text, "\n");

    *ret_line = *text;
    *text += length + ((*text)[length] == '\n');
    return length;
}

static size_t widest(const char *text)
{
    size_t width = 0;

    while (*text) {
        const char *line;
        size_t length = line_of(&text, &line);

        width = length > width ? length : width;
    }
    return width;
}

static void print_beside(const char *left, const char *right, FILE *out)
{
    size_t width = widest(left);

    while (*left || *right) {
        const char *left_line, *right_line;
        size_t left_length = line_of(&left, &left_line);
        size_t right_length = line_of(&right, &right_line);

        fprintf(out, "%.*s", (int)left_length, left_line);
        if (right_length)
            fprintf(out, "%*s | %.*s", (int)(width - left_length), "", (int)right_length,
                    right_line);
        fputc('\n', out);
    }
}

/* A title as the first line of a table. */
static char *titled(const char *title, const char *table)
{
    size_t bytes = strlen(title) + strlen(table) + 3;
    char *text = malloc(bytes);

    if (text)
        snprintf(text, bytes, "%s\n\n%s", title, table);
    return text;
}

enum hd_error hd_side_print(const struct hd_explanation *explanation, bool stacked, FILE *out)
{
    char *table = table_of(explanation->failing_engine, &explanation->failing,
                           explanation->failing_case);
    char *left = table ? titled("It fails:", table) : NULL;
    char *right = NULL;
    enum hd_error error = left ? HD_OK : HD_E_NOMEM;

    free(table);
    table = NULL;
    if (!error && explanation->passing_case) {
        table = table_of(explanation->passing_engine, &explanation->passing,
                         explanation->passing_case);
        right = table ? titled("It passes:", table) : NULL;
        error = right ? HD_OK : HD_E_NOMEM;
    }
    if (!error && right && !stacked)
        print_beside(left, right, out);
    else if (!error)
        fprintf(out, "%s%s%s", left, right ? "\n" : "", right ? right : "");
    free(table);
    free(left);
    free(right);
    return error;
}
