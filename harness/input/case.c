/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cases as a whole: read, looked into, released. */
#include "heddle/heddle.h"

#include "base/alloc.h"
#include "input/case_parse.h"

enum hd_error hd_case_parse(const struct hd_catalogue *catalogue, const char *name,
                            const char *text, size_t bytes, struct hd_case **ret_case,
                            struct hd_diag *diag)
{
    struct hd_parser parser = { .catalogue = catalogue };
    struct hd_case *the_case;
    enum hd_error error;

    if (bytes > HD_CASE_BYTES_MAX)
        return hd_fail(diag, HD_E_MALFORMED, "%s: larger than %u bytes", name, HD_CASE_BYTES_MAX);
    the_case = hd_alloc_array(1, sizeof *the_case);
    if (!the_case) {
        error = HD_E_NOMEM;
        goto out;
    }
    parser.the_case = the_case;
    hd_lex_begin(&parser.lexer, name, text, bytes, diag);
    error = hd_parse_lines(&parser);
    if (error)
        goto out;
    the_case->text = hd_copy_text(text, bytes);
    if (!the_case->text) {
        error = HD_E_NOMEM;
        goto out;
    }
    the_case->text_bytes = bytes;
    *ret_case = the_case;
    the_case = NULL;
out:
    hd_case_free(the_case);
    return error == HD_E_NOMEM ? hd_fail(diag, error, "%s: out of memory", name) : error;
}

enum hd_error hd_case_load(const struct hd_catalogue *catalogue, const char *path,
                           struct hd_case **ret_case, struct hd_diag *diag)
{
    char *bytes = NULL;
    size_t length;
    enum hd_error error = hd_file_read(path, HD_CASE_BYTES_MAX, &bytes, &length, diag);

    if (!error)
        error = hd_case_parse(catalogue, path, bytes, length, ret_case, diag);
    hd_dealloc(bytes);
    return error;
}

void hd_case_free(struct hd_case *the_case)
{
    if (!the_case)
        return;
    hd_dealloc(the_case->segments);
    hd_dealloc(the_case->text);
    hd_dealloc(the_case);
}

const struct hd_expect *hd_case_expect(const struct hd_case *the_case, unsigned variant)
{
    for (uint32_t i = 0; i < the_case->expect_count; i++)
        if (the_case->expects[i].variant == variant)
            return &the_case->expects[i];
    return NULL;
}
