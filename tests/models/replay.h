/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replaying a shipped case from a test. */
#ifndef TESTS_MODELS_REPLAY_H
#define TESTS_MODELS_REPLAY_H

#include <stdio.h>

#include "models/search.h"

static inline struct hd_case *load_case(const char *path)
{
    struct hd_case *the_case = NULL;
    struct hd_diag diag = { "" };

    if (hd_case_load(&hd_models, path, &the_case, &diag))
        fail_msg("%s", diag.text);
    return the_case;
}

/* Follows the case in one variant and lets `look` see what happened. */
static inline void replay_case(const struct hd_case *the_case, unsigned variant,
                               void (*look)(void *context, const struct hd_engine *engine,
                                            const struct hd_strategy *guided,
                                            const struct hd_execution *execution),
                               void *context)
{
    struct hd_setting setting = the_case->setting;
    struct hd_strategy *guided = NULL;
    struct hd_execution execution;
    struct hd_engine *engine;

    setting.variant = variant;
    engine = engine_for(&setting, true);
    assert_int_equal(hd_strategy_guided(the_case, engine, &guided), HD_OK);
    assert_int_equal(hd_execute(engine, guided, &execution), HD_OK);
    look(context, engine, guided, &execution);
    hd_strategy_free(guided);
    hd_engine_free(engine);
}

#endif
