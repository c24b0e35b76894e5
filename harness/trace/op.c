/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words for operations, from the one list. */
#include "heddle/trace.h"

const char *hd_op_word(enum hd_op op)
{
    static const char *const words[] = {
#define OP_WORD(name, word, class) [HD_OP_##name] = word,
        HD_OPS(OP_WORD)
#undef OP_WORD
    };

    return (unsigned)op < HD_OP_COUNT ? words[op] : "?";
}
