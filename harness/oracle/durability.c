/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Durability: after every step that changes the disk, and where the power fails, the scenario's
 * recover() says whether what the disk now holds is something that may be found after a power loss.
 * Between two writes the disk does not change, so every instant is covered.
 */
#include "oracle/oracle.h"

static void judge_disk(struct hd_engine *engine)
{
    engine->recovering = true;
    if (AnnotateIgnoreReadsBegin) /* it looks at everything at once, as nothing in the program does
                                   */
        AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
    engine->setting.scenario->recover(engine->state);
    if (AnnotateIgnoreReadsEnd)
        AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
    engine->recovering = false;
}

static void durability_begin(struct hd_engine *engine)
{
    if (engine->setting.scenario->recover)
        engine->watch.disk = judge_disk;
}

const struct hd_oracle_ops hd_oracle_durability = { .oracle = HD_ORACLE_DURABILITY,
                                                    .begin = durability_begin };
