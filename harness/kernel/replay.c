/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/replay.h"

#include <inttypes.h>
#include <string.h>

/* What the guest may take for one step, in its own time. */
#define STEP_MS   20000
#define SLICE_MS  500
#define FOLLOW_MS 40000
/* How often those who are left are asked whether they have ended. */
#define FINISH_ROUNDS 3

struct replay {
    struct hd_machine *machine;
    const struct hd_plan *plan;
    struct hd_seen *seen;
    struct hd_diag *diag;
    bool ended[HD_PLAN_ACTORS_MAX];
};

enum hd_error hd_replay_find(struct hd_machine *machine, const char *functions, char *ret_function,
                             size_t bytes, struct hd_diag *diag)
{
    enum hd_error error = HD_E_UNKNOWN;

    for (const char *at = functions; error == HD_E_UNKNOWN && *at; at += *at == '|') {
        int length = (int)strcspn(at, "|");

        snprintf(ret_function, bytes, "%.*s", length, at);
        error = hd_machine_ask(machine, HD_ANSWER_MS, NULL, diag, "find %s", ret_function);
        at += length;
    }
    return error == HD_E_UNKNOWN ? hd_fail(diag, HD_E_UNSUPPORTED, "this kernel has none of %s",
                                           functions)
                                 : error;
}

/* Looks for an oops; true if there is one (now, or there was before). */
static bool oopsed(struct replay *replay, const char *when)
{
    struct hd_seen *seen = replay->seen;

    hd_machine_drain(replay->machine);
    if (!seen->oopsed && replay->machine->text.text
        && hd_console_oops(replay->machine->text.text, replay->machine->text.length,
                           &seen->oops)) {
        seen->oopsed = true;
        snprintf(seen->oops_in, sizeof seen->oops_in, "%s", when);
    }
    return seen->oopsed;
}

/* The page's flags, into text; "" if they can't be had. */
static enum hd_error look_at_page(struct replay *replay, char *text, size_t bytes)
{
    const char *answer;
    enum hd_error error = hd_machine_ask(replay->machine, HD_ANSWER_MS, &answer, replay->diag,
                                         "page");

    snprintf(text, bytes, "%s", error ? "" : answer);
    return error == HD_E_UNKNOWN ? HD_OK : error;
}

static enum hd_error look_at_disk(struct replay *replay, char *text, size_t bytes)
{
    const char *answer;
    enum hd_error error = hd_machine_ask(replay->machine, HD_ANSWER_MS, &answer, replay->diag,
                                         "disk");

    snprintf(text, bytes, "%s", error ? "" : answer);
    return error == HD_E_UNKNOWN ? HD_OK : error;
}

/* Lets an actor go on until something is known of it, for at most that many of the guest's
 * milliseconds.  After an oops nobody waits: who was to come may never do. */
static enum hd_error go_on(struct replay *replay, const char *name, int ms,
                           struct hd_guest_wait *ret_wait)
{
    const char *verb = "run", *answer;
    enum hd_error error;

    do {
        error = hd_machine_ask(replay->machine, SLICE_MS + HD_ANSWER_MS, &answer, replay->diag,
                               "%s %s %d", verb, name, SLICE_MS);
        if (!error && !hd_serial_wait(answer, ret_wait))
            error = hd_fail(replay->diag, HD_E_IO, "the guest says of %s: `%.100s`", name, answer);
        verb = "wait";
        ms -= SLICE_MS;
    } while (!error && ret_wait->state == HD_GUEST_BUSY && ms > 0
             && !hd_console_oops(replay->machine->text.text, replay->machine->text.length,
                                 &(struct hd_oops){ { 0 } }));
    return error;
}

/* Stops the writer behind its look at the source, and takes the source. */
static enum hd_error vanish(struct replay *replay, const struct hd_plan_actor *actor)
{
    char function[HD_NAME_BYTES];
    struct hd_guest_wait wait;
    enum hd_error error = hd_replay_find(replay->machine, replay->plan->map->vanish, function,
                                         sizeof function, replay->diag);

    if (!error)
        error = hd_machine_ask(replay->machine, HD_ANSWER_MS, NULL, replay->diag, "arm %s 0 %s",
                               actor->name, function);
    if (!error)
        error = go_on(replay, actor->name, STEP_MS, &wait);
    if (!error && wait.state != HD_GUEST_HELD)
        error = hd_fail(replay->diag, HD_E_UNKNOWN, "%s did not come to %s", actor->name, function);
    if (!error)
        error = hd_machine_ask(replay->machine, HD_ANSWER_MS, NULL, replay->diag, "vanish");
    return error;
}

/* Everything that must be as it is before the first step. */
static enum hd_error set_up(struct replay *replay)
{
    const struct hd_plan *plan = replay->plan;
    enum hd_error error = hd_machine_ask(replay->machine, HD_ANSWER_MS, NULL, replay->diag,
                                         "watch %s %" PRIu64 " %s", plan->map->file, plan->pos,
                                         plan->map->device);

    if (!error)
        error = look_at_page(replay, replay->seen->page_before, sizeof replay->seen->page_before);
    for (uint32_t i = 0; !error && i < plan->actor_count; i++)
        error = hd_machine_ask(replay->machine, HD_ANSWER_MS, NULL, replay->diag, "actor %s %s",
                               plan->actors[i].name, plan->actors[i].operation);
    for (uint32_t i = 0; !error && i < plan->actor_count; i++)
        if (plan->actors[i].vanish)
            error = vanish(replay, &plan->actors[i]);
    return error;
}

static enum hd_error carry_out_step(struct replay *replay, const struct hd_plan_step *step,
                                    struct hd_seen_step *seen)
{
    const struct hd_plan_actor *actor = &replay->plan->actors[step->actor];
    char function[HD_NAME_BYTES];
    enum hd_error error = HD_OK;

    seen->tried = true;
    if (step->until == HD_PLAN_NOTHING) {
        seen->carried = true;
        return HD_OK;
    }
    if (step->until == HD_PLAN_FUNCTION) {
        error = hd_replay_find(replay->machine, step->functions, function, sizeof function,
                               replay->diag);
        if (!error)
            error = hd_machine_ask(replay->machine, HD_ANSWER_MS, NULL, replay->diag,
                                   "arm %s %u %s", actor->name, step->skip, function);
    }
    if (!error)
        error = go_on(replay, actor->name, STEP_MS, &seen->wait);
    if (error)
        return error;
    switch (seen->wait.state) {
    case HD_GUEST_HELD:
        seen->carried = step->until == HD_PLAN_FUNCTION;
        break;
    case HD_GUEST_ENDED:
    case HD_GUEST_DIED:
        replay->ended[step->actor] = true;
        seen->carried = step->until == HD_PLAN_END;
        break;
    case HD_GUEST_ASLEEP:
        seen->carried = step->until == HD_PLAN_BLOCKED;
        break;
    case HD_GUEST_REFUSED:
    case HD_GUEST_BUSY:
        break;
    }
    error = look_at_page(replay, seen->page, sizeof seen->page);
    return error ? error : look_at_disk(replay, seen->disk, sizeof seen->disk);
}

/* Lets everybody go who is held or waits, until all have ended or nobody moves. */
static enum hd_error finish(struct replay *replay)
{
    const struct hd_plan *plan = replay->plan;
    struct hd_guest_wait wait = { 0 };
    enum hd_error error = HD_OK;
    uint32_t last = 0;

    replay->seen->all_ended = false;
    for (int round = 0; !error && round < FINISH_ROUNDS && !replay->seen->all_ended; round++) {
        replay->seen->all_ended = true;
        for (uint32_t i = 0; !error && i < plan->actor_count; i++) {
            if (replay->ended[i])
                continue;
            error = go_on(replay, plan->actors[i].name, STEP_MS / 4, &wait);
            replay->ended[i] = wait.state == HD_GUEST_ENDED || wait.state == HD_GUEST_DIED;
            if (!replay->ended[i]) {
                replay->seen->all_ended = false;
                last = i;
            }
        }
    }
    if (!error && !replay->seen->all_ended)
        snprintf(replay->seen->stuck, sizeof replay->seen->stuck, "%s in %s",
                 plan->actors[last].name, wait.where);
    if (!error && replay->seen->all_ended)
        error = look_at_page(replay, replay->seen->page_after, sizeof replay->seen->page_after);
    return error;
}

/* ---- After a replay that survived ------------------------------------------------------------ */

/* Runs one more operation; what doesn't end with 0 is damage. */
static enum hd_error follow(struct replay *replay, const char *name, const char *what,
                            const char *operation)
{
    struct hd_guest_wait wait;
    enum hd_error error;

    if (replay->seen->damage[0] || oopsed(replay, "the follow-up workload"))
        return HD_OK;
    error = hd_machine_ask(replay->machine, HD_ANSWER_MS, NULL, replay->diag, "actor %s %s", name,
                           operation);
    if (!error)
        error = go_on(replay, name, FOLLOW_MS, &wait);
    if (error || oopsed(replay, "the follow-up workload"))
        return error;
    if (wait.state != HD_GUEST_ENDED) {
        snprintf(replay->seen->damage, sizeof replay->seen->damage, "%s never ends", what);
        snprintf(replay->seen->stack, sizeof replay->seen->stack, "%s", wait.where);
    } else if (wait.result != 0)
        snprintf(replay->seen->damage, sizeof replay->seen->damage, "%s: %ld", what, wait.result);
    return HD_OK;
}

/* What a user would do next, and a look at every byte: a buffer that was freed and used all the
 * same is found by whoever it belongs to now. */
static enum hd_error follow_up(struct replay *replay)
{
    const struct hd_plan *plan = replay->plan;
    char text[512];
    enum hd_error error;

    replay->seen->followed = true;
    snprintf(text, sizeof text, "sh d=$(dirname %s); dd if=/dev/zero "
             "of=$d/other bs=4k count=64 2>/dev/null && sync && rm $d/other && sync && "
             "echo 3 >/proc/sys/vm/drop_caches", plan->map->file);
    error = follow(replay, "after-work", "writing and removing another file", text);
    snprintf(text, sizeof text, "fsync %s 0 0", plan->map->file);
    if (!error)
        error = follow(replay, "after-fsync", "fsync of the file", text);
    snprintf(text, sizeof text, "verify %s %s", plan->map->file, plan->written);
    if (!error && plan->written[0])
        error = follow(replay, "after-verify", "the file's bytes, read from the disk", text);
    snprintf(text, sizeof text, "sh { %s; } >/dev/console 2>&1", plan->map->check);
    if (!error)
        error = follow(replay, "after-check", "the check of the file system", text);
    return error;
}

enum hd_error hd_replay_carry_out(struct hd_machine *machine, const struct hd_plan *plan,
                                  struct hd_seen *ret_seen, struct hd_diag *diag)
{
    struct replay replay = { .machine = machine, .plan = plan, .seen = ret_seen, .diag = diag };
    struct hd_diag why = { { 0 } };
    enum hd_error error;

    memset(ret_seen, 0, sizeof *ret_seen);
    replay.diag = &why;
    error = set_up(&replay);
    if (error == HD_E_UNKNOWN) { /* the guest said no */
        snprintf(ret_seen->setup, sizeof ret_seen->setup, "%.390s", why.text);
        return HD_OK;
    }
    for (uint32_t i = 0; !error && i < plan->step_count && !oopsed(&replay, "the replay"); i++)
        error = carry_out_step(&replay, &plan->steps[i], &ret_seen->steps[i]);
    if (!error && !oopsed(&replay, "the replay"))
        error = finish(&replay);
    if (!error && !oopsed(&replay, "the replay") && ret_seen->all_ended)
        error = follow_up(&replay);
    if (error && oopsed(&replay, "the replay"))
        return HD_OK; /* that is why it has gone */
    return error ? hd_fail(diag, error, "%s", why.text) : HD_OK;
}
