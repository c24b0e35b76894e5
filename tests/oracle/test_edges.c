/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edges that take more than two actors, or an engine's own: flags written over, services, start
 * conditions, callbacks, words that were plain before they were flags. */
#include "tiny.h"

struct state {
    struct hd_queue items;
    struct hd_refcount refs;
    uint32_t flag, data, late;
    uint64_t *object;
};

#define RACE .oracles = HD_ORACLE_BIT(RACE)

/* ---- What one flag takes from another -------------------------------------------------------- */

static void set_flag(void *state, unsigned instance)
{
    struct state *s = state;

    (void)instance;
    hd_store(&s->data, 1);
    hd_store_release(&s->flag, 1);
}

static void set_again_marked(void *state, unsigned instance)
{
    (void)instance;
    hd_write_once(&((struct state *)state)->flag, 2);
}

static void set_again_released(void *state, unsigned instance)
{
    (void)instance;
    hd_store_release(&((struct state *)state)->flag, 2);
}

static void set_again_atomically(void *state, unsigned instance)
{
    (void)instance;
    hd_fetch_add(&((struct state *)state)->flag, 1);
}

static void see_flag(void *state, unsigned instance)
{
    struct state *s = state;

    (void)instance;
    (void)hd_load_acquire(&s->flag);
    (void)hd_load(&s->data);
}

#define OVER(how) ROLES(TASK(set_flag), TASK(how), TASK(see_flag)), RACE
TINY(over_marked, struct state, OVER(set_again_marked));
TINY(over_released, struct state, OVER(set_again_released));
TINY(over_atomic, struct state, OVER(set_again_atomically));

/* Who reads a later store has not read the release; an atomic operation passes it on. */
static void a_store_hides_what_was_released(void **state)
{
    tiny_check(&over_marked, TINY_BACKEND(state), "00122", "data-race at see_flag");
    tiny_check(&over_released, TINY_BACKEND(state), "00122", "data-race at see_flag");
    tiny_check(&over_atomic, TINY_BACKEND(state), "00122", "holds");
    tiny_check(&over_marked, TINY_BACKEND(state), "00221", "holds");
}

/* ---- Services, start conditions, callbacks, allocations -------------------------------------- */

static void pusher(void *state, unsigned instance)
{
    struct state *s = state;

    (void)instance;
    hd_store(&s->data, 1);
    hd_push(&s->items, &s->data);
    hd_store(&s->late, 1);
}

static void serve(void *state, void *item)
{
    (void)item;
    (void)hd_load(&((struct state *)state)->data);
}

static void serve_late(void *state, void *item)
{
    (void)item;
    (void)hd_load(&((struct state *)state)->late);
}

TINY(serving, struct state, ROLES(TASK(pusher), SERVICE(serve, struct state, items)),
     RACE);
TINY(serving_late, struct state, ROLES(TASK(pusher), SERVICE(serve_late, struct state, items)),
     RACE);

static void an_item_brings_what_came_before(void **state)
{
    tiny_check_every(&serving, TINY_BACKEND(state), 3, 0, NULL);
    tiny_check_every(&serving_late, TINY_BACKEND(state), 3, 3, "data-race");
}

static const char *const marks[] = { "first", "second", NULL };

static void make_first(void *state, unsigned instance)
{
    struct state *s = state;

    (void)instance;
    hd_store(&s->data, 1);
    hd_mark(0);
    hd_store(&s->late, 1);
}

static void make_second(void *state, unsigned instance)
{
    (void)state;
    (void)instance;
    hd_mark(1);
}

static void after_it(void *state, unsigned instance)
{
    (void)instance;
    (void)hd_load(&((struct state *)state)->data);
}

static void after_its_end(void *state, unsigned instance)
{
    (void)instance;
    (void)hd_load(&((struct state *)state)->late);
}

TINY(starting, struct state, ROLES(TASK(make_first), TASK(make_second), TASK(after_it)),
     .marks = marks, RACE);
TINY(ending, struct state, ROLES(TASK(make_first), TASK(make_second), TASK(after_its_end)),
     .marks = marks, RACE);

/* A start condition brings what came before it, and nothing that came before another. */
static void a_start_condition_is_an_edge(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &starting, TINY_BACKEND(state));
    tiny_keys(&tiny, "after_it.after=first");
    assert_string_equal(tiny_run(&tiny, "000122"), "holds");
    tiny_keys(&tiny, "after_it.after=second");
    assert_string_equal(tiny_run(&tiny, "00012"), "data-race at after_it");
    tiny_keys(&tiny, "after_it.after=make_second.end");
    assert_string_equal(tiny_run(&tiny, "00012"), "data-race at after_it");
    tiny_use(&tiny, &ending);
    tiny_keys(&tiny, "after_its_end.after=make_first.end");
    assert_string_equal(tiny_run(&tiny, "000122"), "holds");
    tiny_keys(&tiny, "after_its_end.after=first");
    assert_string_equal(tiny_run(&tiny, "00012"), "data-race at after_its_end");
    tiny_close(&tiny);
}

/* ---- RCU's callbacks, and sections inside sections ------------------------------------------- */

static void read_data(void *state)
{
    (void)hd_load(&((struct state *)state)->data);
}

static void store_late(void *state)
{
    hd_store(&((struct state *)state)->late, 1);
}

static void call_reader(void *state, unsigned instance)
{
    (void)instance;
    hd_call_rcu(read_data, state);
}

static void store_and_call_reader(void *state, unsigned instance)
{
    struct state *s = state;

    (void)instance;
    hd_store(&s->data, 1);
    hd_call_rcu(read_data, s);
}

static void call_storer_and_wait(void *state, unsigned instance)
{
    struct state *s = state;

    (void)instance;
    hd_call_rcu(store_late, s);
    hd_rcu_barrier();
    (void)hd_load(&s->late);
}

static void wait_only(void *state, unsigned instance)
{
    (void)instance;
    hd_synchronize_rcu();
    (void)hd_load(&((struct state *)state)->data);
}

static void store_inside(void *state, unsigned instance)
{
    (void)instance;
    hd_rcu_read_lock();
    hd_store(&((struct state *)state)->data, 1);
    hd_rcu_read_unlock();
}

/* The inner end ends nothing: what came before it is as open as what comes behind. */
static void store_in_two(void *state, unsigned instance)
{
    (void)instance;
    hd_rcu_read_lock();
    hd_rcu_read_lock();
    hd_store(&((struct state *)state)->data, 1);
    hd_rcu_read_unlock();
    hd_rcu_read_unlock();
}

#define CALLS .uses_rcu_callbacks = true, RACE
TINY(inside_then_called, struct state, ROLES(TASK(store_inside), TASK(call_reader)), CALLS);
TINY(outside_then_called, struct state, ROLES(TASK(store_and_call_reader)), CALLS);
TINY(called_then_waited, struct state, ROLES(TASK(call_storer_and_wait)), CALLS);
TINY(inside_then_waited, struct state, ROLES(TASK(store_inside), TASK(wait_only)), RACE);
TINY(nested_then_waited, struct state, ROLES(TASK(store_in_two), TASK(wait_only)), RACE);

static void callbacks_come_behind_sections(void **state)
{
    tiny_check(&inside_then_called, TINY_BACKEND(state), "001022", "holds");
    tiny_check(&inside_then_called, TINY_BACKEND(state), "12002", "data-race at read_data");
    tiny_check_every(&outside_then_called, TINY_BACKEND(state), 1, 0, NULL);
    tiny_check_every(&called_then_waited, TINY_BACKEND(state), 3, 0, NULL);
}

/* The grace period begins first, so it waits for no section; one that has ended since is ordered
 * before its return, one that is still open is not. */
static void only_the_outer_end_is_an_edge(void **state)
{
    tiny_check(&inside_then_waited, TINY_BACKEND(state), "100011", "holds");
    tiny_check(&nested_then_waited, TINY_BACKEND(state), "10000011", "holds");
    tiny_check(&nested_then_waited, TINY_BACKEND(state), "100001", "data-race at wait_only");
}

/* ---- A word that was plain, and then a flag -------------------------------------------------- */

static void plain_then_release(void *state, unsigned instance)
{
    struct state *s = state;

    (void)instance;
    hd_store(&s->flag, 1);
    hd_store_release(&s->flag, 2);
}

static void plain_then_atomic(void *state, unsigned instance)
{
    struct state *s = state;

    (void)instance;
    hd_store(&s->flag, 1);
    hd_fetch_add(&s->flag, 1);
}

static void acquire_flag(void *state, unsigned instance)
{
    (void)instance;
    (void)hd_load_acquire(&((struct state *)state)->flag);
}

static void add_to_flag(void *state, unsigned instance)
{
    (void)instance;
    hd_fetch_add(&((struct state *)state)->flag, 1);
}

static void marked_flag(void *state, unsigned instance)
{
    (void)instance;
    (void)hd_read_once(&((struct state *)state)->flag);
}

TINY(init_release, struct state, ROLES(TASK(plain_then_release), TASK(acquire_flag)), RACE);
TINY(init_atomic, struct state, ROLES(TASK(plain_then_atomic), TASK(add_to_flag)), RACE);
TINY(init_marked, struct state, ROLES(TASK(plain_then_release), TASK(marked_flag)), RACE);

/* Who acquires it is ordered behind its plain past by that very access. */
static void an_acquire_is_judged_behind_its_edge(void **state)
{
    tiny_check(&init_release, TINY_BACKEND(state), "001", "holds");
    tiny_check(&init_release, TINY_BACKEND(state), "01", "data-race at acquire_flag");
    tiny_check(&init_atomic, TINY_BACKEND(state), "001", "holds");
    tiny_check(&init_atomic, TINY_BACKEND(state), "01", "data-race at add_to_flag");
    tiny_check(&init_marked, TINY_BACKEND(state), "001", "data-race at marked_flag");
}

static void load_count(void *state, unsigned instance)
{
    (void)instance;
    (void)hd_load(&((struct state *)state)->refs.count);
}

static void tryget_none(void *state, unsigned instance)
{
    (void)instance;
    (void)hd_tryget(&((struct state *)state)->refs);
}

static void get_one(void *state)
{
    ((struct state *)state)->refs.count = 1;
}

TINY(failing_tryget, struct state, ROLES(TASK(load_count), TASK(tryget_none)), RACE);
TINY(tryget, struct state, ROLES(TASK(load_count), TASK(tryget_none)), .setup = get_one, RACE);

/* An attempt that fails only reads. */
static void a_failed_attempt_is_a_read(void **state)
{
    tiny_check_every(&failing_tryget, TINY_BACKEND(state), 2, 0, NULL);
    tiny_check_every(&tryget, TINY_BACKEND(state), 2, 2, "data-race");
}

/* ---- What an allocation holds ---------------------------------------------------------------- */

static void publish_released(void *state, unsigned instance)
{
    struct state *s = state;
    uint64_t *object = hd_zalloc(8);

    (void)instance;
    hd_store(object, 1);
    hd_store_release(&s->object, object);
}

static void publish_marked(void *state, unsigned instance)
{
    struct state *s = state;
    uint64_t *object = hd_zalloc(8);

    (void)instance;
    hd_store(object, 1);
    hd_write_once(&s->object, object);
}

static void use_object(void *state, unsigned instance)
{
    uint64_t *object = hd_load_acquire(&((struct state *)state)->object);

    (void)instance;
    if (object)
        (void)hd_load(object);
}

static void free_object(void *state, unsigned instance)
{
    uint64_t *object = hd_load_acquire(&((struct state *)state)->object);

    (void)instance;
    if (object)
        hd_free(object);
}

TINY(published, struct state, ROLES(TASK(publish_released), TASK(use_object)), RACE);
TINY(marked_only, struct state, ROLES(TASK(publish_marked), TASK(use_object)), RACE);
TINY(used_and_freed, struct state,
     ROLES(TASK(publish_released), TASK(use_object), TASK(free_object)), RACE);

/* A free is an access to all of it: whichever of the read and the free comes later, races. */
static void an_allocation_must_be_published(void **state)
{
    struct tiny tiny;

    tiny_check_every(&published, TINY_BACKEND(state), 4, 0, NULL);
    tiny_check_every(&marked_only, TINY_BACKEND(state), 4, 1, "data-race");
    tiny_open(&tiny, &used_and_freed, TINY_BACKEND(state));
    assert_string_equal(tiny_run(&tiny, "0001122"), "data-race at free_object");
    assert_string_equal(tiny_run(&tiny, "0002211"), "data-race at use_object");
    tiny_close(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(a_store_hides_what_was_released),      EACH(an_item_brings_what_came_before),
        EACH(a_start_condition_is_an_edge),         EACH(callbacks_come_behind_sections),
        EACH(only_the_outer_end_is_an_edge),        EACH(an_acquire_is_judged_behind_its_edge),
        EACH(a_failed_attempt_is_a_read),           EACH(an_allocation_must_be_published),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
