/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How often ThreadSanitizer has reported.  Without it everything here says so, and a test then
 * checks the engine's half of its claim alone.
 */
#ifndef HD_TESTS_REPORTS_H
#define HD_TESTS_REPORTS_H

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tiny.h"

void __tsan_init(void) __attribute__((weak));
void __tsan_on_report(void *report);

static atomic_uint reports;

HIDDEN void __tsan_on_report(void *report)
{
    (void)report;
    atomic_fetch_add_explicit(&reports, 1, memory_order_relaxed);
}

static inline bool tsan_is_here(void)
{
    return __tsan_init != NULL;
}

/* Since the last call. */
static inline unsigned take_reports(void)
{
    return atomic_exchange_explicit(&reports, 0, memory_order_relaxed);
}

/* Were there any, or, without TSan, is there nothing to say? */
static inline void expect_reports(bool some, const char *of)
{
    unsigned count = take_reports();

    if ((count > 0) != (some && tsan_is_here()))
        fail_msg("%s: %u reports", of, count);
}

/* What TSan does at a report can only be said when a program starts, and a caller may have said
 * otherwise: starts it again with these options, where TSan is. */
static inline void restart_with(char **argv, const char *tsan_options)
{
    const char *options = getenv("TSAN_OPTIONS");

    if (!tsan_is_here() || (options && !strcmp(options, tsan_options)))
        return;
    setenv("TSAN_OPTIONS", tsan_options, 1);
    execv("/proc/self/exe", argv);
    abort();
}

#endif
