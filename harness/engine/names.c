/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What objects are called: the name that was given, a variable of the program, or by whom and the
 * how-manieth it was allocated. */
#include <stdio.h>
#include <string.h>

#include "engine/engine.h"
#include "input/names.h"

/* The name given to the object itself, or else to the nearest byte before it in the same
 * allocation. */
static const struct hd_name *name_of(const struct hd_engine *engine, hd_object_id object)
{
    const struct hd_name *best = NULL;

    for (uint32_t i = 0; i < engine->name_count; i++) {
        const struct hd_name *name = &engine->names[i];

        if (hd_object_allocation(name->object) == hd_object_allocation(object) &&
            name->object <= object && (!best || best->object <= name->object))
            best = name;
    }
    return best;
}

/* Of a program: a variable, or a place on a stack. */
static int outside_format(const struct hd_engine *engine, hd_object_id object, char *text,
                          size_t bytes)
{
    size_t offset = hd_arena_object(&engine->arena, object)->start + hd_object_byte(object);

    if (offset >= HD_MAPPED_BYTES)
        return engine->setting.scenario->image->name(offset - HD_MAPPED_BYTES, text, bytes);
    offset -= HD_ARENA_BYTES;
    if (offset < HD_MAIN_STACK_BYTES)
        return snprintf(text, bytes, "%s's stack-%zu", hd_engine_actor_name(engine, 0),
                        HD_MAIN_STACK_BYTES - offset);
    offset -= HD_MAIN_STACK_BYTES;
    return snprintf(text, bytes, "%s's stack-%zu",
                    hd_engine_actor_name(engine, (hd_actor_id)(offset / HD_STACK_BYTES + 1)),
                    HD_STACK_BYTES - offset % HD_STACK_BYTES);
}

int hd_object_format(const struct hd_engine *engine, hd_object_id object, char *text, size_t bytes)
{
    const struct hd_name *name = object == HD_OBJECT_NONE ? NULL : name_of(engine, object);
    uint32_t allocator = hd_object_actor(object);

    if (object == HD_OBJECT_NONE)
        return snprintf(text, bytes, "-");
    if (allocator > HD_ACTOR_SETUP)
        return outside_format(engine, object, text, bytes);
    if (name)
        return hd_name_format(text, bytes, name->name, name->index);
    return snprintf(text, bytes, "%s#%u+%u",
                    allocator == HD_ACTOR_SETUP
                        ? "setup"
                        : hd_engine_actor_name(engine, (hd_actor_id)allocator),
                    hd_object_number(object), hd_object_byte(object));
}

hd_object_id hd_object_find(const struct hd_engine *engine, const char *name, int index)
{
    for (uint32_t i = 0; i < engine->name_count; i++)
        if (engine->names[i].index == index && !strcmp(engine->names[i].name, name))
            return engine->names[i].object;
    return HD_OBJECT_NONE;
}
