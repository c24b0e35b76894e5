/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions entered and left: the call stack of reports, and landmarks. */
#include "native/native.h"

/* Deeper than what a trace keeps, calls are only counted. */
HD_EXPORT void __tsan_func_entry(void *caller);
HD_EXPORT void __tsan_func_entry(void *caller)
{
    struct hd_actor *self = hd_runner();
    const struct hd_site *site = hd_site_of_call(HD_CALLER());

    (void)caller;
    if (!self)
        return;
    hd_settle(self);
    if (HD_UNLIKELY((const char *)__builtin_frame_address(0) < hd_thread_of(self)->stack_limit))
        hd_program_wrong(self, "segmentation-fault", "its stack is full", HD_CALLER());
    if (self->depth + 1u >= HD_CALL_DEPTH_MAX) {
        self->deeper++;
        return;
    }
    if (self->engine->describe || self->engine->landmarks) {
        hd_locate(self->engine, site);
        hd_call_enter_(site);
    } else {
        self->calls[self->depth++] = site;
    }
}

HD_EXPORT void __tsan_func_exit(void);
HD_EXPORT void __tsan_func_exit(void)
{
    struct hd_actor *self = hd_runner();

    if (!self)
        return;
    hd_settle(self);
    if (self->deeper)
        self->deeper--;
    else if (self->depth) /* after a longjmp() more are left than were entered */
        hd_call_leave_(&self->calls[self->depth - 1]);
}
