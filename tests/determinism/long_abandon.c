/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The same for long: 10^6 executions that end half-way on each backend, 10^7 on the default. */
#include "determinism/abandon.h"

static void nothing_is_left_behind(void **state)
{
    struct tiny tiny;

    mess_open(&tiny, TINY_BACKEND(state));
    if (hd_engine_backend(tiny.engine) == TINY_BACKEND(state)) /* or it has had its turn */
        mess_repeat(&tiny, 1000000);
    tiny_close(&tiny);
}

static void memory_stays_flat(void **state)
{
    struct tiny tiny;

    (void)state;
    mess_open(&tiny, HD_BACKEND_FIBER);
    mess_repeat(&tiny, 10000000);
    tiny_close(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(nothing_is_left_behind),
        cmocka_unit_test(memory_stays_flat),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
