/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For debuggers: a function to stop in, on the stack of the actor that is about to take a step. */
#include "engine/engine.h"

#define THREAD_NAME_BYTES 16 /* the kernel's limit, with the NUL */

/* The arguments are what a debugger shows of a stop. */
__attribute__((noinline)) void hd_debugger_step(uint32_t step, const char *actor,
                                                const char *operation, const char *object)
{
    __asm__ volatile("" : : "r"(step), "r"(actor), "r"(operation), "r"(object) : "memory");
}

/* So that `info threads` tells actors apart. */
static void name_threads(const struct hd_engine *engine)
{
    for (unsigned i = 0; i < engine->actors; i++) {
        char name[THREAD_NAME_BYTES];

        snprintf(name, sizeof name, "%.15s", engine->actor[i]->name);
        pthread_setname_np(engine->actor[i]->thread, name);
    }
}

void hd_stop_for_debugger(const struct hd_actor *self)
{
    const struct hd_engine *engine = self->engine;
    const struct hd_step *pending = &self->view->pending;
    char object[2 * HD_NAME_BYTES] = "";

    if (engine->length == 0)
        name_threads(engine);
    if (pending->object != HD_OBJECT_NONE)
        hd_object_format(engine, pending->object, object, sizeof object);
    hd_debugger_step(engine->length, self->name, hd_op_word((enum hd_op)pending->op), object);
}
