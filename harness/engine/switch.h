/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The switch of stacks itself, in assembly.
 *
 *   hd_switch_stack(save, to)          goes on at the stack `to`, leaving its own in *save
 *   hd_switch_fiber(save, to, tp)      the same, and sets the thread pointer
 *   hd_stack_make(...)                 a fresh stack that will call function(argument)
 *
 * Inline, and not a function that is called: the processor predicts returns by the calls it has
 * seen, and a call that returns on another stack would leave every return behind it mispredicted.
 * All registers that a callee keeps are declared lost, so the compiler saves those that matter;
 * only the frame pointer must be saved by hand.  At rest a stack holds, from its top: where to go
 * on, the frame pointer.
 */
#ifndef HD_SWITCH_H
#define HD_SWITCH_H

#include <stddef.h>
#include <stdint.h>

void hd_stack_entry(void);

#if defined(__x86_64__)

/* The 128 bytes below the stack pointer may be in use (psABI red zone). */
#define HD_SWITCH_ASM_(set_thread_pointer)                                                         \
    "leaq -128(%%rsp), %%rsp\n\t"                                                                  \
    "pushq %%rbp\n\t"                                                                              \
    "leaq 1f(%%rip), %%rax\n\t"                                                                    \
    "pushq %%rax\n\t"                                                                              \
    "movq %%rsp, (%%rdi)\n\t" set_thread_pointer "movq %%rsi, %%rsp\n\t"                           \
    "popq %%rax\n\t"                                                                               \
    "jmpq *%%rax\n"                                                                                \
    "1:\n\t"                                                                                       \
    "popq %%rbp\n\t"                                                                               \
    "leaq 128(%%rsp), %%rsp\n\t"
#define HD_SWITCH_LOST_                                                                            \
    "rax", "rbx", "rcx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "cc", "memory"

static inline __attribute__((always_inline)) void hd_switch_stack(void **save, void *to)
{
    void *unused = NULL;

    __asm__ volatile(HD_SWITCH_ASM_("") : "+D"(save), "+S"(to), "+d"(unused) : : HD_SWITCH_LOST_);
}

static inline __attribute__((always_inline)) void hd_switch_fiber(void **save, void *to,
                                                                  void *thread_pointer)
{
    __asm__ volatile(HD_SWITCH_ASM_("wrfsbase %%rdx\n\t")
                     : "+D"(save), "+S"(to), "+d"(thread_pointer)
                     :
                     : HD_SWITCH_LOST_);
}

static inline void *hd_stack_make(unsigned char *stack, size_t bytes, void (*function)(void *),
                                  void *argument)
{
    uint64_t *sp = (uint64_t *)(void *)(stack + bytes) - 4;

    sp[0] = (uint64_t)hd_stack_entry;
    sp[1] = (uint64_t)function;
    sp[2] = (uint64_t)argument;
    sp[3] = 0;
    return sp;
}

#elif defined(__aarch64__)

#define HD_SWITCH_ASM_(set_thread_pointer)                                                         \
    "sub sp, sp, #16\n\t"                                                                          \
    "adr x9, 1f\n\t"                                                                               \
    "stp x9, x29, [sp]\n\t"                                                                        \
    "mov x9, sp\n\t"                                                                               \
    "str x9, [x0]\n\t" set_thread_pointer "mov sp, x1\n\t"                                         \
    "ldp x9, x29, [sp]\n\t"                                                                        \
    "br x9\n"                                                                                      \
    "1:\n\t"                                                                                       \
    "add sp, sp, #16\n\t"
#define HD_SWITCH_LOST_                                                                            \
    "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16",     \
        "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x30", \
        "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13",   \
        "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", \
        "v27", "v28", "v29", "v30", "v31", "cc", "memory"

static inline __attribute__((always_inline)) void hd_switch_stack(void **save, void *to)
{
    register void **x0 __asm__("x0") = save;
    register void *x1 __asm__("x1") = to;
    register void *x2 __asm__("x2") = NULL;

    __asm__ volatile(HD_SWITCH_ASM_("") : "+r"(x0), "+r"(x1), "+r"(x2) : : HD_SWITCH_LOST_);
}

static inline __attribute__((always_inline)) void hd_switch_fiber(void **save, void *to,
                                                                  void *thread_pointer)
{
    register void **x0 __asm__("x0") = save;
    register void *x1 __asm__("x1") = to;
    register void *x2 __asm__("x2") = thread_pointer;

    __asm__ volatile(HD_SWITCH_ASM_("msr tpidr_el0, x2\n\t")
                     : "+r"(x0), "+r"(x1), "+r"(x2)
                     :
                     : HD_SWITCH_LOST_);
}

static inline void *hd_stack_make(unsigned char *stack, size_t bytes, void (*function)(void *),
                                  void *argument)
{
    uint64_t *sp = (uint64_t *)(void *)(stack + bytes) - 4;

    sp[0] = (uint64_t)hd_stack_entry;
    sp[1] = 0; /* the frame pointer */
    sp[2] = (uint64_t)function;
    sp[3] = (uint64_t)argument;
    return sp;
}

#else
#error "the hand-over is written for x86-64 and aarch64"
#endif
#endif
