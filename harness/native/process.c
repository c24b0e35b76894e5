/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a program ends: well, by its own hand, or by a signal. */
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "native/native.h"

#define SIGNAL_STACK_BYTES (512u * 1024) /* looking up a place takes some */

void hd_program_wrong(struct hd_actor *self, const char *kind, const char *detail, const void *pc)
{
    hd_pend_bare(self, hd_site_at(pc), HD_OP_STEP);
    hd_incident(self, HD_ORACLE_PROPERTY, kind, detail, hd_site_at(pc), HD_OBJECT_NONE, UINT32_MAX);
    hd_finish(self, HD_END_CUT); /* the oracle is not in force */
}

_Noreturn void hd_unsupported(struct hd_actor *self, const char *what, const void *pc)
{
    hd_program_wrong(self, "unsupported", what, pc);
    hd_finish(self, HD_END_CUT);
}

_Noreturn void hd_quit(struct hd_actor *self, const void *pc, int status)
{
    hd_pend_bare(self, hd_site_at(pc), HD_OP_QUIT);
    hd_point(self);
    hd_record(self, (uint64_t)status, true);
    if (status != 0)
        hd_incident(self, HD_ORACLE_PROPERTY, "exit-status", "the program ended with a failure",
                    hd_site_at(pc), HD_OBJECT_NONE, UINT32_MAX);
    hd_finish(self, HD_END_QUIT);
}

HD_EXPORT void exit(int status)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (self)
        hd_quit(self, pc, status);
    HD_REAL(exit)(status);
    __builtin_unreachable();
}

HD_EXPORT void _exit(int status)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (self)
        hd_quit(self, pc, status);
    HD_REAL(_exit)(status);
    __builtin_unreachable();
}

HD_EXPORT void abort(void)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (self)
        hd_program_wrong(self, "abort", "abort() was called", pc);
    HD_REAL(abort)();
    __builtin_unreachable();
}

HD_EXPORT _Noreturn void __assert_fail(const char *text, const char *file, unsigned line,
                                       const char *function);
HD_EXPORT _Noreturn void __assert_fail(const char *text, const char *file, unsigned line,
                                       const char *function)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_caller(pc);

    if (self)
        hd_program_wrong(self, "assertion", text, pc);
    HD_REAL(__assert_fail)(text, file, line, function);
    __builtin_unreachable();
}

/* ---- Signals that the program's own instructions raise --------------------------------------- */

static const struct {
    int number;
    const char *kind, *detail;
} faults[] = {
    { SIGSEGV, "segmentation-fault", "touched memory that is not there" },
    { SIGBUS, "bus-error", "touched memory behind the end of a file, or misaligned" },
    { SIGFPE, "arithmetic-fault", "divided by zero, or overflowed a division" },
    { SIGILL, "illegal-instruction", "ran into what is no instruction" },
};

static void *place_of(const ucontext_t *context)
{
#if defined(__x86_64__)
    return (void *)context->uc_mcontext.gregs[REG_RIP];
#else
    return (void *)context->uc_mcontext.pc;
#endif
}

/* On a stack of its own, for the actor's may have no room left.  It is not returned from: the actor
 * is abandoned there. */
static void fault(int number, siginfo_t *info, void *context)
{
    struct hd_actor *self = hd_runner();
    const void *pc = place_of(context);
    /* Of its own stack only the guard below can't be touched. */
    bool overflow = self && number == SIGSEGV && hd_on_own_stack(self, info->si_addr);

    if (!self || (hd_in_own(pc) && !overflow)) { /* ours, or nobody's: die of it */
        signal(number, SIG_DFL);
        return;
    }
    if (overflow)
        self->late = UINT32_MAX;
    hd_settle(self);
    if (!hd_in_text(pc)) /* in a library: whoever called it last is named */
        pc = self->depth ? hd_place_of(self->calls[self->depth - 1]) : pc;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (faults[i].number == number)
            hd_program_wrong(self, faults[i].kind,
                             overflow ? "its stack is full" : faults[i].detail, pc);
}

void hd_signals_catch(void)
{
    struct sigaction action = { .sa_sigaction = fault,
                                .sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK };

    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        sigaction(faults[i].number, &action, NULL);
}

void hd_signals_stack(void)
{
    static __thread bool done;
    stack_t stack = { .ss_size = SIGNAL_STACK_BYTES };

    if (done)
        return;
    done = true;
    stack.ss_sp = mmap(NULL, stack.ss_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                       -1, 0);
    if (stack.ss_sp != MAP_FAILED)
        sigaltstack(&stack, NULL);
}
