/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lost-wakeup: look, then sleep; or prepare to sleep, then look.
 *
 * Exact, by hand.  The waker sets the flag (F) and wakes (W).  `check-then-sleep` reads the flag
 * (R), prepares (P) and sleeps (S).  With F first R sees it: F R W, F W R.  With R first: R P F W
 * S and R F P W S are woken; R F W P sleeps for ever.  5 executions, 1 deadlock.  `wait-event`
 * prepares first: P then F R W, F W R or R F W, then F P R W, F P W R, F W P R: 6 executions, none
 * wrong.
 */
#include "heddle/model.h"

enum variant { CHECK_THEN_SLEEP, WAIT_EVENT };

struct lost_wakeup {
    struct hd_waitq queue;
    uint32_t flag;
};

static void check_then_sleep(struct lost_wakeup *state)
{
    uint32_t ticket;

    HD_CALL("check_then_sleep");
    if (hd_read_once(&state->flag))
        return;
    ticket = hd_prepare_(HD_SITE_("prepare_to_wait"), &state->queue); /* too late */
    hd_wait_(HD_SITE_("schedule"), &state->queue, ticket);
}

static void wait_event(struct lost_wakeup *state)
{
    HD_CALL("wait_event");
    hd_wait_event(&state->queue, hd_read_once(&state->flag));
}

static void sleeper(void *state, unsigned instance)
{
    (void)instance;
    if (hd_variant() == CHECK_THEN_SLEEP)
        check_then_sleep(state);
    else
        wait_event(state);
}

static void waker(void *state, unsigned instance)
{
    struct lost_wakeup *lost = state;

    (void)instance;
    HD_CALL("waker");
    hd_write_once(&lost->flag, 1);
    hd_wake_up(&lost->queue);
}

static void setup(void *state)
{
    struct lost_wakeup *lost = state;

    hd_name(&lost->queue, "queue", -1);
    hd_name(&lost->flag, "flag", -1);
}

static const struct hd_variant_info variants[] = {
    [CHECK_THEN_SLEEP] = { "check-then-sleep", "looks before it prepares", HD_BROKEN },
    [WAIT_EVENT] = { "wait-event", "prepares before it looks", HD_FIXED },
    { NULL }
};

static const struct hd_role_info roles[] = {
    { .name = "sleeper", .summary = "waits for the flag", .run = sleeper },
    { .name = "waker", .summary = "sets the flag, then wakes", .run = waker },
    { NULL }
};

static const struct hd_landmark_info landmarks[] = {
    { "sleep", { "check_then_sleep", "wait_event" } },
    { NULL }
};

static const struct hd_workload_info workloads[] = {
    { "once", "one wake-up", "",
      { { "check-then-sleep", "deadlock", "check_then_sleep" }, { "wait-event", "holds", NULL } } },
    { NULL }
};

const struct hd_scenario synthetic_lost_wakeup = {
    .name = "lost-wakeup",
    .summary = "a wake-up between the look and the sleep",
    .passport = {
        .source = "textbook: wait_event() of include/linux/wait.h, in our own words",
        .functions = "check_then_sleep, wait_event, waker",
        .kept = "the flag, the preparation, the sleep, the wake-up, each a point",
        .left_out = "the queue's own lock",
        .invariants = "nobody sleeps for ever",
        .reference = "counts of executions in the source",
        .evidence = HD_SYNTHETIC,
    },
    .variants = variants,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .state_bytes = sizeof(struct lost_wakeup),
    .setup = setup,
};
