/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Actors by name: "writer", "writer[1]", "rcu", or a fault's name. */
#ifndef HD_ACTOR_NAME_H
#define HD_ACTOR_NAME_H

#include "input/names.h"

/* How many instances of a role the workload asks for, whether it is switched off or not. */
uint64_t hd_actor_instances(const struct hd_setting *setting, unsigned role);
/*
 * role is an index in roles[], HD_ROLE_RCU, or HD_ROLE_FAULT + i.  The index is written where the
 * workload asks for several.  Truncates and returns like snprintf.
 */
int hd_actor_format(char *text, size_t bytes, const struct hd_setting *setting, unsigned role,
                    unsigned instance);
/*
 * The inverse.  Where there is one instance, its index 0 may be written too; where there are
 * several it must be.  HD_E_UNKNOWN if there is no such actor; HD_E_RANGE if there could be, but
 * the workload doesn't have it.
 */
enum hd_error hd_actor_parse(const struct hd_setting *setting, struct hd_word word,
                             uint8_t *ret_role, uint8_t *ret_instance, struct hd_diag *diag);

#endif
