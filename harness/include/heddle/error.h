/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors: what went wrong in the world around us, never in the program under test (that is a
 * verdict). */
#ifndef HD_ERROR_H
#define HD_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

/* The one list: name, text.  HD_OK is zero. */
#define HD_ERRORS(X)                                                                               \
    X(OK, "no error")                                                                              \
    X(E_NOMEM, "out of memory")                                                                    \
    X(E_RANGE, "value out of range")                                                               \
    X(E_UNKNOWN, "unknown name")                                                                   \
    X(E_MALFORMED, "malformed input")                                                              \
    X(E_IO, "input or output failed")                                                              \
    X(E_UNSUPPORTED, "not supported here")                                                         \
    X(E_STOPPED, "stopped before complete")                                                        \
    X(E_DIVERGED, "the replay diverged")                                                           \
    X(E_NONDETERMINISTIC, "the execution differs when run twice")

enum hd_error {
#define HD_ERROR_ENUM(name, text) HD_##name,
    HD_ERRORS(HD_ERROR_ENUM)
#undef HD_ERROR_ENUM
};

/* The text of an error, a constant in English without a full stop. */
const char *hd_error_text(enum hd_error error);

/*
 * A message for the user, filled in where an error is first known: what and where, one line, no
 * newline.  Functions that take one accept NULL; they touch it only when they fail.
 */
#define HD_DIAG_BYTES 512
struct hd_diag {
    char text[HD_DIAG_BYTES];
};

/* Formats into diag (may be NULL) and returns error, so that a failure is one statement. */
enum hd_error hd_fail(struct hd_diag *diag, enum hd_error error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#ifdef __cplusplus
}
#endif
#endif
