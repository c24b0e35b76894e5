/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where a gate's formats go.  On standard output there is one; annotations may go with lines of
 * text that nobody parses as a whole.  Where GitHub Actions runs us, they come by themselves, and
 * so does the summary of the job.
 */
#include "cli/gate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "input/offer.h"

static const struct hd_gate_format *find_format(const char *name, size_t length)
{
    for (size_t i = 0; i < hd_gate_format_count; i++)
        if (strlen(hd_gate_formats[i].name) == length &&
            !memcmp(hd_gate_formats[i].name, name, length))
            return &hd_gate_formats[i];
    return NULL;
}

static const struct hd_gate_format *named(const char *name)
{
    return find_format(name, strlen(name));
}

static enum hd_error add(struct hd_gate_arguments *arguments, const struct hd_gate_format *format,
                         const char *path)
{
    if (arguments->output_count == HD_GATE_OUTPUTS_MAX)
        return hd_fail(&arguments->diag, HD_E_RANGE, "--format: at most %d of them",
                       HD_GATE_OUTPUTS_MAX);
    arguments->outputs[arguments->output_count++] = (struct hd_gate_output){ format, path };
    return HD_OK;
}

enum hd_error hd_gate_output_parse(struct hd_gate_arguments *arguments, const char *text)
{
    const char *equals = strchr(text, '=');
    struct hd_word word = { text, equals ? (size_t)(equals - text) : strlen(text) };
    const struct hd_gate_format *format = find_format(word.text, word.length);
    struct hd_offer offer = hd_offer_to(word);

    if (format && equals && !equals[1])
        return hd_fail(&arguments->diag, HD_E_MALFORMED, "--format %s: a file is needed", text);
    if (format)
        return add(arguments, format, equals ? equals + 1 : NULL);
    for (size_t i = 0; i < hd_gate_format_count; i++)
        hd_offer_add(&offer, hd_gate_formats[i].name);
    return hd_offer_fail(&offer, "a format", &arguments->diag);
}

static bool is_set(const char *variable, const char *value)
{
    const char *is = getenv(variable);

    return is && !strcmp(is, value);
}

enum hd_error hd_gate_output_check(struct hd_gate_arguments *arguments)
{
    const struct hd_gate_format *github = named("github");
    const struct hd_gate_format *shown = NULL;
    bool annotates = false;
    enum hd_error error = HD_OK;

    for (unsigned i = 0; i < arguments->output_count; i++) {
        const struct hd_gate_output *output = &arguments->outputs[i];

        annotates |= output->format == github;
        if (output->path || output->format == github)
            continue;
        if (shown)
            return hd_fail(&arguments->diag, HD_E_MALFORMED,
                           "--format: %s and %s would mix; give one of them a file: %s=FILE",
                           shown->name, output->format->name, output->format->name);
        shown = output->format;
    }
    if (shown && annotates && shown != named("text") && shown != named("ktap"))
        return hd_fail(&arguments->diag, HD_E_MALFORMED,
                       "--format: %s and github would mix; give %s a file: %s=FILE", shown->name,
                       shown->name, shown->name);
    if (!shown && !arguments->quiet) {
        shown = named("text");
        error = add(arguments, shown, NULL);
    }
    if (!error && !annotates && is_set("GITHUB_ACTIONS", "true") &&
        (!shown || shown == named("text") || shown == named("ktap")))
        error = add(arguments, github, NULL);
    return error;
}

/* By way of a text, so that the file is whole or not there. */
static enum hd_error write_file(const struct hd_gate_output *output,
                                const struct hd_gate_result *result, struct hd_diag *diag)
{
    char *text = NULL;
    size_t length = 0;
    enum hd_error error;
    FILE *out = open_memstream(&text, &length);

    if (!out)
        return hd_fail(diag, HD_E_NOMEM, "%.300s: out of memory", output->path);
    error = output->format->print(result, out);
    if (fclose(out) && !error)
        error = HD_E_NOMEM;
    if (error)
        hd_fail(diag, error, "%.300s: %s", output->path, hd_error_text(error));
    else
        error = hd_file_write(output->path, text, length, diag);
    free(text);
    return error;
}

static enum hd_error append_summary(const char *path, const struct hd_gate_result *result,
                                    struct hd_diag *diag)
{
    FILE *out = fopen(path, "a");
    enum hd_error error;

    if (!out)
        return hd_fail(diag, HD_E_IO, "GITHUB_STEP_SUMMARY %.300s: %s", path, strerror(errno));
    error = named("markdown")->print(result, out);
    if (fclose(out) && !error)
        error = HD_E_IO;
    return error
               ? hd_fail(diag, error, "GITHUB_STEP_SUMMARY %.300s: %s", path, hd_error_text(error))
               : HD_OK;
}

enum hd_error hd_gate_output(struct hd_gate_arguments *arguments,
                             const struct hd_gate_result *result)
{
    const char *summary = getenv("GITHUB_STEP_SUMMARY");
    enum hd_error error = HD_OK;

    for (unsigned i = 0; i < arguments->output_count; i++) {
        const struct hd_gate_output *output = &arguments->outputs[i];
        struct hd_diag diag = { { 0 } };
        enum hd_error now = HD_OK;

        if (output->path) {
            now = write_file(output, result, &diag);
        } else {
            now = output->format->print(result, stdout);
            if (now == HD_E_IO)
                now = HD_OK; /* the exit tells of it, and of all other output */
            else if (now)
                hd_fail(&diag, now, "--format %s: %s", output->format->name, hd_error_text(now));
        }
        if (now && !error) {
            error = now;
            arguments->diag = diag;
        }
    }
    if (!error && is_set("GITHUB_ACTIONS", "true") && summary && *summary)
        error = append_summary(summary, result, &arguments->diag);
    return error;
}
