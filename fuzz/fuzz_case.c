/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Claims that the case file's codec refuses or is exact: whatever bytes it is given, it says in one
 * line what is wrong, or keeps them to the byte, and their canonical form reads back as itself.
 */
#include "heddle/heddle.h"

#include <stdlib.h>
#include <string.h>

#include "models.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Noreturn void complain(const char *what)
{
    fprintf(stderr, "fuzz_case: %s\n", what);
    abort();
}

static struct hd_case *parse(const char *text, size_t size)
{
    struct hd_case *the_case = NULL;
    struct hd_diag diag = { { 0 } };

    if (hd_case_parse(&hd_models, "input", text, size, &the_case, &diag) == HD_OK)
        return the_case;
    if (!diag.text[0] || strchr(diag.text, '\n'))
        complain("refused, but not in one line");
    for (const char *at = diag.text; *at; at++)
        if ((unsigned char)*at < ' ')
            complain("the message has a control character");
    return NULL;
}

/* Printed, read, and printed again. */
static void check_canonical(const struct hd_case *the_case)
{
    char *first = hd_case_print(the_case);
    struct hd_case *again = first ? parse(first, strlen(first)) : NULL;
    char *second = again ? hd_case_print(again) : NULL;

    if (!first || !again)
        complain("the canonical form does not read back");
    if (!second || strcmp(first, second) != 0)
        complain("the canonical form of the canonical form is another");
    free(first);
    free(second);
    hd_case_free(again);
}

/* A new digest, and nothing else is lost. */
static void check_rebless(const struct hd_case *the_case)
{
    unsigned variant = the_case->setting.variant;
    char *text = hd_case_print_rebless(the_case, variant, UINT64_C(0x0123456789abcdef));
    struct hd_case *again = text ? parse(text, strlen(text)) : NULL;

    if (again && (!again->has_digest[variant]
                  || again->digest[variant] != UINT64_C(0x0123456789abcdef)
                  || again->segment_count != the_case->segment_count))
        complain("a new digest has changed something else");
    if (!again && the_case->text_bytes + 64 < HD_CASE_BYTES_MAX)
        complain("with a new digest it does not read back");
    free(text);
    hd_case_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hd_case *the_case = parse((const char *)data, size);

    if (!the_case)
        return 0;
    if (the_case->text_bytes != size || memcmp(the_case->text, data, size) != 0)
        complain("read, but not kept to the byte");
    check_canonical(the_case);
    check_rebless(the_case);
    hd_case_free(the_case);
    return 0;
}
