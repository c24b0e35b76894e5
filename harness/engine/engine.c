/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Engines: made, given a setting, asked, released. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "engine/engine.h"
#include "engine/rcu.h"

#define ACTOR_STACK_BYTES (512u * 1024)
#define NOTES_MAX         65536u

static void free_arrays(struct hd_engine *engine)
{
    hd_dealloc(engine->steps);
    hd_dealloc(engine->wheres);
    hd_dealloc(engine->notes);
    engine->steps = NULL;
    engine->wheres = NULL;
    engine->notes = NULL;
    engine->step_limit = 0;
}

enum hd_error hd_engine_create(const struct hd_engine_options *options,
                               struct hd_engine **ret_engine, struct hd_diag *diag)
{
    struct hd_engine *engine = hd_alloc_array(1, sizeof *engine);
    enum hd_error error;

    if (!engine)
        return hd_fail(diag, HD_E_NOMEM, "out of memory for an engine");
    engine->options = *options;
    engine->describe = options->describe;
    error = hd_arena_create(&engine->arena);
    if (error) {
        hd_dealloc(engine);
        return hd_fail(diag, error, "cannot map memory for an engine");
    }
    engine->arena.reuse = options->reuse_memory;
    engine->setup = (struct hd_actor){ .engine = engine, .quiet = true, .id = HD_ACTOR_SETUP };
    engine->setup.view = &engine->views[HD_ACTORS_MAX];
    engine->driver.owner = &engine->setup;
    error = hd_engine_set_backend(engine, options->backend);
    if (!error && options->liburcu) {
        error = hd_urcu_create(&engine->urcu);
        if (error)
            hd_fail(diag, error, "liburcu: %s", hd_error_text(error));
    }
    if (error) {
        hd_engine_free(engine);
        return error;
    }
    *ret_engine = engine;
    return HD_OK;
}

void hd_engine_free(struct hd_engine *engine)
{
    if (!engine)
        return;
    engine->quitting = true;
    for (unsigned i = 0; i < engine->created; i++) {
        hd_context_resume_own(&engine->actor[i]->context);
        pthread_join(engine->actor[i]->thread, NULL);
        hd_dealloc(engine->actor[i]);
    }
    hd_urcu_destroy(engine->urcu);
    if (engine->oracle_free)
        engine->oracle_free(engine->oracle_state);
    hd_hb_destroy(&engine->hb);
    hd_dealloc(engine->syncs);
    free_arrays(engine);
    hd_arena_destroy(&engine->arena);
    hd_dealloc(engine);
}

bool hd_fiber_supported(void)
{
    return hd_handover_fiber_supported();
}

/* Each sanitizer keeps what it knows of a thread in its TLS, or by its stack. */
void __asan_init(void) __attribute__((weak));
void __tsan_init(void) __attribute__((weak));
void __msan_init(void) __attribute__((weak));

bool hd_light_supported(void)
{
    return !__asan_init && !__tsan_init && !__msan_init;
}

enum hd_backend hd_engine_backend(const struct hd_engine *engine)
{
    return (enum hd_backend)engine->backend;
}

enum hd_error hd_engine_set_backend(struct hd_engine *engine, enum hd_backend backend)
{
    if (backend == HD_BACKEND_LIGHT && (!hd_light_supported() || engine->options.liburcu))
        backend = HD_BACKEND_FIBER; /* liburcu's readers are in TLS */
    if (backend == HD_BACKEND_FIBER && !hd_handover_fiber_supported())
        backend = HD_BACKEND_THREAD;
    engine->backend = (uint8_t)backend;
    return HD_OK;
}

/* ---- Actors
 * -------------------------------------------------------------------------------------- */

static enum hd_error create_actor(struct hd_engine *engine)
{
    /* Aligned for its park stack; calloc()ed memory is at 16 only. */
    struct hd_actor *actor = hd_alloc_aligned(64, sizeof *actor);
    pthread_attr_t attributes;
    int failed;
    size_t stack_bytes;
    void *stack;

    if (!actor)
        return HD_E_NOMEM;
    actor->engine = engine;
    actor->id = (hd_actor_id)engine->created;
    actor->bit = hd_actor_bit(actor->id);
    actor->view = &engine->views[actor->id];
    actor->context.owner = actor;
    if (pthread_attr_init(&attributes)) {
        hd_dealloc(actor);
        return HD_E_NOMEM;
    }
    if (engine->arena.image) { /* what lies on it may be shared */
        stack = hd_arena_stack(&engine->arena, actor->id, &stack_bytes);
        pthread_attr_setstack(&attributes, stack, stack_bytes);
    } else {
        pthread_attr_setstacksize(&attributes, ACTOR_STACK_BYTES);
    }
    failed = pthread_create(&actor->thread, &attributes, hd_actor_thread, actor);
    pthread_attr_destroy(&attributes);
    if (failed) {
        hd_dealloc(actor);
        return HD_E_NOMEM;
    }
    hd_context_wait_ready(&actor->context);
    engine->actor[engine->created++] = actor;
    return HD_OK;
}

static enum hd_error add_actor(struct hd_engine *engine, enum hd_actor_kind kind, unsigned role,
                               unsigned instance, const char *name, bool several)
{
    enum hd_error error = HD_OK;
    struct hd_actor *actor;

    if (engine->actors == HD_ACTORS_MAX)
        return HD_E_RANGE;
    if (engine->actors == engine->created)
        error = create_actor(engine);
    if (error)
        return error;
    actor = engine->actor[engine->actors++];
    actor->kind = (uint8_t)kind;
    actor->role = (uint8_t)role;
    actor->instance = (uint8_t)instance;
    if (several)
        snprintf(actor->name, sizeof actor->name, "%s[%u]", name, instance);
    else
        snprintf(actor->name, sizeof actor->name, "%s", name);
    return HD_OK;
}

static enum hd_error add_role(struct hd_engine *engine, unsigned role)
{
    static const enum hd_actor_kind kinds[] = { [HD_TASK] = HD_KIND_TASK,
                                                [HD_SERVICE] = HD_KIND_SERVICE,
                                                [HD_THREAD] = HD_KIND_THREAD };
    const struct hd_role_info *info = &engine->setting.scenario->roles[role];
    uint64_t count = info->count_param ? engine->setting.workload.params[info->count_param - 1] : 1;
    enum hd_error error = HD_OK;

    for (unsigned i = 0; i < count && !error; i++)
        error = add_actor(engine, kinds[info->kind], role, i, info->name, count > 1);
    return error;
}

/* Actors are numbered by role, then "rcu", then the faults that are a choice. */
static enum hd_error add_actors(struct hd_engine *engine)
{
    const struct hd_scenario *scenario = engine->setting.scenario;
    enum hd_error error = HD_OK;

    engine->actors = 0;
    for (unsigned i = 0; scenario->roles[i].name && !error; i++)
        error = add_role(engine, i);
    if (!error && scenario->uses_rcu_callbacks)
        error = add_actor(engine, HD_KIND_RCU, HD_ROLE_RCU, 0, "rcu", false);
    for (unsigned i = 0; scenario->faults && scenario->faults[i] && !error; i++)
        if (engine->setting.workload.faults[i] == HD_FAULT_CHOICE)
            error = add_actor(engine, HD_KIND_FAULT, HD_ROLE_FAULT, i, scenario->faults[i], false);
    return error;
}

/* ---- A setting
 * ------------------------------------------------------------------------------------- */

static uint32_t oracles_of(const struct hd_setting *setting)
{
    uint32_t standard = HD_ORACLES_ALL & ~(HD_ORACLE_BIT(RACE) | HD_ORACLE_BIT(DURABILITY));

    if (setting->oracles)
        return setting->oracles;
    return setting->scenario->oracles ? setting->scenario->oracles : standard;
}

static uint32_t step_limit_of(const struct hd_setting *setting)
{
    uint32_t limit = setting->step_limit ? setting->step_limit : setting->scenario->step_limit;

    return limit ? limit : HD_STEP_LIMIT_DEFAULT;
}

/* One more step than the limit, for the verdict's record behind the last. */
static enum hd_error make_arrays(struct hd_engine *engine, uint32_t limit)
{
    if (limit <= engine->step_limit) {
        engine->step_limit = limit;
        return HD_OK;
    }
    free_arrays(engine);
    engine->steps = hd_alloc_array(limit + 1, sizeof *engine->steps);
    engine->wheres = hd_alloc_array(limit, sizeof *engine->wheres);
    engine->note_room = engine->describe ? NOTES_MAX : 0;
    engine->notes = engine->note_room ? hd_alloc_array(NOTES_MAX, sizeof *engine->notes) : NULL;
    if (!engine->steps || !engine->wheres || (engine->note_room && !engine->notes)) {
        free_arrays(engine);
        return HD_E_NOMEM;
    }
    engine->step_limit = limit;
    return HD_OK;
}

enum hd_error hd_engine_configure(struct hd_engine *engine, const struct hd_setting *setting,
                                  struct hd_diag *diag)
{
    uint32_t limit = step_limit_of(setting);
    enum hd_error error;

    if (limit > HD_STEP_LIMIT_MAX)
        return hd_fail(diag, HD_E_RANGE, "step limit %u is above %u", limit, HD_STEP_LIMIT_MAX);
    if (engine->setting.scenario != setting->scenario)
        memset(engine->site_cache, 0, sizeof engine->site_cache);
    engine->setting = *setting;
    engine->landmarks = 0;
    while (setting->scenario->landmarks && setting->scenario->landmarks[engine->landmarks].name)
        engine->landmarks++;
    HD_ASSERT_IS(engine->landmarks, <=, HD_LANDMARKS_MAX);
    engine->oracles = oracles_of(setting);
    if (setting->scenario->image && setting->scenario->image->own_tls &&
        engine->backend == HD_BACKEND_LIGHT)
        hd_engine_set_backend(engine, HD_BACKEND_FIBER);
    error = make_arrays(engine, limit);
    if (!error && setting->scenario->image && !engine->arena.image)
        error = hd_arena_add_image(&engine->arena, setting->scenario->image->base,
                                   setting->scenario->image->bytes);
    if (error == HD_E_RANGE)
        return hd_fail(diag, error, "%s: more than %u MiB of variables", setting->scenario->name,
                       HD_IMAGE_BYTES_MAX >> 20);
    if (!error)
        error = add_actors(engine);
    if (error == HD_E_RANGE)
        return hd_fail(diag, error, "%s: more than %d actors", setting->scenario->name,
                       HD_ACTORS_MAX);
    if (error)
        return hd_fail(diag, error, "out of memory or threads for an engine");
    engine->hb_on = engine->oracles & HD_ORACLE_BIT(RACE);
    engine->arena.touchable = !(engine->oracles & HD_ORACLE_BIT(MEMORY));
    if (engine->hb_on && !engine->hb.actor)
        error = hd_hb_create(&engine->hb, HD_ACTORS_MAX, HD_SYNC_OBJECTS_MAX);
    if (!error && engine->hb_on && !engine->syncs) {
        engine->syncs = hd_alloc_array(HD_SYNC_OBJECTS_MAX, sizeof *engine->syncs);
        error = engine->syncs ? HD_OK : HD_E_NOMEM;
    }
    if (error)
        return hd_fail(diag, error, "out of memory for happens-before");
    engine->trace.steps = engine->steps;
    engine->trace.wheres = engine->wheres;
    engine->trace.notes = engine->notes;
    engine->choice = (struct hd_choice){ .actors = (uint8_t)engine->actors,
                                         .views = engine->views,
                                         .trace = &engine->trace,
                                         .engine = engine };
    return HD_OK;
}

/* ---- What one may ask
 * --------------------------------------------------------------------------------- */

unsigned hd_engine_actors(const struct hd_engine *engine)
{
    return engine->actors;
}

uint32_t hd_engine_step_limit(const struct hd_engine *engine)
{
    return engine->step_limit;
}

const struct hd_view *hd_engine_views(const struct hd_engine *engine)
{
    return engine->views;
}

const char *hd_engine_actor_name(const struct hd_engine *engine, hd_actor_id actor)
{
    return actor < engine->actors ? engine->actor[actor]->name : "nobody";
}

bool hd_engine_actor_is_service(const struct hd_engine *engine, hd_actor_id actor)
{
    return actor < engine->actors && (engine->actor[actor]->kind == HD_KIND_SERVICE ||
                                      engine->actor[actor]->kind == HD_KIND_RCU);
}

hd_actor_id hd_engine_actor_find(const struct hd_engine *engine, unsigned role, unsigned instance)
{
    unsigned wanted_instance = role >= HD_ROLE_FAULT ? role - HD_ROLE_FAULT : instance;
    unsigned wanted_role = role >= HD_ROLE_FAULT ? HD_ROLE_FAULT : role;

    for (unsigned i = 0; i < engine->actors; i++)
        if (engine->actor[i]->role == wanted_role && engine->actor[i]->instance == wanted_instance)
            return (hd_actor_id)i;
    return HD_ACTOR_NONE;
}

void hd_engine_actor_role(const struct hd_engine *engine, hd_actor_id actor, uint8_t *ret_role,
                          uint8_t *ret_instance)
{
    const struct hd_actor *a = engine->actor[actor];

    *ret_role = a->kind == HD_KIND_FAULT ? (uint8_t)(HD_ROLE_FAULT + a->instance) : a->role;
    *ret_instance = a->kind == HD_KIND_FAULT ? 0 : a->instance;
}

const struct hd_setting *hd_engine_setting(const struct hd_engine *engine)
{
    return &engine->setting;
}

hd_actor_id hd_holder(const struct hd_choice *choice, hd_actor_id blocked, uint32_t *ret_since)
{
    const struct hd_engine *engine = choice->engine;

    return hd_engine_holder(engine, engine->actor[blocked], ret_since);
}
