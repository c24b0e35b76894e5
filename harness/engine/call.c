/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions entered and left, landmarks, names, holds, checks: what is no operation. */
#include <string.h>

#include "engine/step.h"

/* A variant's landmark is any of its names in any variant. */
static int32_t landmark_named(const struct hd_scenario *scenario, const char *name)
{
    const struct hd_landmark_info *landmarks = scenario->landmarks;

    for (int32_t i = 0; landmarks && landmarks[i].name; i++)
        for (unsigned v = 0; v < HD_VARIANTS_MAX; v++)
            if (landmarks[i].names[v] && !strcmp(landmarks[i].names[v], name))
                return i;
    return -1;
}

/* Each site is compared by name once in an engine's setting; then its address is enough. */
static int32_t landmark_at(struct hd_engine *engine, const struct hd_site *site)
{
    uint32_t slot = (uint32_t)(((uintptr_t)site * UINT64_C(0x9e3779b97f4a7c15)) >> 40);

    for (uint32_t i = 0; i < HD_SITE_CACHE; i++, slot++) {
        slot %= HD_SITE_CACHE;
        if (engine->site_cache[slot].site == site)
            return engine->site_cache[slot].landmark;
        if (!engine->site_cache[slot].site) {
            engine->site_cache[slot].site = site;
            engine->site_cache[slot].landmark =
                landmark_named(engine->setting.scenario, site->what);
            return engine->site_cache[slot].landmark;
        }
    }
    HD_UNREACHABLE("more functions than the cache of sites holds");
}

static void note(struct hd_actor *self, const struct hd_site *site, bool enter)
{
    struct hd_engine *engine = self->engine;

    if (!engine->describe || self->quiet || engine->note_count == engine->note_room)
        return;
    engine->notes[engine->note_count++] = (struct hd_note){
        .site = site, .at = engine->length, .actor = self->id, .enter = enter, .depth = self->depth
    };
}

const struct hd_site *hd_call_enter_(const struct hd_site *site)
{
    struct hd_actor *self = hd_current;

    if (!self->quiet) {
        int32_t landmark = landmark_at(self->engine, site);

        note(self, site, true);
        HD_ASSERT_IS(self->depth, <, HD_CALL_DEPTH_MAX);
        self->calls[self->depth++] = site;
        if (landmark >= 0) {
            self->landmark_hits[landmark]++;
            self->view->landmarks |= 1u << landmark;
        }
    }
    return site;
}

void hd_call_leave_(const struct hd_site *const *site)
{
    struct hd_actor *self = hd_current;

    if (self->quiet)
        return;
    self->depth--;
    note(self, *site, false);
}

void hd_name(const void *p, const char *name, int index)
{
    struct hd_engine *engine = hd_current->engine;
    const struct hd_object *object;

    if (!engine->describe || engine->name_count == HD_NAMES_MAX)
        return;
    object = hd_arena_find(&engine->arena, p);
    HD_ASSERT(object != NULL);
    engine->names[engine->name_count++] = (struct hd_name){
        .object = hd_arena_id(&engine->arena, object, p), .index = index, .name = name
    };
}

void hd_hold(const char *what)
{
    struct hd_actor *self = hd_current;

    HD_ASSERT_IS(self->hold_count, <, HD_HOLDS_MAX);
    self->holds[self->hold_count++] = what;
}

void hd_release(const char *what)
{
    struct hd_actor *self = hd_current;

    for (uint32_t i = self->hold_count; i-- > 0;)
        if (!strcmp(self->holds[i], what)) {
            self->holds[i] = self->holds[--self->hold_count];
            return;
        }
    HD_UNREACHABLE("hd_release() without hd_hold()");
}

void hd_violation_(const struct hd_site *site, const char *kind, const char *detail)
{
    struct hd_actor *self = hd_current;
    enum hd_oracle oracle = HD_ORACLE_PROPERTY;

    if (self->engine->recovering) {
        oracle = HD_ORACLE_DURABILITY;
        self->engine->length--; /* the write just judged is the wrong step: the trace ends before */
        if (AnnotateIgnoreReadsEnd) /* it does not come back to where they were switched off */
            AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
    }
    hd_incident(self, oracle, kind, detail, site, HD_OBJECT_NONE, UINT32_MAX);
}

hd_actor_id hd_self(void)
{
    return hd_current->quiet ? HD_ACTOR_SETUP : hd_current->id;
}

uint64_t hd_param(unsigned key)
{
    HD_ASSERT_IS(key, <, HD_PARAMS_MAX);
    return hd_current->engine->setting.workload.params[key];
}

unsigned hd_variant(void)
{
    return hd_current->engine->setting.variant;
}

void *hd_state(void)
{
    return hd_current->engine->state;
}
