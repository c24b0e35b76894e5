/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/judge.h"

#include <stdarg.h>
#include <string.h>

static void conclude(struct hd_conclusion *conclusion, enum hd_agreement agreement,
                     const char *format, ...) __attribute__((format(printf, 3, 4)));

static void conclude(struct hd_conclusion *conclusion, enum hd_agreement agreement,
                     const char *format, ...)
{
    va_list arguments;

    conclusion->agreement = agreement;
    va_start(arguments, format);
    vsnprintf(conclusion->what, sizeof conclusion->what, format, arguments);
    va_end(arguments);
}

/* Is function one of the stack "inner < outer"? */
static bool stack_has(const char *stack, const char *function)
{
    size_t length = strlen(function);

    for (const char *at = stack; (at = strstr(at, function)) != NULL; at++)
        if ((at == stack || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

const char *hd_kernel_proof(const struct hd_plan *plan, const struct hd_seen *seen, uint32_t step)
{
    const struct hd_seen_step *at = &seen->steps[step];

    if (at->wait.state != HD_GUEST_ASLEEP || !seen->all_ended)
        return NULL;
    for (const struct hd_kernel_wait *wait = plan->map->waits; wait->function; wait++)
        if (stack_has(at->wait.where, wait->function)
            && (!wait->page || (strstr(at->page, wait->page) && !strstr(seen->page_before,
                                                                        wait->page))))
            return wait->what;
    return NULL;
}

/* Has a symptom of this kind been seen?  Its words are in text then. */
static bool symptom_seen(const struct hd_plan *plan, const struct hd_seen *seen, const char *kind,
                         char *text, size_t bytes)
{
    for (const struct hd_kernel_symptom *s = plan->map->symptoms; s->kind; s++) {
        if (strcmp(s->kind, kind) != 0)
            continue;
        if (s->console && seen->oopsed && strstr(seen->oops.headline, s->console)
            && (!s->function || strcmp(s->function, seen->oops.function) == 0)) {
            snprintf(text, bytes, "%s in %s, in %s", seen->oops.headline,
                     seen->oops.function[0] ? seen->oops.function : "an unknown function",
                     seen->oops_in);
            return true;
        }
        if (s->stuck && stack_has(seen->stack, s->stuck)) {
            snprintf(text, bytes, "%s, in %s", seen->damage, s->stuck);
            return true;
        }
        for (uint32_t i = 1; s->disk && i < plan->step_count; i++)
            if (seen->steps[i].carried && strcmp(seen->steps[i].disk, s->disk) == 0
                && seen->steps[0].wait.state == HD_GUEST_HELD && i + 1 < plan->step_count) {
                snprintf(text, bytes, "the %s content is on the disk while %s stands at %.60s",
                         s->disk, plan->actors[plan->steps[0].actor].name,
                         seen->steps[0].wait.where);
                return true;
            }
    }
    return false;
}

/* The model found a violation: did the kernel? */
static void judge_accusation(const struct hd_plan *plan, const struct hd_seen *seen,
                             const struct hd_model_says *model, struct hd_conclusion *conclusion)
{
    char text[400];

    if (symptom_seen(plan, seen, model->kind, text, sizeof text))
        conclude(conclusion, HD_AGREES, "carried out: %s", text);
    else if (seen->oopsed)
        conclude(conclusion, HD_DISAGREES, "another symptom than that of %s: %s in %s",
                 model->kind, seen->oops.headline, seen->oops.function);
    else if (seen->damage[0])
        conclude(conclusion, HD_DISAGREES, "another symptom than that of %s: %s", model->kind,
                 seen->damage);
    else if (!seen->all_ended)
        conclude(conclusion, HD_UNDECIDED, "it did not come to its end: %.500s", seen->stuck);
    else
        conclude(conclusion, HD_DISAGREES, "the kernel survived, and nothing is damaged");
}

/* It survived, and the model says it must: were the same segments carried out? */
static void judge_survival(const struct hd_plan *plan, const struct hd_seen *seen,
                           const struct hd_model_says *model, struct hd_conclusion *conclusion)
{
    char blocked[500] = "", step[160];

    for (uint32_t i = 0; i < plan->step_count; i++) {
        const struct hd_seen_step *at = &seen->steps[i];
        const char *lock = hd_kernel_proof(plan, seen, i);

        hd_plan_step_text(plan, &plan->steps[i], step, sizeof step);
        if (plan->steps[i].until == HD_PLAN_NOTHING || at->carried == model->carried[i]) {
            if (lock && !blocked[0])
                snprintf(blocked, sizeof blocked, "not possible: `%s` waits for %s", step, lock);
            continue;
        }
        if (at->carried)
            conclude(conclusion, HD_DISAGREES, "`%s` was carried out, which the model says is not "
                     "possible", step);
        else if (lock)
            conclude(conclusion, HD_DISAGREES, "`%s` waits for %s; the model lets it through", step,
                     lock);
        else
            conclude(conclusion, HD_UNDECIDED, "`%s` was not carried out, and what it waits for is "
                     "not proved: %.300s", step, at->wait.where);
        return;
    }
    conclude(conclusion, HD_AGREES, "%s; survived, nothing is damaged",
             blocked[0] ? blocked : "carried out");
}

void hd_kernel_judge(const struct hd_plan *plan, const struct hd_seen *seen,
                     const struct hd_model_says *model, struct hd_conclusion *ret_conclusion)
{
    if (seen->setup[0])
        conclude(ret_conclusion, HD_NOT_SET_UP, "the set-up failed: %s", seen->setup);
    else if (!model->holds)
        judge_accusation(plan, seen, model, ret_conclusion);
    else if (seen->oopsed)
        conclude(ret_conclusion, HD_DISAGREES, "%s in %s, and the model says it holds",
                 seen->oops.headline, seen->oops.function);
    else if (seen->damage[0])
        conclude(ret_conclusion, HD_DISAGREES, "%s, and the model says it holds", seen->damage);
    else if (!seen->all_ended)
        conclude(ret_conclusion, HD_DISAGREES, "it did not come to its end: %.500s", seen->stuck);
    else
        judge_survival(plan, seen, model, ret_conclusion);
}
