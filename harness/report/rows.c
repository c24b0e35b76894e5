/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Steps and notes become one sequence of rows.  A note has no place in the order of all actors, so
 * each function is entered just before its actor's next step; one that is entered and never takes a
 * step is kept only where the actor ends up in it, stuck or wrong.
 */
#include "report/story.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"

/* Where one actor stands while its rows are laid down. */
struct walker {
    uint32_t note;  /* its next note, or UINT32_MAX */
    uint32_t depth; /* of calls[] */
    uint32_t calls[HD_CALL_DEPTH_MAX]; /* rows of the functions around it, outermost first */
};

struct laying {
    struct hd_story *story;
    const struct hd_trace *trace;
    const struct hd_waits *waits;
    uint32_t *next_note; /* [i]: the next note of the same actor, or UINT32_MAX */
    struct walker *walkers;
    struct user *users;
    uint32_t user_count;
};

static struct hd_story_row *add_row(struct hd_story *story, const struct hd_story_row *row)
{
    HD_ASSERT_IS(story->row_count, <, story->row_room);
    story->rows[story->row_count] = *row;
    return &story->rows[story->row_count++];
}

static uint32_t innermost(const struct walker *walker)
{
    return walker->depth ? walker->calls[walker->depth - 1] : HD_ROW_NONE;
}

/* The notes of an actor that belong before step `at`. */
static void lay_notes(struct laying *laying, hd_actor_id actor, uint32_t at)
{
    struct hd_story *story = laying->story;
    struct walker *walker = &laying->walkers[actor];

    for (; walker->note != UINT32_MAX && laying->trace->notes[walker->note].at <= at;
         walker->note = laying->next_note[walker->note]) {
        const struct hd_note *note = &laying->trace->notes[walker->note];

        if (note->depth >= HD_CALL_DEPTH_MAX)
            continue;
        if (!note->enter) {
            walker->depth = note->depth < walker->depth ? note->depth : walker->depth;
            continue;
        }
        walker->depth = note->depth < walker->depth ? note->depth : walker->depth;
        if (walker->depth)
            story->rows[innermost(walker)].inner++;
        add_row(story, &(struct hd_story_row){
                           .kind = HD_ROW_CALL,
                           .actor = actor,
                           .depth = note->depth,
                           .step = HD_STEP_NONE,
                           .call = innermost(walker),
                           .text = note->site->what,
                           .site = note->site,
                           .holder = HD_ACTOR_NONE,
                           .since = HD_STEP_NONE,
                           .sees = HD_STEP_NONE,
                       });
        walker->calls[walker->depth++] = story->row_count - 1;
    }
}

/* A function with operations in it, and the roles that come there. */
struct user {
    const char *name;
    uint32_t roles; /* bit i: of role i */
};

static uint32_t role_bit(const struct hd_story *story, hd_actor_id actor)
{
    uint8_t role, instance;

    hd_engine_actor_role(story->report->engine, actor, &role, &instance);
    return UINT32_C(1) << (role % 32);
}

static struct user *user_of(struct laying *laying, const char *name)
{
    uint32_t i = 0;

    while (i < laying->user_count && strcmp(laying->users[i].name, name) != 0)
        i++;
    if (i == laying->user_count)
        laying->users[laying->user_count++].name = name;
    return &laying->users[i];
}

static void find_users(struct laying *laying)
{
    for (uint32_t i = 0; i < laying->trace->length; i++) {
        const struct hd_where *where = &laying->trace->wheres[i];

        if (where->site)
            user_of(laying, where->site->function)->roles |=
                role_bit(laying->story, laying->trace->steps[i].actor);
    }
}

/*
 * Does the operation stand in the function that the innermost call marks, or in a helper that it
 * calls?  Outside all calls that is a role's body, or a helper if several roles use it.
 */
static bool is_own(struct laying *laying, uint32_t call, const struct hd_site *site)
{
    uint32_t roles;

    if (!site)
        return call == HD_ROW_NONE;
    if (call != HD_ROW_NONE)
        return strcmp(laying->story->rows[call].site->function, site->function) == 0;
    roles = user_of(laying, site->function)->roles;
    return (roles & (roles - 1)) == 0;
}

static void count_in_call(struct hd_story *story, const struct hd_story_row *row)
{
    if (row->call == HD_ROW_NONE)
        return;
    if (row->own)
        story->rows[row->call].own_steps++;
    else
        story->rows[row->call].inner++;
}

/* "folio[0]" of "folio[0].lock": what a function that is called on the whole would be given.
 * Objects without a name of their own have no base. */
static const char *base_of(struct hd_story *story, const char *object)
{
    if (!object || strchr(object, '#'))
        return NULL;
    return hd_pool_format(&story->pool, "%.*s", (int)strcspn(object, "."), object);
}

static void lay_step(struct laying *laying, uint32_t i)
{
    struct hd_story *story = laying->story;
    const struct hd_step *step = &laying->trace->steps[i];
    const struct hd_site *site = laying->trace->wheres[i].site;
    const struct hd_verdict *verdict = story->verdict;
    struct hd_story_row row = {
        .kind = HD_ROW_STEP,
        .actor = step->actor,
        .depth = laying->trace->wheres[i].depth,
        .step = i,
        .call = innermost(&laying->walkers[step->actor]),
        .site = site,
        .op = step->op,
        .failed = !step->outcome && step->op != HD_OP_FAULT,
        .waited = laying->waits->steps[i].waited,
        .holder = laying->waits->steps[i].holder,
        .since = laying->waits->steps[i].since,
        .sees = HD_STEP_NONE,
        .wrong = !verdict->holds && verdict->step == i,
        .counterpart = !verdict->holds && verdict->other_step == i,
    };

    row.text = site ? hd_story_code(story, step->op, site) : hd_op_word(step->op);
    row.own = is_own(laying, row.call, site) && !(row.depth > 0 && row.call == HD_ROW_NONE);
    row.object = hd_story_object(story, story->report->engine, step->object);
    row.base = base_of(story, row.object);
    if (hd_op_reads(step->op) || hd_op_writes(step->op))
        row.value = hd_story_value(story, step);
    count_in_call(story, &row);
    add_row(story, &row);
}

/* Found when everything had ended: what is wrong is a step long before. */
static bool is_leftover(const struct hd_verdict *verdict)
{
    static const char *const kinds[] = { "leak", "lock-left", "rcu-left", "hold-left" };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(verdict->kind, kinds[i]) == 0)
            return true;
    return false;
}

/* Where the lock was taken, or the object allocated, that is left. */
static void blame_origin(struct laying *laying)
{
    struct hd_story *story = laying->story;
    const struct hd_verdict *verdict = story->verdict;

    for (uint32_t i = story->row_count; i-- > 0;) {
        struct hd_story_row *row = &story->rows[i];

        if (row->kind != HD_ROW_STEP || row->site != verdict->where ||
            laying->trace->steps[row->step].object != verdict->object)
            continue;
        row->wrong = true;
        return;
    }
}

/* The wrong thing where it is no step: a check, or an access that could not be carried out. */
static void lay_check(struct laying *laying)
{
    struct hd_story *story = laying->story;
    const struct hd_verdict *verdict = story->verdict;
    struct hd_story_row row = {
        .kind = HD_ROW_CHECK,
        .actor = verdict->actor,
        .step = HD_STEP_NONE,
        .site = verdict->where,
        .holder = HD_ACTOR_NONE,
        .since = HD_STEP_NONE,
        .sees = verdict->other_step < laying->trace->length ? verdict->other_step : HD_STEP_NONE,
        .wrong = true,
    };

    if (verdict->holds || verdict->step < laying->trace->length || !verdict->where ||
        verdict->oracle == HD_ORACLE_DEADLOCK)
        return;
    if (is_leftover(verdict))
        blame_origin(laying);
    if (is_leftover(verdict) || verdict->actor >= story->actor_count)
        return;
    lay_notes(laying, verdict->actor, UINT32_MAX);
    row.depth = (uint16_t)laying->walkers[verdict->actor].depth;
    row.call = innermost(&laying->walkers[verdict->actor]);
    row.own = verdict->oracle == HD_ORACLE_DURABILITY || is_own(laying, row.call, verdict->where);
    row.object = story->object;
    row.base = base_of(story, row.object);
    /* An access is written as the address alone, whatever is done to it. */
    row.op = verdict->where->what[0] != '&' ? HD_OP_STEP :
             strstr(verdict->where->what, " = ") ? HD_OP_STORE : HD_OP_LOAD;
    if (verdict->oracle == HD_ORACLE_PROPERTY || verdict->oracle == HD_ORACLE_DURABILITY)
        row.text = hd_pool_format(&story->pool, "fails: %s", verdict->where->what);
    else
        row.text = hd_story_code(story, row.op, verdict->where);
    count_in_call(story, &row);
    add_row(story, &row);
}

static void lay_stuck(struct laying *laying)
{
    struct hd_story *story = laying->story;
    const struct hd_execution *execution = story->report->execution;

    for (uint32_t i = 0; i < execution->stuck_count; i++) {
        const struct hd_stuck *stuck = &execution->stuck[i];
        struct walker *walker;
        struct hd_story_row row = {
            .kind = HD_ROW_STUCK,
            .actor = stuck->actor,
            .step = HD_STEP_NONE,
            .site = stuck->site,
            .op = stuck->op,
            .waited = true,
            .holder = stuck->holder,
            .since = stuck->since,
            .sees = HD_STEP_NONE,
            .wrong = !story->verdict->holds && story->verdict->oracle == HD_ORACLE_DEADLOCK,
        };

        if (stuck->actor >= story->actor_count)
            continue;
        walker = &laying->walkers[stuck->actor];
        lay_notes(laying, stuck->actor, UINT32_MAX);
        row.depth = (uint16_t)walker->depth;
        row.call = innermost(walker);
        row.own = is_own(laying, row.call, stuck->site);
        row.text =
            stuck->site ? hd_story_code(story, stuck->op, stuck->site) : hd_op_word(stuck->op);
        row.object = hd_story_object(story, story->report->engine, stuck->object);
        row.base = base_of(story, row.object);
        count_in_call(story, &row);
        add_row(story, &row);
    }
}

/* Chains each actor's notes, and sets each walker to its first. */
static void chain_notes(struct laying *laying)
{
    for (unsigned actor = 0; actor < HD_ACTORS_MAX; actor++)
        laying->walkers[actor].note = UINT32_MAX;
    for (uint32_t i = laying->trace->note_count; i-- > 0;) {
        hd_actor_id actor = laying->trace->notes[i].actor;

        laying->next_note[i] = UINT32_MAX;
        if (actor >= HD_ACTORS_MAX)
            continue;
        laying->next_note[i] = laying->walkers[actor].note;
        laying->walkers[actor].note = i;
    }
}

void hd_story_rows(struct hd_story *story)
{
    const struct hd_trace *trace = &story->report->execution->trace;
    struct hd_waits waits;
    struct laying laying = { .story = story, .trace = trace, .waits = &waits };

    story->row_room = trace->length + trace->note_count + 1 + HD_ACTORS_MAX;
    story->rows = hd_pool_array(&story->pool, story->row_room, sizeof *story->rows);
    laying.next_note = hd_pool_array(&story->pool, trace->note_count, sizeof *laying.next_note);
    laying.walkers = hd_pool_array(&story->pool, HD_ACTORS_MAX, sizeof *laying.walkers);
    /* One a step at most, and one each for what is stuck or wrong. */
    laying.users = hd_pool_array(&story->pool, story->row_room, sizeof *laying.users);
    if (!story->rows || !laying.next_note || !laying.walkers || !laying.users ||
        !hd_waits_compute(&story->pool, trace, &waits))
        return;
    chain_notes(&laying);
    find_users(&laying);
    for (uint32_t i = 0; i < trace->length; i++) {
        lay_notes(&laying, trace->steps[i].actor, i);
        lay_step(&laying, i);
    }
    lay_stuck(&laying);
    lay_check(&laying);
}
