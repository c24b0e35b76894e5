/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Under ThreadSanitizer, on both backends: an access that bypasses the API is seen, one through the
 * API is not; the hand-over from actor to actor orders nothing; and each of the API's edges orders
 * what it means to, no more.
 */
#include "oracle/ways.h"
#include "tsan/reports.h"

/* Past the API, as a model must not do. */
static void sender(void *state, unsigned instance)
{
    struct way_state *s = state;
    enum way way = (enum way)hd_param(SEND);

    (void)instance;
    way_before(s, way, true);
    s->data = 1;
    way_behind(s, way, true);
    hd_step();
}

static void receiver(void *state, unsigned instance)
{
    struct way_state *s = state;
    enum way way = (enum way)hd_param(RECEIVE);

    (void)instance;
    hd_step();
    way_before(s, way, false);
    s->data++;
    way_behind(s, way, false);
}

TINY(past_the_api, struct way_state, ROLES(TASK(sender), TASK(receiver)), .params = way_params,
     .setup = ways_setup, .oracles = HD_ORACLE_BIT(PROPERTY));

/* A new engine for each: its memory is new to TSan as well. */
static void edges_order_what_they_mean(void **state)
{
    for (size_t i = 0; i < WAY_ROWS; i++) {
        struct tiny tiny;
        char row[40];

        tiny_open(&tiny, &past_the_api, TINY_BACKEND(state));
        tiny.setting.workload.params[SEND] = ways[i].send;
        tiny.setting.workload.params[RECEIVE] = ways[i].receive;
        tiny_prepare(&tiny);
        assert_string_equal(tiny_run(&tiny, ""), "holds");
        snprintf(row, sizeof row, "from %u to %u", ways[i].send, ways[i].receive);
        expect_reports(!ways[i].ordered, row);
        tiny_close(&tiny);
    }
}

/* ---- Through the API: seen by the engine alone ----------------------------------------------- */

static void store_api(void *state, unsigned instance)
{
    struct way_state *s = state;

    (void)instance;
    hd_store(&s->data, 1);
    (void)hd_load(&s->data);
    hd_write_once(&s->flag, 1);
    hd_fetch_add(&s->next, 1);
    (void)hd_mutex_trylock(&s->mutex);
    (void)hd_tryget(&s->none);
}

TINY(through_the_api, struct way_state, ROLES(TASK(store_api), TASK(store_api)),
     .oracles = HD_ORACLE_BIT(RACE));

static void the_api_is_hidden(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &through_the_api, TINY_BACKEND(state));
    assert_string_equal(tiny_run(&tiny, "01"), "data-race at store_api");
    tiny_oracles(&tiny, HD_ORACLE_BIT(PROPERTY));
    for (int i = 0; i < 50; i++)
        assert_string_equal(tiny_run(&tiny, "010101010101"), "holds");
    expect_reports(false, "accesses through the API");
    tiny_close(&tiny);
}

/* ---- Plain C that keeps to the edges --------------------------------------------------------- */

struct tidy {
    struct hd_mutex lock;
    struct hd_queue items;
    struct hd_completion served, freed;
    uint64_t *shared;
    uint32_t counter, made[2], seen, late, gone;
};

static void tidy_setup(void *state)
{
    struct tidy *tidy = state;

    tidy->counter = 5;
    tidy->shared = hd_alloc(8);
    *tidy->shared = 7;
}

static void count_up(struct tidy *tidy)
{
    hd_mutex_lock(&tidy->lock);
    tidy->counter++;
    hd_mutex_unlock(&tidy->lock);
}

static void forget(void *argument)
{
    uint64_t *old = argument;

    *old = 0; /* no section reads it any more */
    hd_free(old);
}

static void maker(void *state, unsigned instance)
{
    struct tidy *tidy = state;
    uint64_t *fresh = hd_alloc(8), *old = tidy->shared;

    (void)instance;
    *fresh = 8;
    hd_rcu_assign_pointer(&tidy->shared, fresh);
    hd_call_rcu(forget, old);
    tidy->made[0] = 1;
    hd_push(&tidy->items, &tidy->made[0]);
    count_up(tidy);
    hd_wait_for_completion(&tidy->served);
    tidy->made[0]++;
    hd_mark(0);
    hd_rcu_barrier();
}

static void looker(void *state, unsigned instance)
{
    struct tidy *tidy = state;
    uint64_t *shared;

    (void)instance;
    count_up(tidy);
    hd_rcu_read_lock();
    shared = hd_rcu_dereference(&tidy->shared);
    HD_CHECK(*shared >= 7, "forgotten", "read behind a grace period");
    hd_rcu_read_unlock();
    hd_synchronize_rcu();
}

static void latecomer(void *state, unsigned instance)
{
    struct tidy *tidy = state;

    (void)instance;
    tidy->made[0]++;
    tidy->late = 1;
    count_up(tidy);
}

static void last(void *state, unsigned instance)
{
    struct tidy *tidy = state;

    (void)instance;
    tidy->late++;
}

static void serve(void *state, void *item)
{
    struct tidy *tidy = state;

    (*(uint32_t *)item)++;
    count_up(tidy);
    hd_complete(&tidy->served);
}

static void tidy_check(void *state)
{
    struct tidy *tidy = state;

    HD_CHECK(tidy->counter == 9 && tidy->made[0] == 4 && tidy->late == 2, "lost", "all were here");
    HD_CHECK(*tidy->shared == 8, "lost", "the new one");
    hd_free(tidy->shared);
}

static const struct hd_role_info tidy_roles[] = {
    TASK(maker),
    TASK(looker),
    { .name = "latecomer", .summary = "", .run = latecomer, .started = "made" },
    { .name = "last", .summary = "", .run = last, .started = "latecomer.end" },
    SERVICE(serve, struct tidy, items),
    { NULL },
};
static const char *const tidy_marks[] = { "made", NULL };
TINY(tidy, struct tidy, .roles = tidy_roles, .marks = tidy_marks, .setup = tidy_setup,
     .check = tidy_check, .uses_rcu_callbacks = true);

/* Set-up, actors and check() too, over many executions, some of them cut short. */
static void what_keeps_to_the_edges_is_silent(void **state)
{
    struct hd_strategy *random = tiny_strategy("random", 1);
    struct tiny tiny;

    tiny_open(&tiny, &tidy, TINY_BACKEND(state));
    for (int i = 0; i < 400; i++) {
        tiny.setting.step_limit = i % 3 ? 0 : 3 + (uint32_t)i % 31;
        tiny_prepare(&tiny);
        assert_int_equal(hd_execute(tiny.engine, random, &tiny.execution), HD_OK);
        if (!tiny.setting.step_limit)
            assert_string_equal(tiny_say(&tiny), "holds");
    }
    expect_reports(false, "plain C behind edges");
    hd_strategy_free(random);
    tiny_close(&tiny);
}

/* ---- What the engine itself looks at --------------------------------------------------- */

static void plain_reader(void *state, unsigned instance)
{
    struct way_state *s = state;
    volatile uint32_t *data = &s->data;

    (void)instance;
    hd_step();
    HD_CHECK(*data <= 1, "strange", "it is 0 or 1");
}

static void plain_writer(void *state, unsigned instance)
{
    (void)instance;
    hd_step();
    ((struct way_state *)state)->data = 1;
    hd_step();
}

TINY(reading, struct way_state, ROLES(TASK(plain_reader), TASK(plain_writer)));

struct disk_state {
    struct hd_disk *disk;
    uint32_t data;
};

static void disk_setup(void *state)
{
    ((struct disk_state *)state)->disk = hd_disk_new(1);
}

static void disk_writer(void *state, unsigned instance)
{
    struct disk_state *s = state;

    (void)instance;
    hd_disk_write(s->disk, 0, 1);
    hd_disk_write(s->disk, 0, 2);
}

static void data_writer(void *state, unsigned instance)
{
    (void)instance;
    hd_step();
    ((struct disk_state *)state)->data = 1;
    hd_step();
}

static void recover(const void *state)
{
    const struct disk_state *s = state;

    HD_CHECK(s->data <= 1 && s->disk->block[0] < 2, "two", "it must not be two");
}

TINY(recovering, struct disk_state, ROLES(TASK(disk_writer), TASK(data_writer)),
     .setup = disk_setup, .recover = recover, .oracles = HD_ORACLE_BIT(DURABILITY));

/* recover() looks at everything without an edge, and that is no report; but when it has found
 * something, what its actor reads later is seen again. */
static void recovery_is_hidden_and_only_that(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &recovering, TINY_BACKEND(state));
    for (int i = 0; i < 5; i++)
        assert_string_equal(tiny_run(&tiny, "1100"), "two at recover");
    expect_reports(false, "recover()");
    tiny_use(&tiny, &reading);
    assert_string_equal(tiny_run(&tiny, "1100"), "holds");
    expect_reports(true, "a read after it");
    tiny_close(&tiny);
}

/* Memory that is handed out again is new to whoever gets it. */
static void pass_it_on(void *state, unsigned instance)
{
    uint64_t *own = hd_alloc(8);

    (void)state;
    (void)instance;
    *own = 1;
    hd_free(own);
}

TINY(reusing, struct way_state, ROLES(TASK(pass_it_on), TASK(pass_it_on)));

static void reused_memory_is_new(void **state)
{
    struct hd_engine_options options = { .backend = TINY_BACKEND(state), .reuse_memory = true };
    struct tiny tiny;

    tiny_open_with(&tiny, &reusing, &options);
    for (uint32_t oracles = 0; oracles < 2; oracles++) {
        tiny_oracles(&tiny, oracles ? HD_ORACLES_ALL : 0);
        for (int i = 0; i < 20; i++)
            assert_string_equal(tiny_run(&tiny, "0011"), "holds");
    }
    expect_reports(false, "memory used again");
    tiny_close(&tiny);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ON(edges_order_what_they_mean, FIBER),        ON(edges_order_what_they_mean, THREAD),
        ON(the_api_is_hidden, FIBER),                 ON(the_api_is_hidden, THREAD),
        ON(what_keeps_to_the_edges_is_silent, FIBER), ON(what_keeps_to_the_edges_is_silent, THREAD),
        ON(recovery_is_hidden_and_only_that, FIBER),  ON(recovery_is_hidden_and_only_that, THREAD),
        ON(reused_memory_is_new, FIBER),              ON(reused_memory_is_new, THREAD),
    };

    (void)argc;
    restart_with(argv, "halt_on_error=0:exitcode=0:suppress_equal_stacks=0:"
                       "suppress_equal_addresses=0:symbolize=0");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
