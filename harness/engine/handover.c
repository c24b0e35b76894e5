/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/handover.h"

#include <linux/futex.h>
#include <sys/auxv.h>
#include <sys/syscall.h>

#include "engine/switch.h"

/* Where a fresh stack starts: see hd_stack_make().  No return address: back-traces end here. */
#if defined(__x86_64__)
__asm__(".text\n.p2align 4\n.globl hd_stack_entry\n.hidden hd_stack_entry\n"
        ".type hd_stack_entry, @function\nhd_stack_entry:\n  .cfi_startproc\n"
        "  .cfi_undefined rip\n  popq %rax\n  popq %rdi\n  xorl %ebp, %ebp\n"
        "  addq $8, %rsp\n  callq *%rax\n  ud2\n  .cfi_endproc\n"
        ".size hd_stack_entry, .-hd_stack_entry\n");

static void *thread_pointer(void)
{
    void *value;

    __asm__("movq %%fs:0, %0" : "=r"(value)); /* the TCB's first word points to itself (psABI) */
    return value;
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

#else /* aarch64: switch.h refuses all others */
__asm__(".text\n.p2align 4\n.globl hd_stack_entry\n.hidden hd_stack_entry\n"
        ".type hd_stack_entry, %function\nhd_stack_entry:\n  .cfi_startproc\n"
        "  .cfi_undefined x30\n  ldp x9, x0, [sp, #16]\n  mov x29, #0\n  mov x30, #0\n"
        "  add sp, sp, #32\n  blr x9\n  brk #1\n  .cfi_endproc\n"
        ".size hd_stack_entry, .-hd_stack_entry\n");

static void *thread_pointer(void)
{
    void *value;

    __asm__("mrs %0, tpidr_el0" : "=r"(value));
    return value;
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
    self->park_pointer = hd_stack_make(self->park_stack, sizeof self->park_stack, park_loop, self);
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

void hd_hand_over_thread(struct hd_context *from, struct hd_context *to)
{
    from->successor = to;
    hd_switch_stack(&from->stack_pointer, from->park_pointer);
}

void hd_context_resume_own(struct hd_context *context)
{
    futex_wake(&context->awake);
}
