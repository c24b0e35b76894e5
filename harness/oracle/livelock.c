/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Livelock: the execution went beyond the scenario's step limit.  Together with fairness (who
 * yields is passed over until the others have gone on) that is a program that makes no progress;
 * the limit is the passport's promise that a sound execution is no longer.
 */
#include "oracle/oracle.h"

static void livelock_end(struct hd_engine *engine)
{
    hd_actor_id running = engine->choice.running;

    if (engine->end == HD_END_LIMIT)
        hd_oracle_judge(engine, HD_ORACLE_LIVELOCK, "livelock", "no end within the step limit",
                        running, engine->views[running].site,
                        engine->views[running].pending.object);
}

const struct hd_oracle_ops hd_oracle_livelock = { .oracle = HD_ORACLE_LIVELOCK,
                                                  .end = livelock_end };
