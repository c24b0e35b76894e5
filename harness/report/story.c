/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/story.h"

#include <string.h>

#include "base/assert.h"

static const struct {
    const char *word, *text;
} evidence[] = {
#define EVIDENCE(name, word, sentence) { word, sentence },
    HD_EVIDENCES(EVIDENCE)
#undef EVIDENCE
};

/* A service that stands for a device's interrupt is shown as one. */
static const char *heading_of(struct hd_story *story, const struct hd_story_actor *actor)
{
    if (strstr(actor->summary, "interrupt"))
        return hd_pool_format(&story->pool, "<irq> %s", actor->name);
    return hd_pool_format(&story->pool, "<%s>", actor->name);
}

static void gather_actors(struct hd_story *story)
{
    const struct hd_engine *engine = story->report->engine;
    const struct hd_trace *trace = &story->report->execution->trace;

    story->actor_count = hd_engine_actors(engine);
    HD_ASSERT_IS(story->actor_count, <=, HD_ACTORS_MAX);
    for (unsigned i = 0; i < story->actor_count; i++) {
        struct hd_story_actor *actor = &story->actors[i];
        uint8_t role, instance;

        hd_engine_actor_role(engine, (hd_actor_id)i, &role, &instance);
        actor->name = hd_engine_actor_name(engine, (hd_actor_id)i);
        actor->service = hd_engine_actor_is_service(engine, (hd_actor_id)i);
        actor->summary = role < HD_ROLES_MAX ? story->scenario->roles[role].summary
                         : role == HD_ROLE_RCU ? "runs RCU callbacks" : "arms a fault";
        actor->summary = actor->summary ? actor->summary : "";
        actor->heading = heading_of(story, actor);
        actor->column = HD_COLUMN_NONE;
    }
    for (uint32_t i = 0; i < trace->length; i++) {
        HD_ASSERT_IS(trace->steps[i].actor, <, story->actor_count);
        story->actors[trace->steps[i].actor].steps++;
    }
}

static void count_key(void *context, const char *key, const char *value, bool is_default)
{
    uint32_t *count = context;

    (void)key;
    (void)value;
    (void)is_default;
    ++*count;
}

static void gather_key(void *context, const char *key, const char *value, bool is_default)
{
    struct hd_story *story = context;

    HD_ASSERT_IS(story->key_count, <, story->key_room);
    story->keys[story->key_count++] = (struct hd_story_key){
        .key = hd_pool_format(&story->pool, "%s", key),
        .value = hd_pool_format(&story->pool, "%s", value),
        .is_default = is_default,
    };
}

static void gather_keys(struct hd_story *story)
{
    const struct hd_setting *setting = hd_engine_setting(story->report->engine);

    hd_workload_each(setting->scenario, &setting->workload, count_key, &story->key_room);
    story->keys = hd_pool_array(&story->pool, story->key_room, sizeof *story->keys);
    if (story->keys)
        hd_workload_each(setting->scenario, &setting->workload, gather_key, story);
}

/* As KCSAN and KASAN write it: kind and functions, no addresses, so that it serves as a key. */
static const char *title_of(struct hd_story *story)
{
    const struct hd_verdict *verdict = story->verdict;
    const struct hd_trace *trace = &story->report->execution->trace;
    const struct hd_site *other;

    if (verdict->holds)
        return hd_pool_format(&story->pool,
                              "heddle: no violation: %s/%s holds under this schedule",
                              story->scenario->name, story->variant->name);
    if (!verdict->site || !*verdict->site)
        return hd_pool_format(&story->pool, "BUG: heddle: %s", verdict->kind);
    other = verdict->other_step < trace->length ? trace->wheres[verdict->other_step].site : NULL;
    if (other && verdict->oracle == HD_ORACLE_RACE)
        return hd_pool_format(&story->pool, "BUG: heddle: %s in %s / %s", verdict->kind,
                              verdict->site, other->function);
    return hd_pool_format(&story->pool, "BUG: heddle: %s in %s", verdict->kind, verdict->site);
}

enum hd_error hd_story_build(const struct hd_report *report, struct hd_story *ret_story)
{
    struct hd_story *story = ret_story;
    const struct hd_setting *setting = hd_engine_setting(report->engine);

    *story = (struct hd_story){
        .report = report,
        .scenario = setting->scenario,
        .variant = &setting->scenario->variants[setting->variant],
        .verdict = &report->execution->verdict,
        .evidence = evidence[setting->scenario->passport.evidence].text,
        .evidence_word = evidence[setting->scenario->passport.evidence].word,
    };
    gather_actors(story);
    gather_keys(story);
    if (!story->verdict->holds)
        story->object = hd_story_object(story, report->engine, story->verdict->object);
    story->title = title_of(story);
    hd_story_rows(story);
    if (story->pool.failed)
        return HD_E_NOMEM;
    hd_story_links(story);
    hd_story_lines(story);
    hd_story_narrate(story);
    hd_story_cells(story);
    hd_story_stances(story);
    hd_story_standstill(story);
    hd_story_segments(story);
    hd_story_differences(story);
    return story->pool.failed ? HD_E_NOMEM : HD_OK;
}

void hd_story_free(struct hd_story *story)
{
    hd_pool_free(&story->pool);
}
