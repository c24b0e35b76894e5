/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/report.h"

#include <errno.h>
#include <string.h>

/* Why a step ended. */
static void print_end(const struct hd_guest_wait *wait, FILE *out)
{
    switch (wait->state) {
    case HD_GUEST_HELD:
        fprintf(out, "stands at %s", wait->where);
        break;
    case HD_GUEST_REFUSED:
        fprintf(out, "entered %s, where nobody may sleep", wait->where);
        break;
    case HD_GUEST_ENDED:
        if (wait->result < 0)
            fprintf(out, "returned %ld (%s)", wait->result, strerror((int)-wait->result));
        else
            fprintf(out, "returned %ld", wait->result);
        break;
    case HD_GUEST_DIED:
        fprintf(out, "was killed by the kernel");
        break;
    case HD_GUEST_ASLEEP:
        fprintf(out, "asleep");
        break;
    case HD_GUEST_BUSY:
        fprintf(out, "did not come to an end");
        break;
    }
}

static void print_step(const struct hd_plan *plan, const struct hd_seen *seen, uint32_t index,
                       FILE *out)
{
    const struct hd_plan_step *step = &plan->steps[index];
    const struct hd_seen_step *at = &seen->steps[index];
    const char *lock;
    char text[160];

    hd_plan_step_text(plan, step, text, sizeof text);
    fprintf(out, "    %-26s ", text);
    if (step->until == HD_PLAN_NOTHING) {
        fprintf(out, "nothing to do: %s\n", step->note);
        return;
    }
    if (!at->tried) {
        fprintf(out, "not tried any more\n");
        return;
    }
    print_end(&at->wait, out);
    if (at->page[0])
        fprintf(out, "; page %s", at->page);
    if (at->disk[0])
        fprintf(out, "; block %s", at->disk);
    putc('\n', out);
    if (at->wait.state != HD_GUEST_ASLEEP && at->wait.state != HD_GUEST_BUSY)
        return;
    fprintf(out, "    %-26s in %s\n", "", at->wait.where);
    lock = hd_kernel_proof(plan, seen, index);
    if (lock)
        fprintf(out, "    %-26s it waits for %s: page %s before the replay, %s then, %s once all "
                "had gone on\n", "", lock, seen->page_before, at->page, seen->page_after);
}

void hd_kernel_print_steps(const struct hd_plan *plan, const struct hd_seen *seen, FILE *out)
{
    for (uint32_t i = 0; i < plan->step_count; i++)
        print_step(plan, seen, i, out);
    if (seen->stuck[0])
        fprintf(out, "    not ended: %s\n", seen->stuck);
    if (seen->followed && !seen->oopsed)
        fprintf(out, "    follow-up: %s\n",
                seen->damage[0] ? seen->damage : "other writes, fsync, every byte and the file "
                                                 "system's check are right");
    if (seen->stack[0])
        fprintf(out, "    %-26s in %s\n", "", seen->stack);
}

void hd_kernel_print_oops(const struct hd_machine *machine, const struct hd_seen *seen, FILE *out)
{
    const char *at = machine->text.text + seen->oops.begin;
    const char *end = machine->text.text + seen->oops.end;

    if (!seen->oopsed)
        return;
    fprintf(out, "    in %s:\n      ", seen->oops_in);
    for (; at < end; at++) {
        if ((*at >= ' ' && *at <= '~') || *at == '\n')
            putc(*at, out);
        if (*at == '\n' && at + 1 < end)
            fputs("      ", out);
    }
}

const char *hd_kernel_agreement(enum hd_agreement agreement)
{
    static const char *const words[] = { [HD_AGREES] = "agrees",
                                         [HD_DISAGREES] = "DISAGREES",
                                         [HD_UNDECIDED] = "undecided",
                                         [HD_NOT_SET_UP] = "not set up" };

    return words[agreement];
}
