// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parks a task at the entry of a named kernel function, asleep and in its own context, until it is
 * told to go on: how a schedule's landmarks are held on a kernel that nobody has changed.
 *
 * The entry is redirected by ftrace (IPMODIFY) to parked(), which sleeps and then calls the
 * original with the arguments that it was given.  So only functions of at most six arguments in
 * registers can be held, that are not inlined, and only where sleeping is legal: elsewhere the
 * task goes on at once, and the hold says `refused`.
 *
 * /proc/heddle_hold, written:  arm PID SKIP FUNCTION   hold PID at its (SKIP + 1)-th entry from now
 *                              release PID             let it go on
 *                              find FUNCTION           an error if it can't be held
 *                   read:      PID STATE FUNCTION      a line for each hold, in order
 *
 * A hold is for one use; a machine is restored or booted for each replay.
 */
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#define HOLDS_MAX      16
#define FUNCTION_BYTES 96
/* So that a host that has gone away leaves no task asleep for ever. */
#define PARKED_AT_MOST (300 * HZ)

enum hold_state { ARMED, CAUGHT, HELD, REFUSED, RELEASED };
static const char *const state_words[] = { "armed", "caught", "held", "refused", "released" };

struct hold {
    struct ftrace_ops ops;
    char function[FUNCTION_BYTES];
    pid_t pid;
    unsigned int skip;   /* entries to let pass first */
    unsigned long entry; /* where the original goes on; valid from CAUGHT on */
    enum hold_state state;
};

static struct hold holds[HOLDS_MAX];
static unsigned int hold_count; /* grows under holds_lock, after the entry is complete */
static DEFINE_MUTEX(holds_lock);
static DECLARE_WAIT_QUEUE_HEAD(released);

typedef unsigned long (*six_t)(unsigned long, unsigned long, unsigned long, unsigned long,
                               unsigned long, unsigned long);

static struct hold *hold_in(pid_t pid, enum hold_state state)
{
    unsigned int i;

    for (i = 0; i < smp_load_acquire(&hold_count); i++)
        if (holds[i].pid == pid && READ_ONCE(holds[i].state) == state)
            return &holds[i];
    return NULL;
}

/* Stands where the original stood, with its arguments. */
static noinline unsigned long parked(unsigned long a, unsigned long b, unsigned long c,
                                     unsigned long d, unsigned long e, unsigned long f)
{
    struct hold *hold = hold_in(task_pid_nr(current), CAUGHT);

    if (in_atomic() || irqs_disabled() || rcu_preempt_depth()) {
        WRITE_ONCE(hold->state, REFUSED);
    } else {
        WRITE_ONCE(hold->state, HELD);
        wait_event_idle_timeout(released, READ_ONCE(hold->state) == RELEASED, PARKED_AT_MOST);
        WRITE_ONCE(hold->state, RELEASED);
    }
    return ((six_t)hold->entry)(a, b, c, d, e, f);
}

static void notrace at_entry(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
                             struct ftrace_regs *fregs)
{
    struct hold *hold = container_of(ops, struct hold, ops);
    struct pt_regs *regs = ftrace_get_regs(fregs);

    if (!regs || task_pid_nr(current) != hold->pid || READ_ONCE(hold->state) != ARMED)
        return; /* parked() comes through here as well: its hold is RELEASED or REFUSED by then */
    if (hold->skip > 0) {
        hold->skip--;
        return;
    }
    hold->entry = ip;
    WRITE_ONCE(hold->state, CAUGHT);
    regs->ip = (unsigned long)parked;
}

static int arm(pid_t pid, unsigned int skip, const char *function)
{
    struct hold *hold;
    int error;

    if (hold_count == HOLDS_MAX)
        return -ENOSPC;
    hold = &holds[hold_count];
    memset(hold, 0, sizeof *hold);
    strscpy(hold->function, function, sizeof hold->function);
    hold->pid = pid;
    hold->skip = skip;
    hold->state = ARMED;
    hold->ops.func = at_entry;
    hold->ops.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_RECURSION;
    error = ftrace_set_filter(&hold->ops, hold->function, strlen(hold->function), 0);
    if (!error)
        error = register_ftrace_function(&hold->ops);
    if (!error)
        smp_store_release(&hold_count, hold_count + 1);
    return error;
}

static int release(pid_t pid)
{
    struct hold *hold = hold_in(pid, HELD);

    if (!hold)
        return -ESRCH;
    WRITE_ONCE(hold->state, RELEASED);
    wake_up_all(&released);
    return 0;
}

/* 0 if ftrace knows the function. */
static int find(const char *function)
{
    static struct ftrace_ops probe = { .func = at_entry }; /* never registered */

    return ftrace_set_filter(&probe, (unsigned char *)function, strlen(function), 1);
}

static ssize_t hold_write(struct file *file, const char __user *text, size_t bytes, loff_t *pos)
{
    char line[FUNCTION_BYTES + 32], function[FUNCTION_BYTES];
    unsigned int skip;
    int pid, error = -EINVAL;

    if (bytes >= sizeof line)
        return -EINVAL;
    if (copy_from_user(line, text, bytes))
        return -EFAULT;
    line[bytes] = '\0';
    mutex_lock(&holds_lock);
    if (sscanf(line, "arm %d %u %95s", &pid, &skip, function) == 3)
        error = arm(pid, skip, function);
    else if (sscanf(line, "release %d", &pid) == 1)
        error = release(pid);
    else if (sscanf(line, "find %95s", function) == 1)
        error = find(function);
    mutex_unlock(&holds_lock);
    return error ? error : (ssize_t)bytes;
}

static int hold_show(struct seq_file *out, void *unused)
{
    unsigned int i;

    for (i = 0; i < smp_load_acquire(&hold_count); i++)
        seq_printf(out, "%d %s %s\n", holds[i].pid, state_words[READ_ONCE(holds[i].state)],
                   holds[i].function);
    return 0;
}

static int hold_open(struct inode *inode, struct file *file)
{
    return single_open(file, hold_show, NULL);
}

static const struct proc_ops hold_proc = {
    .proc_open = hold_open,
    .proc_read = seq_read,
    .proc_lseek = seq_lseek,
    .proc_release = single_release,
    .proc_write = hold_write,
};

static int __init hold_init(void)
{
    return proc_create("heddle_hold", 0600, NULL, &hold_proc) ? 0 : -ENOMEM;
}

/* No exit: a task may stand in parked(). */
module_init(hold_init);
MODULE_DESCRIPTION("parks a task at the entry of a named function");
MODULE_LICENSE("GPL");
