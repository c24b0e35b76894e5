/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Spin loops.  A read that has seen the same value at the same place several times in a row, while
 * its actor changed nothing, is taken for one: from then on each such read yields, so that whoever
 * it waits for goes on.  If nobody ever writes, the execution goes on to the step limit, and is a
 * livelock.
 *
 * Guarantee  loops of up to REPEATS rounds are not restricted.
 * Cost       a look into a table of a few lines an actor.
 */
#include "native/native.h"

#define REPEATS 6u
#define LINES   8u /* places in the source that a loop may read at */

struct line {
    const struct hd_site *site;
    hd_object_id object;
    uint32_t writes; /* of the actor, when it read */
    uint32_t repeats;
    uint64_t value;
};

static struct line lines[HD_ACTORS_MAX][LINES];

static struct line *line_of(const struct hd_actor *self)
{
    uintptr_t site = (uintptr_t)self->view->site;

    return &lines[self->id][(site / sizeof(struct hd_site) * 5) % LINES];
}

void hd_spin_forget(struct hd_actor *self)
{
    hd_thread_of(self)->writes++;
}

void hd_spin_reset(const struct hd_actor *self)
{
    memset(lines[self->id], 0, sizeof lines[self->id]);
}

bool hd_spins(const struct hd_actor *self)
{
    const struct line *line = line_of(self);

    return line->repeats >= REPEATS && line->site == self->view->site &&
           line->object == self->view->pending.object &&
           line->writes == hd_thread_of(self)->writes;
}

void hd_spin_after(struct hd_actor *self, uint64_t value)
{
    struct line *line = line_of(self);
    uint32_t writes = hd_thread_of(self)->writes;

    if (line->site == self->view->site && line->object == self->view->pending.object &&
        line->writes == writes && line->value == value)
        line->repeats++;
    else
        *line = (struct line){ .site = self->view->site,
                               .object = self->view->pending.object,
                               .writes = writes,
                               .value = value };
}
