/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RCU on real liburcu, beside the engine's own: each of the four calls is also made on liburcu's
 * memb flavour, by the same actor, and the two must agree at every step about whether a grace
 * period may be over.  The engine decides; liburcu is the witness.  See rcu_urcu.c.
 */
#ifndef HD_RCU_H
#define HD_RCU_H

#include <stdbool.h>
#include <stdint.h>

#include "heddle/error.h"
#include "heddle/trace.h"

struct hd_actor;
struct hd_urcu;

/* One turn of the service actor "rcu". */
void hd_rcu_serve(struct hd_actor *self);

/* At most one a process: HD_E_UNSUPPORTED for the second, or where liburcu is not built in. */
enum hd_error hd_urcu_create(struct hd_urcu **ret_urcu);
void hd_urcu_destroy(struct hd_urcu *urcu);
/* Called by each actor, at its end or where it is abandoned: closes the sections it leaves open, or
 * liburcu would wait for them for ever. */
void hd_urcu_close(uint32_t nesting);
/* Called by each actor's pthread, on its own stack, before it takes part: a reader of liburcu's. */
void hd_urcu_register(void);
void hd_urcu_unregister(void);
/* Before each execution: everything of the last one has drained. */
void hd_urcu_reset(struct hd_urcu *urcu);

void hd_urcu_read_lock(struct hd_urcu *urcu, hd_actor_id actor);
void hd_urcu_read_unlock(struct hd_urcu *urcu, hd_actor_id actor);
/* synchronize_rcu() is entered on the actor's behalf, by a pthread of its own. */
void hd_urcu_begin(struct hd_urcu *urcu, hd_actor_id actor);
/* Sections are open: it must not have returned yet. */
void hd_urcu_must_wait(struct hd_urcu *urcu, hd_actor_id actor);
/* They have ended: it must return, unless others are open that began later. */
void hd_urcu_end(struct hd_urcu *urcu, hd_actor_id actor, bool none_open);
/* call_rcu(), that its callback has not been called yet, and that it has. */
void hd_urcu_call(struct hd_urcu *urcu, uint32_t number);
void hd_urcu_not_called(struct hd_urcu *urcu, uint32_t number);
void hd_urcu_called(struct hd_urcu *urcu, uint32_t number, bool none_open);

#endif
