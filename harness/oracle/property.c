/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The scenario's own checks: HD_CHECK in an actor, which the engine carries out, and check(), asked
 * here once all tasks have ended and nobody runs.
 */
#include "oracle/oracle.h"

static void property_end(struct hd_engine *engine)
{
    if (engine->end == HD_END_COMPLETE)
        hd_engine_check(engine);
}

const struct hd_oracle_ops hd_oracle_property = { .oracle = HD_ORACLE_PROPERTY,
                                                  .end = property_end };
