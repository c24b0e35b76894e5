/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values on command lines: numbers with their units, and names that must be known. */
#include "cli/cli.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "input/offer.h"
#include "input/setting.h"

#define JOBS_MAX 64

/* Digits at the beginning of text, in base 10 or 16.  false: none, or too large. */
static bool parse_digits(const char **text, unsigned base, uint64_t *ret_value)
{
    const char *at = *text;
    uint64_t value = 0;

    for (;; at++) {
        static const char digits[] = "0123456789abcdef";
        char lower = (char)(*at >= 'A' && *at <= 'F' ? *at - 'A' + 'a' : *at);
        const char *digit = *at ? strchr(digits, lower) : NULL;

        if (!digit || (unsigned)(digit - digits) >= base)
            break;
        if (__builtin_mul_overflow(value, base, &value)
            || __builtin_add_overflow(value, (uint64_t)(digit - digits), &value))
            return false;
    }
    if (at == *text)
        return false;
    *text = at;
    *ret_value = value;
    return true;
}

enum hd_error hd_cli_number(const char *what, const char *text, uint64_t min, uint64_t max,
                            uint64_t *ret_number, struct hd_diag *diag)
{
    bool hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *at = hexadecimal ? text + 2 : text;
    uint64_t number;

    if (!parse_digits(&at, hexadecimal ? 16 : 10, &number) || *at)
        return hd_fail(diag, HD_E_MALFORMED, "%s: '%.40s' is not a number of 64 bits (decimal, or "
                       "hexadecimal after 0x)", what, text);
    if (number < min || number > max)
        return hd_fail(diag, HD_E_RANGE, "%s: %llu is not in %llu .. %llu", what,
                       (unsigned long long)number, (unsigned long long)min,
                       (unsigned long long)max);
    *ret_number = number;
    return HD_OK;
}

struct unit {
    const char *name;
    uint64_t factor;
};

static enum hd_error parse_with_unit(const char *text, const struct unit *units,
                                     uint64_t *ret_value)
{
    const char *at = text;
    uint64_t value;

    if (!parse_digits(&at, 10, &value))
        return HD_E_MALFORMED;
    for (; units->name; units++)
        if (strcmp(at, units->name) == 0) {
            if (__builtin_mul_overflow(value, units->factor, &value) || value == 0)
                return HD_E_RANGE;
            *ret_value = value;
            return HD_OK;
        }
    return HD_E_MALFORMED;
}

enum hd_error hd_cli_count(const char *what, const char *text, uint64_t *ret_count,
                           struct hd_diag *diag)
{
    static const struct unit units[] = {
        { "", 1 }, { "k", 1000 }, { "M", 1000000 }, { "G", 1000000000 }, { NULL, 0 },
    };
    enum hd_error error = parse_with_unit(text, units, ret_count);

    if (error)
        hd_fail(diag, error, "%s: '%.40s' is not a count such as 5000, 200k or 10M", what, text);
    return error;
}

enum hd_error hd_cli_duration(const char *what, const char *text, uint64_t *ret_ns,
                              struct hd_diag *diag)
{
    static const struct unit units[] = {
        { "ns", 1 },
        { "us", 1000 },
        { "ms", 1000000 },
        { "s", 1000000000 },
        { "m", UINT64_C(60000000000) },
        { "h", UINT64_C(3600000000000) },
        { NULL, 0 },
    };
    enum hd_error error = parse_with_unit(text, units, ret_ns);

    if (error)
        hd_fail(diag, error, "%s: '%.40s' is not a time with its unit, such as 500ms, 10s or 2m",
                what, text);
    return error;
}

/* ---- Names ---------------------------------------------------------------------------------- */

static const char *const oracle_words[HD_ORACLE_COUNT] = {
#define ORACLE_WORD(name, word, summary) [HD_ORACLE_##name] = word,
    HD_ORACLES(ORACLE_WORD)
#undef ORACLE_WORD
};

static enum hd_error unknown_oracle(struct hd_word word, struct hd_diag *diag)
{
    struct hd_offer offer = hd_offer_to(word);

    for (unsigned i = 0; i < HD_ORACLE_COUNT; i++)
        hd_offer_add(&offer, oracle_words[i]);
    return hd_offer_fail(&offer, "an oracle", diag);
}

enum hd_error hd_cli_jobs(const char *text, unsigned *ret_jobs, struct hd_diag *diag)
{
    uint64_t jobs = 0;
    enum hd_error error = hd_cli_number("--jobs", text, 1, JOBS_MAX, &jobs, diag);

    if (!error)
        *ret_jobs = (unsigned)jobs;
    return error;
}

unsigned hd_cli_cpus(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;

    return count < 1 ? 1 : count > JOBS_MAX ? JOBS_MAX : (unsigned)count;
}

enum hd_error hd_cli_oracles(const char *text, uint32_t *ret_oracles, struct hd_diag *diag)
{
    uint32_t oracles = 0;
    const char *end;

    if (strcmp(text, "all") == 0) {
        *ret_oracles = HD_ORACLES_ALL;
        return HD_OK;
    }
    for (const char *at = text;; at = end + 1) {
        struct hd_word word;
        unsigned i = 0;

        end = at + strcspn(at, ",");
        word = (struct hd_word){ .text = at, .length = (size_t)(end - at) };
        while (i < HD_ORACLE_COUNT && !hd_word_is(word, oracle_words[i]))
            i++;
        if (i == HD_ORACLE_COUNT)
            return unknown_oracle(word, diag);
        oracles |= 1u << i;
        if (!*end)
            break;
    }
    *ret_oracles = oracles;
    return HD_OK;
}

void hd_cli_oracles_print(uint32_t oracles, char *text, size_t bytes)
{
    size_t length = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < HD_ORACLE_COUNT; i++)
        if (oracles & 1u << i && length < bytes)
            length += (size_t)snprintf(text + length, bytes - length, "%s%s", length ? "," : "",
                                       oracle_words[i]);
}

enum hd_error hd_cli_strategy(const char *text, const struct hd_strategy_info **ret_strategy,
                              struct hd_diag *diag)
{
    const struct hd_strategy_info *info = hd_strategy_find(text);
    struct hd_offer offer = hd_offer_to(hd_word_of(text));

    if (info) {
        *ret_strategy = info;
        return HD_OK;
    }
    for (size_t i = 0; i < hd_strategy_count; i++)
        hd_offer_add(&offer, hd_strategies[i].name);
    return hd_offer_fail(&offer, "a strategy", diag);
}

/* The index of one of a few words. */
static enum hd_error parse_word(const char *text, const char *what, const char *const *words,
                                unsigned count, unsigned *ret_index, struct hd_diag *diag)
{
    struct hd_offer offer = hd_offer_to(hd_word_of(text));

    for (unsigned i = 0; i < count; i++) {
        if (strcmp(text, words[i]) == 0) {
            *ret_index = i;
            return HD_OK;
        }
        hd_offer_add(&offer, words[i]);
    }
    return hd_offer_fail(&offer, what, diag);
}

enum hd_error hd_cli_backend(const char *text, enum hd_backend *ret_backend, struct hd_diag *diag)
{
    static const char *const names[] = {
        [HD_BACKEND_FIBER] = "fiber",
        [HD_BACKEND_THREAD] = "thread",
        [HD_BACKEND_LIGHT] = "light",
    };
    unsigned index = 0;
    enum hd_error error =
        parse_word(text, "a backend", names, sizeof names / sizeof names[0], &index, diag);

    if (!error)
        *ret_backend = (enum hd_backend)index;
    return error;
}

enum hd_error hd_cli_swarm(const char *text, enum hd_swarm *ret_swarm, struct hd_diag *diag)
{
    static const char *const names[] = {
        [HD_SWARM_GIVEN] = "given",
        [HD_SWARM_HARMLESS] = "harmless",
        [HD_SWARM_ALL] = "all",
    };
    unsigned index = 0;
    enum hd_error error =
        parse_word(text, "--faults", names, sizeof names / sizeof names[0], &index, diag);

    if (!error)
        *ret_swarm = (enum hd_swarm)index;
    return error;
}

enum hd_error hd_cli_format(const char *text, const struct hd_format_info **ret_format,
                            struct hd_diag *diag)
{
    const struct hd_format_info *format = hd_format_find(text);
    struct hd_offer offer = hd_offer_to(hd_word_of(text));

    if (format || strcmp(text, "none") == 0) {
        *ret_format = format;
        return HD_OK;
    }
    for (size_t i = 0; i < hd_format_count; i++)
        hd_offer_add(&offer, hd_formats[i].name);
    hd_offer_add(&offer, "none");
    return hd_offer_fail(&offer, "a format", diag);
}

enum hd_error hd_cli_scenario(const char *text, const struct hd_scenario **ret_scenario,
                              struct hd_diag *diag)
{
    return hd_scenario_parse(&hd_models, hd_word_of(text), ret_scenario, diag);
}

/* ---- Shells --------------------------------------------------------------------------------- */

char *hd_cli_repeat(const char *path, uint32_t oracles, const char *variant, const char *scenario)
{
    struct hd_buf buf = { 0 };

    hd_buf_addf(&buf, "%s replay", program_invocation_short_name);
    if (oracles) {
        char list[HD_DIAG_BYTES];

        hd_cli_oracles_print(oracles, list, sizeof list);
        hd_buf_addf(&buf, " --oracle %s", list);
    }
    if (variant)
        hd_buf_addf(&buf, " --variant %s", variant);
    if (scenario) {
        hd_buf_addf(&buf, " --scenario ");
        hd_buf_add_quoted(&buf, scenario);
    }
    hd_buf_addf(&buf, " ");
    hd_buf_add_quoted(&buf, path);
    return hd_buf_take(&buf);
}
