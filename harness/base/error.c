/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "heddle/error.h"

#include <stdarg.h>
#include <stdio.h>

const char *hd_error_text(enum hd_error error)
{
    static const char *const texts[] = {
#define HD_ERROR_TEXT(name, text) [HD_##name] = text,
        HD_ERRORS(HD_ERROR_TEXT)
#undef HD_ERROR_TEXT
    };

    return (size_t)error < sizeof texts / sizeof texts[0] ? texts[error] : "unknown error";
}

enum hd_error hd_fail(struct hd_diag *diag, enum hd_error error, const char *format, ...)
{
    va_list arguments;

    if (diag) {
        va_start(arguments, format);
        vsnprintf(diag->text, sizeof diag->text, format, arguments);
        va_end(arguments);
    }
    return error;
}
