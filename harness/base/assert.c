/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/assert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void hd_assert_failed(const char *text, const char *file, unsigned line, const char *function)
{
    fprintf(stderr, "heddle: bug in heddle: %s:%u: %s: '%s' is false\n", file, line, function,
            text);
    abort();
}

void hd_assert_failed_values(const char *text, uint64_t left, uint64_t right, const char *file,
                             unsigned line, const char *function)
{
    fprintf(stderr,
            "heddle: bug in heddle: %s:%u: %s: '%s' is false: left is %" PRIu64
            ", right is %" PRIu64 "\n",
            file, line, function, text, left, right);
    abort();
}
