/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A case as what the guest is to do: one step a segment. */
#ifndef HD_PLAN_H
#define HD_PLAN_H

#include "heddle/heddle.h"
#include "heddle/kernel_map.h"

#define HD_PLAN_ACTORS_MAX 12
#define HD_PLAN_STEPS_MAX  48
#define HD_PLAN_IMPLIED    UINT32_MAX /* a step that stands for no segment: whoever is left */

enum hd_plan_until {
    HD_PLAN_NOTHING,  /* the guest has done it by then */
    HD_PLAN_FUNCTION, /* it stands at the entry of functions */
    HD_PLAN_END,
    HD_PLAN_BLOCKED,
};

struct hd_plan_step {
    uint32_t segment; /* of the case, or HD_PLAN_IMPLIED */
    enum hd_plan_until until;
    uint8_t actor;         /* index in actors[]; of HD_PLAN_NOTHING: none */
    const char *functions; /* "old|new", of the map */
    uint32_t skip;         /* entries to let pass first */
    const char *note;      /* of HD_PLAN_NOTHING: why */
};

struct hd_plan_actor {
    char name[HD_NAME_BYTES];
    char operation[128]; /* as the guest takes it: "pwrite FILE 0 4096" */
    bool vanish;         /* the source of its copy is to vanish: see struct hd_kernel_map */
};

struct hd_plan {
    const struct hd_case *the_case; /* borrowed, as all that is reached through it */
    const struct hd_kernel_map *map;
    uint64_t pos; /* of the page that is watched */
    char written[64]; /* "POS LEN" that a survivor's file must show; "" for nothing */
    uint32_t actor_count, step_count;
    struct hd_plan_actor actors[HD_PLAN_ACTORS_MAX];
    struct hd_plan_step steps[HD_PLAN_STEPS_MAX];
};

/* HD_E_UNSUPPORTED, with the reason, for a case that can't be carried to a kernel. */
enum hd_error hd_plan_make(const struct hd_case *the_case, struct hd_plan *ret_plan,
                           struct hd_diag *diag);
/* Does the guest carry out this segment together with the one before it, whatever it is? */
bool hd_plan_goes_with_before(const struct hd_case *the_case, uint32_t segment);
/* For people: what each step will do. */
void hd_plan_print(const struct hd_plan *plan, FILE *out);
/* "writer until hook (line 8)": a step in the case's words. */
void hd_plan_step_text(const struct hd_plan *plan, const struct hd_plan_step *step, char *text,
                       size_t bytes);

#endif
