/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One schedule, one digest: on every backend, and, as the numbers below are constants, with every
 * compiler, build type, sanitizer and machine.
 *
 * They change when the meaning of a step or the engine's order of actors changes.  Then every
 * stored case is stale as well: think twice, and say so where cases are described.
 */
#include "determinism/zoo.h"

/* Every schedule of each: how many, how many violated, the sums over their digests and states. */
static const struct {
    uint64_t executions, violations, digests, states;
} golden[ZOO_COUNT] = {
    { 62, 0, UINT64_C(0x11aa85f81a8b189a), UINT64_C(0x6c2a331b5eae0df8) },
    { 210, 0, UINT64_C(0xbb64a95fe5a2fa41), UINT64_C(0x4227aa48c4aa319c) },
    { 290, 0, UINT64_C(0x404ee8868d6b5721), UINT64_C(0xf796b5540219df10) },
    { 725, 0, UINT64_C(0x42a3304235dc5ed6), UINT64_C(0x748893af9fc27dd0) },
    { 4256, 0, UINT64_C(0x46c09e73cfb3ec9f), UINT64_C(0x6e59f9899db914a0) },
    { 15, 3, UINT64_C(0x7f8f560283cba734), UINT64_C(0xb3e77451eb524c3b) },
    { 8, 2, UINT64_C(0xd8796721a5f87eea), UINT64_C(0x111ad936c200f64c) },
    { 4, 4, UINT64_C(0x222a00b1f0653757), UINT64_C(0xf5aabc51c42ac198) },
};

/* One schedule of each: its digest, and what was said. */
static const struct {
    const char *schedule, *said;
    uint64_t digest;
} fixed[ZOO_COUNT] = {
    { "1111111000000", "holds", UINT64_C(0x6b969d3a7b4456ab) },
    { "1110001000", "holds", UINT64_C(0x79634c11ad2804af) },
    { "111122000", "holds", UINT64_C(0xdac30664ac44b5af) },
    { "00000221110", "holds", UINT64_C(0x317471b7c70d4368) },
    { "000000111111", "holds", UINT64_C(0xa25921fcb1392c57) },
    { "111100", "holds", UINT64_C(0x6006de3c2c5d00b9) },
    { "11", "early at zoo_recover", UINT64_C(0xa586702b97d55041) },
    { "00", "data-race at zoo_sets", UINT64_C(0x3cbe0eccc5991790) },
};

static void open_zoo(struct tiny *tiny, enum hd_backend backend)
{
    struct hd_engine_options options = { .backend = backend, .hash_states = true };

    tiny_open_with(tiny, zoo[0], &options);
}

static void every_schedule_has_its_digest(void **state)
{
    struct tiny tiny;

    open_zoo(&tiny, TINY_BACKEND(state));
    for (unsigned i = 0; i < ZOO_COUNT; i++) {
        struct hd_strategy *dfs = tiny_strategy("dfs", 0);
        uint64_t digests = 0, states = 0;
        struct tiny_tally tally = { 0 };

        zoo_use(&tiny, i);
        while (hd_execute(tiny.engine, dfs, &tiny.execution) == HD_OK) {
            tiny_note(&tally, &tiny.execution);
            digests += tiny.execution.digest;
            states += tiny.execution.state;
        }
        hd_strategy_free(dfs);
        assert_int_equal(tally.executions, golden[i].executions);
        assert_int_equal(tally.violations, golden[i].violations);
        assert_int_equal(digests, golden[i].digests);
        assert_int_equal(states, golden[i].states);
    }
    tiny_close(&tiny);
}

static void one_schedule_has_one_digest(void **state)
{
    struct tiny tiny;

    open_zoo(&tiny, TINY_BACKEND(state));
    for (unsigned i = 0; i < ZOO_COUNT; i++) {
        zoo_use(&tiny, i);
        assert_string_equal(tiny_run(&tiny, fixed[i].schedule), fixed[i].said);
        assert_int_equal(tiny.execution.digest, fixed[i].digest);
    }
    tiny_close(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(every_schedule_has_its_digest),
        EACH(one_schedule_has_one_digest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
