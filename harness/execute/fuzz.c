/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cases from a fuzzer's bytes and back.  Either way takes an execution: a byte names an actor only
 * together with those who were enabled when it was read. */
#include <string.h>

#include "base/alloc.h"
#include "heddle/heddle.h"
#include "input/fuzz_bytes.h"
#include "strategy/tap.h"

/* An engine for one setting.  It describes, for a segment may end after an operation on a name. */
static enum hd_error open_engine(const struct hd_setting *setting, struct hd_engine **ret_engine,
                                 struct hd_diag *diag)
{
    struct hd_engine_options options = { .describe = true };
    struct hd_engine *engine = NULL;
    enum hd_error error = hd_engine_create(&options, &engine, diag);

    if (!error)
        error = hd_engine_prepare(engine, setting, diag);
    if (error)
        hd_engine_free(engine);
    else
        *ret_engine = engine;
    return error;
}

enum hd_error hd_case_from_fuzz(const struct hd_setting *setting, const uint8_t *bytes,
                                size_t count, struct hd_case **ret_case, struct hd_diag *diag)
{
    struct hd_setting own = *setting;
    struct hd_fuzz_format format;
    size_t choices;
    struct hd_engine *engine = NULL;
    struct hd_strategy *strategy = NULL;
    struct hd_execution execution;
    enum hd_error error;

    hd_fuzz_format(setting->scenario, &format);
    choices = hd_fuzz_decode(&format, bytes, count, &own);
    error = open_engine(&own, &engine, diag);
    if (error)
        return error;
    error = hd_strategy_bytes(bytes, choices, &strategy);
    if (!error)
        error = hd_execute(engine, strategy, &execution);
    if (!error)
        error = hd_case_from_execution(engine, &execution, ret_case);
    if (error)
        hd_fail(diag, error, "the execution of the bytes: %s", hd_error_text(error));
    hd_strategy_free(strategy);
    hd_engine_free(engine);
    return error;
}

/* The choices without zeroes at the end, then the workload. */
static enum hd_error join(const struct hd_setting *setting, const uint8_t *choices, size_t count,
                          uint8_t **ret_bytes, size_t *ret_count)
{
    uint8_t tail[HD_FUZZ_TAIL_MAX];
    size_t more = hd_fuzz_encode_workload(setting, tail);
    uint8_t *bytes;

    while (count && choices[count - 1] == 0)
        count--;
    if (count && more == 0)
        tail[more++] = 0; /* no keys: or the last choice would be taken for their number */
    bytes = hd_alloc_array(count + more + 1, 1);
    if (!bytes)
        return HD_E_NOMEM;
    if (count)
        memcpy(bytes, choices, count);
    memcpy(bytes + count, tail, more);
    *ret_bytes = bytes;
    *ret_count = count + more;
    return HD_OK;
}

/* How many choices an execution of the setting can have. */
static size_t choices_max(const struct hd_setting *setting)
{
    uint32_t limit = setting->step_limit ? setting->step_limit : setting->scenario->step_limit;

    return (limit ? limit : 10000) + 1;
}

enum hd_error hd_case_to_fuzz(const struct hd_case *the_case, uint8_t **ret_bytes,
                              size_t *ret_count, struct hd_diag *diag)
{
    size_t room = choices_max(&the_case->setting);
    uint8_t *choices = hd_alloc_array(room, 1);
    struct hd_engine *engine = NULL;
    struct hd_strategy *guided = NULL, *tap = NULL;
    struct hd_execution execution;
    enum hd_error error = choices ? open_engine(&the_case->setting, &engine, diag)
                                  : hd_fail(diag, HD_E_NOMEM, "out of memory");

    if (error) {
        hd_dealloc(choices);
        return error;
    }
    error = hd_strategy_guided(the_case, engine, &guided);
    if (!error)
        error = hd_tap_create(guided, choices, room, &tap);
    if (!error)
        error = hd_execute(engine, tap, &execution);
    if (!error && hd_tap_count(tap) > room)
        error = HD_E_RANGE;
    if (!error)
        error = join(&the_case->setting, choices, hd_tap_count(tap), ret_bytes, ret_count);
    if (error)
        hd_fail(diag, error, "the execution of the case: %s", hd_error_text(error));
    hd_strategy_free(tap);
    hd_strategy_free(guided);
    hd_engine_free(engine);
    hd_dealloc(choices);
    return error;
}
