/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An execution that ends half-way leaves nothing behind: 10^5 times on each backend, less often
 * under a sanitizer. */
#include "determinism/abandon.h"

static void nothing_is_left_behind(void **state)
{
    struct tiny tiny;

    mess_open(&tiny, TINY_BACKEND(state));
    if (hd_engine_backend(tiny.engine) == TINY_BACKEND(state)) /* or it has had its turn */
        mess_repeat(&tiny, hd_light_supported() ? 50000 : 10000);
    tiny_close(&tiny);
}

/* Nor from one backend to the next. */
static void nor_for_another_backend(void **state)
{
    struct tiny tiny;

    (void)state;
    mess_open(&tiny, HD_BACKEND_FIBER);
    for (int i = 0; i < 10; i++) {
        mess_repeat(&tiny, 500);
        hd_engine_set_backend(tiny.engine, i % 2 ? HD_BACKEND_FIBER : HD_BACKEND_THREAD);
    }
    tiny_close(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(nothing_is_left_behind),
        cmocka_unit_test(nor_for_another_backend),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
