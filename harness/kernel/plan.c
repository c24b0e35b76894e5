/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/plan.h"

#include <inttypes.h>
#include <string.h>

/* ---- The workload, by key -------------------------------------------------------------------- */

struct lookup {
    const char *key;
    size_t length;
    char value[64]; /* "" if there is no such key */
};

static void look(void *context, const char *key, const char *value, bool is_default)
{
    struct lookup *lookup = context;

    (void)is_default;
    if (strlen(key) == lookup->length && strncmp(key, lookup->key, lookup->length) == 0)
        snprintf(lookup->value, sizeof lookup->value, "%s", value);
}

/* The value of the key of that length, or "". */
static struct lookup value_of(const struct hd_case *the_case, const char *key, size_t length)
{
    struct lookup lookup = { .key = key, .length = length };

    hd_workload_each(the_case->setting.scenario, &the_case->setting.workload, look, &lookup);
    return lookup;
}

/* Does the workload have this "key=value", which ends at a blank? */
static bool workload_has(const struct hd_case *the_case, const char *pair)
{
    size_t key = strcspn(pair, "="), whole = strcspn(pair, " ");
    struct lookup lookup = value_of(the_case, pair, key);

    return strlen(lookup.value) == whole - key - 1
           && strncmp(lookup.value, pair + key + 1, whole - key - 1) == 0;
}

/* Replaces each {key} by its value.  False if there is no such key, or no room. */
static bool fill_in(const struct hd_case *the_case, const char *template, char *text, size_t bytes)
{
    size_t length = 0;

    while (*template && length < bytes - 1) {
        size_t key = *template == '{' ? strcspn(template, "}") : 0;
        struct lookup lookup;

        if (key == 0) {
            text[length++] = *template++;
            continue;
        }
        lookup = value_of(the_case, template + 1, key - 1);
        if (!lookup.value[0] || length + strlen(lookup.value) >= bytes)
            return false;
        memcpy(text + length, lookup.value, strlen(lookup.value));
        length += strlen(lookup.value);
        template += key + 1;
    }
    text[length] = '\0';
    return *template == '\0';
}

/* Is the key one that the map fixes, or uses somewhere? */
static bool map_uses(const struct hd_kernel_map *map, const char *key)
{
    char pair[HD_NAME_BYTES + 2], brace[HD_NAME_BYTES + 2];
    const char *at = map->workload;

    snprintf(pair, sizeof pair, "%s=", key);
    snprintf(brace, sizeof brace, "{%s}", key);
    while ((at = strstr(at, pair)) != NULL) {
        if (at == map->workload || at[-1] == ' ')
            return true;
        at++;
    }
    for (const struct hd_kernel_actor *actor = map->actors; actor->role; actor++)
        if ((actor->when && strncmp(actor->when, pair, strlen(pair)) == 0)
            || (actor->operation && strstr(actor->operation, brace)))
            return true;
    return strstr(map->workload, brace) != NULL;
}

struct unused {
    const struct hd_case *the_case;
    char pair[2 * HD_NAME_BYTES]; /* the first that nothing in the guest corresponds to, or "" */
};

/* Only values that differ from what the model takes for granted matter; roles that are off are not
 * started, which is what off means. */
static void find_unused(void *context, const char *key, const char *value, bool is_default)
{
    struct unused *unused = context;
    const struct hd_scenario *scenario = unused->the_case->setting.scenario;

    if (is_default || unused->pair[0] || map_uses(scenario->kernel, key))
        return;
    for (const struct hd_role_info *role = scenario->roles; role->name; role++)
        if (strcmp(role->name, key) == 0)
            return;
    snprintf(unused->pair, sizeof unused->pair, "%.60s=%.60s", key, value);
}

static enum hd_error check_workload(const struct hd_case *the_case, struct hd_diag *diag)
{
    struct unused unused = { .the_case = the_case };
    char wanted[256];
    const char *at = wanted;

    if (!fill_in(the_case, the_case->setting.scenario->kernel->workload, wanted, sizeof wanted))
        return hd_fail(diag, HD_E_UNSUPPORTED, "the map's workload names what isn't there");
    for (; *at; at += strcspn(at, " "), at += strspn(at, " "))
        if (!workload_has(the_case, at))
            return hd_fail(diag, HD_E_UNSUPPORTED, "the guest's file has %.*s; the case's workload "
                           "differs", (int)strcspn(at, " "), at);
    hd_workload_each(the_case->setting.scenario, &the_case->setting.workload, find_unused, &unused);
    if (unused.pair[0])
        return hd_fail(diag, HD_E_UNSUPPORTED, "nothing in the guest corresponds to %s",
                       unused.pair);
    return HD_OK;
}

/* ---- Actors and steps ------------------------------------------------------------------------ */

static const struct hd_kernel_actor *mapped_actor(const struct hd_case *the_case, const char *role)
{
    const struct hd_kernel_actor *actor = the_case->setting.scenario->kernel->actors;

    for (; actor->role; actor++)
        if (strcmp(actor->role, role) == 0
            && (!actor->when || workload_has(the_case, actor->when)))
            return actor;
    return NULL;
}

/* The plan's actor for a role; added if it is new. */
static enum hd_error take_actor(struct hd_plan *plan, const char *role,
                                const struct hd_kernel_actor *mapped, uint8_t *ret_actor,
                                struct hd_diag *diag)
{
    struct hd_plan_actor *actor = plan->actors;
    char operation[80], *blank;
    uint32_t index = 0;

    while (index < plan->actor_count && strcmp(plan->actors[index].name, role) != 0)
        index++;
    *ret_actor = (uint8_t)index;
    if (index < plan->actor_count)
        return HD_OK;
    if (index == HD_PLAN_ACTORS_MAX)
        return hd_fail(diag, HD_E_UNSUPPORTED, "more than %d actors", HD_PLAN_ACTORS_MAX);
    if (!fill_in(plan->the_case, mapped->operation, operation, sizeof operation))
        return hd_fail(diag, HD_E_UNSUPPORTED, "%s: `%s` names what the workload doesn't have",
                       role, mapped->operation);
    actor = &plan->actors[plan->actor_count++];
    snprintf(actor->name, sizeof actor->name, "%s", role);
    blank = strchr(operation, ' ');
    snprintf(actor->operation, sizeof actor->operation, "%.*s %s%s",
             blank ? (int)(blank - operation) : (int)strlen(operation), operation, plan->map->file,
             blank ? blank : " 0 0");
    actor->vanish = plan->map->vanish && strncmp(operation, "pwrite-mapped", 13) == 0;
    return HD_OK;
}

/* How a segment ends, in the guest. */
static enum hd_error take_until(const struct hd_plan *plan, const struct hd_segment *segment,
                                struct hd_plan_step *step, struct hd_diag *diag)
{
    const struct hd_scenario *scenario = plan->the_case->setting.scenario;
    const struct hd_kernel_landmark *mapped = plan->map->landmarks;
    const char *landmark;

    switch (segment->until) {
    case HD_UNTIL_END:
        step->until = HD_PLAN_END;
        return HD_OK;
    case HD_UNTIL_BLOCKED:
        step->until = HD_PLAN_BLOCKED;
        return HD_OK;
    case HD_UNTIL_LANDMARK:
        break;
    case HD_UNTIL_AFTER:
    case HD_UNTIL_COUNT:
    case HD_UNTIL_CHOICES:
        return hd_fail(diag, HD_E_UNSUPPORTED, "line %u: a kernel can be stopped where a function "
                       "is entered, and nowhere else", segment->line);
    }
    landmark = scenario->landmarks[segment->landmark].name;
    while (mapped->landmark && strcmp(mapped->landmark, landmark) != 0)
        mapped++;
    if (!mapped->landmark || !mapped->functions)
        return hd_fail(diag, HD_E_UNSUPPORTED, "line %u: the landmark %s has no mapping%s%s",
                       segment->line, landmark, mapped->landmark ? ": " : "",
                       mapped->landmark ? mapped->note : "");
    step->until = HD_PLAN_FUNCTION;
    step->functions = mapped->functions;
    step->skip = segment->nth > 0 ? segment->nth - 1 : 0;
    return HD_OK;
}

/* nth counts entries since the execution began; a hold counts from when it is armed. */
static bool has_run(const struct hd_plan *plan, uint8_t actor)
{
    for (uint32_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].until != HD_PLAN_NOTHING && plan->steps[i].actor == actor)
            return true;
    return false;
}

static bool is_of(const struct hd_plan *plan, uint32_t index, const char *role)
{
    const struct hd_case *the_case = plan->the_case;

    return strcmp(the_case->setting.scenario->roles[the_case->segments[index].role].name, role)
           == 0;
}

static enum hd_error take_segment(struct hd_plan *plan, uint32_t index, struct hd_diag *diag)
{
    const struct hd_scenario *scenario = plan->the_case->setting.scenario;
    const struct hd_segment *segment = &plan->the_case->segments[index];
    struct hd_plan_step step = { .segment = index };
    const struct hd_kernel_actor *mapped;
    enum hd_error error;
    const char *role;

    if (segment->role >= HD_ROLES_MAX || segment->instance > 0)
        return hd_fail(diag, HD_E_UNSUPPORTED, "line %u: no process of the guest stands for this "
                       "actor", segment->line);
    if (plan->step_count == HD_PLAN_STEPS_MAX)
        return hd_fail(diag, HD_E_UNSUPPORTED, "more than %d segments", HD_PLAN_STEPS_MAX);
    role = scenario->roles[segment->role].name;
    mapped = mapped_actor(plan->the_case, role);
    if (!mapped)
        return hd_fail(diag, HD_E_UNSUPPORTED, "line %u: nothing in the guest does what %s does "
                       "with this workload", segment->line, role);
    if (!mapped->operation && (index == 0 || !is_of(plan, index - 1, mapped->after)))
        return hd_fail(diag, HD_E_UNSUPPORTED, "line %u: %s can only come directly after %s: %s",
                       segment->line, role, mapped->after, mapped->note);
    if (!mapped->operation) {
        step.until = HD_PLAN_NOTHING;
        step.note = mapped->note;
        plan->steps[plan->step_count++] = step;
        return HD_OK;
    }
    error = take_actor(plan, role, mapped, &step.actor, diag);
    if (!error)
        error = take_until(plan, segment, &step, diag);
    if (!error && segment->nth > 0 && has_run(plan, step.actor))
        error = hd_fail(diag, HD_E_UNSUPPORTED, "line %u: #%u of an actor that has run before",
                        segment->line, segment->nth);
    if (!error)
        plan->steps[plan->step_count++] = step;
    return error;
}

/* Those who take part and have no segment run at the end, in their order, as in the model. */
static enum hd_error take_the_rest(struct hd_plan *plan, struct hd_diag *diag)
{
    const struct hd_setting *setting = &plan->the_case->setting;
    enum hd_error error = HD_OK;

    for (unsigned i = 0; !error && setting->scenario->roles[i].name; i++) {
        const char *role = setting->scenario->roles[i].name;
        const struct hd_kernel_actor *mapped = mapped_actor(plan->the_case, role);
        struct hd_plan_step step = { .segment = HD_PLAN_IMPLIED, .until = HD_PLAN_END };

        if (setting->workload.off[i] || !mapped || !mapped->operation)
            continue;
        error = take_actor(plan, role, mapped, &step.actor, diag);
        if (!error && !has_run(plan, step.actor) && plan->step_count < HD_PLAN_STEPS_MAX)
            plan->steps[plan->step_count++] = step;
    }
    return error;
}

bool hd_plan_goes_with_before(const struct hd_case *the_case, uint32_t segment)
{
    const struct hd_scenario *scenario = the_case->setting.scenario;
    uint8_t role = the_case->segments[segment].role;
    const struct hd_kernel_actor *mapped =
        role < HD_ROLES_MAX ? mapped_actor(the_case, scenario->roles[role].name) : NULL;

    return mapped && !mapped->operation;
}

enum hd_error hd_plan_make(const struct hd_case *the_case, struct hd_plan *ret_plan,
                           struct hd_diag *diag)
{
    const struct hd_scenario *scenario = the_case->setting.scenario;
    struct hd_plan plan = { .the_case = the_case, .map = scenario->kernel };
    struct lookup pos;
    enum hd_error error;

    if (!plan.map)
        return hd_fail(diag, HD_E_UNSUPPORTED, "the scenario %s has no mapping to a kernel",
                       scenario->name);
    error = check_workload(the_case, diag);
    pos = value_of(the_case, "pos", 3);
    if (sscanf(pos.value, "%" SCNu64, &plan.pos) != 1)
        plan.pos = 0;
    if (!error && plan.map->written
        && !fill_in(the_case, plan.map->written, plan.written, sizeof plan.written))
        error = hd_fail(diag, HD_E_UNSUPPORTED, "`%s` names what the workload doesn't have",
                        plan.map->written);
    for (uint32_t i = 0; !error && i < the_case->segment_count; i++)
        error = take_segment(&plan, i, diag);
    if (!error)
        error = take_the_rest(&plan, diag);
    if (!error)
        *ret_plan = plan;
    return error;
}

void hd_plan_step_text(const struct hd_plan *plan, const struct hd_plan_step *step, char *text,
                       size_t bytes)
{
    const struct hd_scenario *scenario = plan->the_case->setting.scenario;
    const struct hd_segment *segment;
    const char *until = "end";

    if (step->segment == HD_PLAN_IMPLIED) {
        snprintf(text, bytes, "%s until end", plan->actors[step->actor].name);
        return;
    }
    segment = &plan->the_case->segments[step->segment];
    if (segment->until == HD_UNTIL_LANDMARK)
        until = scenario->landmarks[segment->landmark].name;
    else if (segment->until == HD_UNTIL_BLOCKED)
        until = "blocked";
    snprintf(text, bytes, "%s until %s", scenario->roles[segment->role].name, until);
}

void hd_plan_print(const struct hd_plan *plan, FILE *out)
{
    static const char *const until[] = { [HD_PLAN_FUNCTION] = "until it enters",
                                         [HD_PLAN_END] = "until it returns",
                                         [HD_PLAN_BLOCKED] = "until it is asleep on a lock" };
    char text[160];

    for (uint32_t i = 0; i < plan->actor_count; i++)
        fprintf(out, "actor %-10s %s%s\n", plan->actors[i].name, plan->actors[i].operation,
                plan->actors[i].vanish ? ", whose source vanishes" : "");
    for (uint32_t i = 0; i < plan->step_count; i++) {
        const struct hd_plan_step *step = &plan->steps[i];

        hd_plan_step_text(plan, step, text, sizeof text);
        if (step->until == HD_PLAN_NOTHING)
            fprintf(out, "step  %-28s nothing to do: %s\n", text, step->note);
        else
            fprintf(out, "step  %-28s run %s %s %s\n", text, plan->actors[step->actor].name,
                    until[step->until], step->functions ? step->functions : "");
    }
    for (const struct hd_kernel_variant *v = plan->map->variants; v->variant; v++)
        fprintf(out, "kernel with %s(): variant %s, %s\n", v->has, v->variant, v->since);
}
