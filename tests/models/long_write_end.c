/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What holds, holds in 50000 random executions of each workload that declares it: isize-straddle
 * and the users of write_end. */
#include "models/search.h"

static void each_workload_in_fifty_thousand_executions(void **unused)
{
    static const char *const subjects[] = {
        "isize-straddle/kernel-rule",          "generic-write-end/linux-6.1",
        "generic-write-end/linux-6.12",        "ext4-write-end/linux-6.1",
        "ext4-write-end/linux-6.12",           "ext4-journalled-write-end/linux-6.1",
        "ext4-journalled-write-end/linux-6.12",
    };

    (void)unused;
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        struct hd_setting setting = setting_of(subjects[i], NULL);
        const struct hd_workload_info *workload = setting.scenario->workloads;

        for (; workload->name; workload++) {
            struct search search = { .subject = subjects[i], .workload = workload->keys,
                                     .strategy = "random", .seed = 2, .runs = 50000 };
            struct outcome outcome = run_search(&search);

            if (outcome.violations)
                fail_msg("%s, %s: %s", subjects[i], workload->name, outcome.other);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_workload_in_fifty_thousand_executions),
    };

    return cmocka_run_group_tests_name("write_end", tests, NULL, NULL);
}
