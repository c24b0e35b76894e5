/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/handover.h"

#include <linux/futex.h>
#include <stddef.h>
#include <sys/auxv.h>
#include <sys/syscall.h>

/*
 * void hd_switch_stack(void **save, void *to)
 *     Saves what the ABI says a callee keeps, and goes on at `to`, saved likewise.
 * void hd_switch_fiber(void **save, void *to, void *thread_pointer)
 *     The same, and sets the thread pointer in the same breath.
 *
 * x86-64 ends in pop and jump: a `ret` to another stack's address would be mispredicted each time.
 */
void hd_switch_stack(void **save, void *to);
void hd_switch_fiber(void **save, void *to, void *thread_pointer);
void hd_context_entry(void);

#if defined(__x86_64__)
#define SAVE                                                                                       \
    "  pushq %rbp\n  pushq %rbx\n  pushq %r12\n  pushq %r13\n  pushq %r14\n  pushq %r15\n"         \
    "  movq %rsp, (%rdi)\n"
#define RESTORE                                                                                    \
    "  movq %rsi, %rsp\n"                                                                          \
    "  popq %r15\n  popq %r14\n  popq %r13\n  popq %r12\n  popq %rbx\n  popq %rbp\n"               \
    "  popq %rcx\n  jmp *%rcx\n"
__asm__(".text\n.p2align 4\n.globl hd_switch_stack\n.hidden hd_switch_stack\n"
        ".type hd_switch_stack, @function\nhd_switch_stack:\n  .cfi_startproc\n" SAVE RESTORE
        "  .cfi_endproc\n.size hd_switch_stack, .-hd_switch_stack\n"
        ".p2align 4\n.globl hd_switch_fiber\n.hidden hd_switch_fiber\n"
        ".type hd_switch_fiber, @function\nhd_switch_fiber:\n  .cfi_startproc\n" SAVE
        "  wrfsbase %rdx\n" RESTORE "  .cfi_endproc\n.size hd_switch_fiber, .-hd_switch_fiber\n"
        /* r12: function, r13: argument.  No return address: back-traces end here. */
        ".p2align 4\n.globl hd_context_entry\n.hidden hd_context_entry\n"
        ".type hd_context_entry, @function\nhd_context_entry:\n  .cfi_startproc\n"
        "  .cfi_undefined rip\n  movq %r13, %rdi\n  callq *%r12\n  ud2\n  .cfi_endproc\n"
        ".size hd_context_entry, .-hd_context_entry\n");

static void *thread_pointer(void)
{
    void *value;

    __asm__("movq %%fs:0, %0" : "=r"(value)); /* the TCB's first word points to itself (psABI) */
    return value;
}

static void *make_stack(unsigned char *stack, size_t bytes, void (*function)(void *), void *argument)
{
    uint64_t *sp = (uint64_t *)(void *)(stack + bytes);

    *--sp = 0;
    *--sp = 0;
    *--sp = (uint64_t)hd_context_entry; /* popped: the stack is then 16-aligned, as before a call */
    *--sp = 0;                  /* rbp */
    *--sp = 0;                  /* rbx */
    *--sp = (uint64_t)function; /* r12 */
    *--sp = (uint64_t)argument; /* r13 */
    *--sp = 0;                  /* r14 */
    *--sp = 0;                  /* r15 */
    return sp;
}

bool hd_handover_fiber_supported(void)
{
    return getauxval(AT_HWCAP2) & (1u << 1); /* HWCAP2_FSGSBASE */
}

static void futex(uint32_t *word, int operation, uint32_t value)
{
    register const void *timeout __asm__("r10") = NULL;
    long result;

    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(SYS_futex), "D"(word), "S"(operation), "d"(value), "r"(timeout)
                     : "rcx", "r11", "memory");
}

#elif defined(__aarch64__)
#define SAVE                                                                                       \
    "  sub sp, sp, #160\n  stp x19, x20, [sp]\n  stp x21, x22, [sp, #16]\n"                        \
    "  stp x23, x24, [sp, #32]\n  stp x25, x26, [sp, #48]\n  stp x27, x28, [sp, #64]\n"            \
    "  stp x29, x30, [sp, #80]\n  stp d8, d9, [sp, #96]\n  stp d10, d11, [sp, #112]\n"             \
    "  stp d12, d13, [sp, #128]\n  stp d14, d15, [sp, #144]\n  mov x9, sp\n  str x9, [x0]\n"
#define RESTORE                                                                                    \
    "  mov sp, x1\n  ldp x19, x20, [sp]\n  ldp x21, x22, [sp, #16]\n"                              \
    "  ldp x23, x24, [sp, #32]\n  ldp x25, x26, [sp, #48]\n  ldp x27, x28, [sp, #64]\n"            \
    "  ldp x29, x30, [sp, #80]\n  ldp d8, d9, [sp, #96]\n  ldp d10, d11, [sp, #112]\n"             \
    "  ldp d12, d13, [sp, #128]\n  ldp d14, d15, [sp, #144]\n  add sp, sp, #160\n  ret\n"
__asm__(".text\n.p2align 4\n.globl hd_switch_stack\n.hidden hd_switch_stack\n"
        ".type hd_switch_stack, %function\nhd_switch_stack:\n  .cfi_startproc\n" SAVE RESTORE
        "  .cfi_endproc\n.size hd_switch_stack, .-hd_switch_stack\n"
        ".p2align 4\n.globl hd_switch_fiber\n.hidden hd_switch_fiber\n"
        ".type hd_switch_fiber, %function\nhd_switch_fiber:\n  .cfi_startproc\n" SAVE
        "  msr tpidr_el0, x2\n" RESTORE
        "  .cfi_endproc\n.size hd_switch_fiber, .-hd_switch_fiber\n"
        /* x19: function, x20: argument. */
        ".p2align 4\n.globl hd_context_entry\n.hidden hd_context_entry\n"
        ".type hd_context_entry, %function\nhd_context_entry:\n  .cfi_startproc\n"
        "  .cfi_undefined x30\n  mov x0, x20\n  blr x19\n  brk #1\n  .cfi_endproc\n"
        ".size hd_context_entry, .-hd_context_entry\n");

static void *thread_pointer(void)
{
    void *value;

    __asm__("mrs %0, tpidr_el0" : "=r"(value));
    return value;
}

static void *make_stack(unsigned char *stack, size_t bytes, void (*function)(void *), void *argument)
{
    uint64_t *sp = (uint64_t *)(void *)(stack + bytes) - 20;

    for (unsigned i = 0; i < 20; i++)
        sp[i] = 0;
    sp[0] = (uint64_t)function;
    sp[1] = (uint64_t)argument;
    sp[11] = (uint64_t)hd_context_entry;
    return sp;
}

bool hd_handover_fiber_supported(void)
{
    return true; /* TPIDR_EL0 is the program's to set */
}

static void futex(uint32_t *word, int operation, uint32_t value)
{
    register long number __asm__("x8") = SYS_futex;
    register long x0 __asm__("x0") = (long)word;
    register long x1 __asm__("x1") = operation;
    register long x2 __asm__("x2") = value;
    register long x3 __asm__("x3") = 0;

    __asm__ volatile("svc 0" : "+r"(x0) : "r"(number), "r"(x1), "r"(x2), "r"(x3) : "memory");
}

#else
#error "the hand-over is written for x86-64 and aarch64"
#endif

static void futex_wake(uint32_t *word)
{
    __atomic_store_n(word, 1, __ATOMIC_RELEASE);
    futex(word, FUTEX_WAKE_PRIVATE, 1);
}

static void futex_wait(uint32_t *word)
{
    while (!__atomic_load_n(word, __ATOMIC_ACQUIRE))
        futex(word, FUTEX_WAIT_PRIVATE, 0);
}

/* Runs on the park stack, in the pthread's own kernel thread, whenever its ordinary stack rests. */
static void park_loop(void *argument)
{
    struct hd_context *self = argument;

    futex_wake(&self->ready);
    for (;;) {
        struct hd_context *successor = self->successor;

        self->successor = NULL;
        if (successor)
            futex_wake(&successor->awake);
        futex_wait(&self->awake);
        __atomic_store_n(&self->awake, 0, __ATOMIC_RELAXED);
        hd_switch_stack(&self->park_pointer, self->stack_pointer);
    }
}

static void make_park_stack(struct hd_context *self)
{
    self->park_pointer = make_stack(self->park_stack, sizeof self->park_stack, park_loop, self);
}

void hd_context_park(struct hd_context *self)
{
    self->thread_pointer = thread_pointer();
    make_park_stack(self);
    hd_switch_stack(&self->stack_pointer, self->park_pointer);
}

void hd_context_wait_ready(struct hd_context *context)
{
    futex_wait(&context->ready);
}

void hd_context_adopt(struct hd_context *driver)
{
    driver->thread_pointer = thread_pointer();
    make_park_stack(driver);
}

void hd_hand_over_fiber(struct hd_context *from, struct hd_context *to)
{
    hd_switch_fiber(&from->stack_pointer, to->stack_pointer, to->thread_pointer);
}

void hd_hand_over_thread(struct hd_context *from, struct hd_context *to)
{
    from->successor = to;
    hd_switch_stack(&from->stack_pointer, from->park_pointer);
}

void hd_context_resume_own(struct hd_context *context)
{
    futex_wake(&context->awake);
}
