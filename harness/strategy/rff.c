/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads-from fuzzing: abstract schedules, sets of "this read sees that write" and "must not see
 * it".
 *
 * Each execution takes an abstract schedule of the corpus, or the empty one, and changes it: one
 * obligation more, of those whose pair of write and read was seen before, one less, or one turned
 * round.  A scheduler then does what it can to meet it: who would break an obligation is held back,
 * as long as anybody else can go on.  What decides among the others is partial order sampling.  An
 * abstract schedule whose execution shows a set of pairs that none has shown is kept.
 *
 * Source     Wolff, Shi, Duck, Mathur, Roychoudhury: "Greybox Fuzzing for Concurrency Testing",
 *            ASPLOS 2024.
 * Guarantee  none of its own; one execution in eight is one of POS (see pos.c).
 * Departs    from the paper: an event is also told apart by how often it has happened; what is no
 *            memory access but conflicts (a lock, a reference count) counts as a read and a write;
 *            the power schedule prefers the less often used of two entries drawn; corpus, pairs and
 *            signatures are of bounded size, the oldest go first.
 * Cost       O(n * obligations) a choice, O(steps) after an execution; two allocations, when
 *            created.
 */
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "base/prng.h"
#include "strategy/classes.h"
#include "strategy/create.h"

#define OBLIGATIONS 6u    /* of an abstract schedule */
#define CORPUS      64u
#define PAIRS       256u  /* seen so far */
#define KNOWN       1024u /* of which it is known that they were */
#define SIGNATURES  1024u /* a power of two */
#define OBJECTS     256u  /* told apart while executing */
#define EVENTS      512u  /* the same */

struct obligation {
    uint64_t write, read; /* events: see event_of(); a write of 0: what was there at the start */
    hd_object_id object;
    bool must; /* or must not */
};

struct abstract {
    uint32_t count, used;
    struct obligation obligation[OBLIGATIONS];
};

struct rff {
    struct hd_strategy base; /* first: rff_of() relies on it */
    struct hd_prng prng;
    struct hd_strategy *pos; /* owned: decides among those who are not held back */
    struct abstract now;     /* of this execution */
    uint32_t met;            /* bit i: obligation i has been */
    uint32_t seen;           /* steps of this execution already looked at */
    uint64_t written[OBJECTS]; /* the event of each object's latest write */
    uint8_t writer[OBJECTS];   /* and who did it, + 1; 0 for nobody */
    uint32_t times[EVENTS];    /* how often each place was passed */
    uint64_t signature;        /* of the pairs of this execution: a sum over different ones */
    uint32_t corpus_count, corpus_next;
    struct abstract corpus[CORPUS];
    uint32_t pair_count, pair_next;
    struct obligation pairs[PAIRS];
    uint64_t known[KNOWN];
    uint64_t signatures[SIGNATURES];
};

static_assert(offsetof(struct rff, base) == 0, "rff_of() casts a strategy to the rff around it");

static struct rff *rff_of(struct hd_strategy *strategy)
{
    return (struct rff *)strategy;
}

/* ---- Abstract schedules ---------------------------------------------------------------------- */

static struct abstract draw_abstract(struct rff *rff)
{
    struct abstract *one, *other;

    if (rff->corpus_count == 0)
        return (struct abstract){ 0 };
    one = &rff->corpus[hd_prng_below(&rff->prng, rff->corpus_count)];
    other = &rff->corpus[hd_prng_below(&rff->prng, rff->corpus_count)];
    if (other->used < one->used)
        one = other;
    one->used++;
    return *one;
}

/* A read can see one write only: an obligation takes the place of another on the same read. */
static void oblige(struct abstract *abstract, const struct obligation *obligation)
{
    uint32_t i = 0;

    while (i < abstract->count && abstract->obligation[i].read != obligation->read)
        i++;
    if (i == OBLIGATIONS)
        return;
    abstract->obligation[i] = *obligation;
    abstract->count += i == abstract->count;
}

static void mutate(struct rff *rff, struct abstract *abstract)
{
    uint32_t which = hd_prng_below(&rff->prng, 8), at;

    if (abstract->count == 0 || which < 6) {
        struct obligation drawn;

        if (rff->pair_count == 0)
            return;
        drawn = rff->pairs[hd_prng_below(&rff->prng, rff->pair_count)];
        drawn.must = which > 0;
        oblige(abstract, &drawn);
        return;
    }
    at = hd_prng_below(&rff->prng, abstract->count);
    if (which == 6)
        abstract->obligation[at] = abstract->obligation[--abstract->count];
    else
        abstract->obligation[at].must = !abstract->obligation[at].must;
}

static bool rff_begin(struct hd_strategy *strategy)
{
    struct rff *rff = rff_of(strategy);

    rff->seen = rff->met = 0;
    rff->signature = 0;
    memset(rff->written, 0, sizeof rff->written);
    memset(rff->writer, 0, sizeof rff->writer);
    memset(rff->times, 0, sizeof rff->times);
    rff->now = (struct abstract){ 0 };
    if (hd_prng_below(&rff->prng, 8)) {
        rff->now = draw_abstract(rff);
        mutate(rff, &rff->now);
    }
    return rff->pos->ops->begin(rff->pos);
}

/* ---- Executing ------------------------------------------------------------------------------- */

/* An operation on an object at a place in the source, by an actor. */
static uint64_t place_of(const struct hd_step *step, const struct hd_site *site)
{
    uint64_t line = site ? site->line : 0;

    return hd_mix64(hd_mix64(line << 16 | (uint64_t)step->op << 8 | step->actor) + step->object);
}

/* And which time it is: the same in every execution that comes there as often. */
static uint64_t event_of(uint64_t place, const struct rff *rff)
{
    return hd_mix64(place + rff->times[place % EVENTS]) | 1;
}

static uint64_t *written_on(struct rff *rff, hd_object_id object)
{
    return &rff->written[hd_mix64(object) % OBJECTS];
}

static void note_pair(struct rff *rff, const struct obligation *pair)
{
    rff->signature += hd_mix64(pair->write ^ hd_mix64(pair->read));
    for (uint32_t i = 0; i < rff->now.count; i++) {
        const struct obligation *wanted = &rff->now.obligation[i];

        if (wanted->read == pair->read && (wanted->write == pair->write) == wanted->must)
            rff->met |= 1u << i;
    }
    if (rff->known[hd_mix64(pair->write ^ pair->read) % KNOWN] == (pair->write ^ pair->read))
        return;
    rff->known[hd_mix64(pair->write ^ pair->read) % KNOWN] = pair->write ^ pair->read;
    rff->pairs[rff->pair_next] = *pair;
    rff->pair_next = (rff->pair_next + 1) % PAIRS;
    rff->pair_count += rff->pair_count < PAIRS;
}

static void catch_up(struct rff *rff, const struct hd_trace *trace)
{
    for (; rff->seen < trace->length; rff->seen++) {
        const struct hd_step *step = &trace->steps[rff->seen];
        uint64_t place = place_of(step, trace->wheres[rff->seen].site);
        uint64_t event = event_of(place, rff);
        uint64_t *written;

        rff->times[place % EVENTS]++;
        if (step->object == HD_OBJECT_NONE)
            continue;
        written = written_on(rff, step->object);
        if (hd_step_reads(step) && rff->writer[written - rff->written] != step->actor + 1)
            note_pair(rff, &(struct obligation){ *written, event, step->object, true });
        if (hd_step_writes(step)) {
            *written = event;
            rff->writer[written - rff->written] = (uint8_t)(step->actor + 1);
        }
    }
}

/* Would this operation, now, break the obligation, or make it impossible? */
static bool breaks(struct rff *rff, const struct obligation *wanted, const struct hd_step *pending,
                   uint64_t event)
{
    struct hd_step done = *pending;
    bool visible;

    if (pending->object != wanted->object)
        return false;
    visible = *written_on(rff, wanted->object) == wanted->write;
    if (event == wanted->read)
        return visible != wanted->must;
    done.outcome = 1;
    return wanted->must && visible && hd_step_writes(&done);
}

static bool is_held_back(struct rff *rff, const struct hd_view *view)
{
    uint64_t event = event_of(place_of(&view->pending, view->site), rff);

    for (uint32_t i = 0; i < rff->now.count; i++)
        if (!(rff->met >> i & 1) && breaks(rff, &rff->now.obligation[i], &view->pending, event))
            return true;
    return false;
}

static hd_actor_id rff_pick(struct hd_strategy *strategy, const struct hd_choice *choice)
{
    struct rff *rff = rff_of(strategy);
    struct hd_choice among = *choice;

    catch_up(rff, choice->trace);
    for (hd_actor_set set = choice->enabled; set; set &= set - 1) {
        hd_actor_id actor = hd_set_nth(set, 0);

        if (is_held_back(rff, &choice->views[actor]))
            among.enabled &= ~hd_actor_bit(actor);
    }
    if (!among.enabled)
        among.enabled = choice->enabled;
    among.enabled_count = hd_set_count(among.enabled);
    return rff->pos->ops->pick(rff->pos, &among);
}

/* Is the signature new?  From then on it is not. */
static bool is_new(struct rff *rff, uint64_t signature)
{
    uint64_t *slot = &rff->signatures[hd_mix64(signature) % SIGNATURES];

    if (*slot == signature)
        return false;
    *slot = signature;
    return true;
}

static void rff_end(struct hd_strategy *strategy, const struct hd_trace *trace)
{
    struct rff *rff = rff_of(strategy);

    catch_up(rff, trace);
    rff->pos->ops->end(rff->pos, trace);
    if (!is_new(rff, rff->signature | 1))
        return;
    rff->now.used = 0;
    rff->corpus[rff->corpus_next] = rff->now;
    rff->corpus_next = (rff->corpus_next + 1) % CORPUS;
    rff->corpus_count += rff->corpus_count < CORPUS;
}

static void rff_free(struct hd_strategy *strategy)
{
    hd_strategy_free(rff_of(strategy)->pos);
    hd_dealloc(rff_of(strategy));
}

static const struct hd_strategy_ops rff_ops = {
    .name = "rff",
    .begin = rff_begin,
    .pick = rff_pick,
    .end = rff_end,
    .free = rff_free,
};

enum hd_error hd_rff_create(const struct hd_strategy_options *options,
                            struct hd_strategy **ret_strategy)
{
    struct rff *rff = hd_alloc_array(1, sizeof *rff);
    struct hd_strategy_options own = *options;
    enum hd_error error;

    if (!rff)
        return HD_E_NOMEM;
    rff->base.ops = &rff_ops;
    hd_prng_seed(&rff->prng, options->seed);
    own.seed = hd_seed_derive(options->seed, 1);
    error = hd_pos_create(&own, &rff->pos);
    if (error)
        hd_dealloc(rff);
    else
        *ret_strategy = &rff->base;
    return error;
}
