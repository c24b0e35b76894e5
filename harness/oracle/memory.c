/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory.  Dead, wild and null accesses are seen by the engine as they happen (engine/memory.c);
 * what is left for the end is what was never freed.
 */
#include "oracle/oracle.h"

static void memory_end(struct hd_engine *engine)
{
    hd_object_id first;

    if (engine->end != HD_END_COMPLETE || !hd_arena_leaks(&engine->arena, &first))
        return;
    hd_oracle_judge(engine, HD_ORACLE_MEMORY, "leak", "an object was never freed", HD_ACTOR_NONE,
                    hd_arena_object(&engine->arena, first)->allocated_by, first);
}

const struct hd_oracle_ops hd_oracle_memory = { .oracle = HD_ORACLE_MEMORY, .end = memory_end };
