/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JUnit's XML as continuous integration services read it: testsuites, testsuite, testcase, failure,
 * error, skipped.  There are no times in it: equal gates give equal files.
 */
#include "gate/formats.h"

#include <inttypes.h>

#include "base/alloc.h"

static const char *const elements[] = {
    [HD_GATE_SKIPPED] = "skipped",
    [HD_GATE_STOPPED] = "error",
    [HD_GATE_ERROR] = "error",
    [HD_GATE_FAILED] = "failure",
};

static void add_attribute(struct hd_buf *buf, const char *name, const char *value)
{
    hd_buf_addf(buf, " %s=\"", name);
    hd_xml_add(buf, value);
    hd_buf_addf(buf, "\"");
}

static void add_counts(struct hd_buf *buf, uint32_t tests, const uint32_t *counts)
{
    hd_buf_addf(buf,
                " tests=\"%" PRIu32 "\" failures=\"%" PRIu32 "\" errors=\"%" PRIu32
                "\" skipped=\"%" PRIu32 "\">\n",
                tests, counts[HD_GATE_FAILED], counts[HD_GATE_ERROR] + counts[HD_GATE_STOPPED],
                counts[HD_GATE_SKIPPED]);
}

static enum hd_error add_trouble(struct hd_buf *buf, const struct hd_gate_check *check)
{
    const char *element = elements[check->outcome];
    char *story = NULL;
    enum hd_error error = hd_gate_story(check, "table", &story);

    if (error)
        return error;
    hd_buf_addf(buf, "    <%s", element);
    add_attribute(buf, "message", check->text);
    if (check->outcome != HD_GATE_SKIPPED)
        add_attribute(buf, "type", check->rule);
    hd_buf_addf(buf, ">");
    hd_xml_add(buf, check->advice);
    if (story) {
        hd_buf_addf(buf, "\n\n");
        hd_xml_add(buf, story);
    }
    hd_buf_addf(buf, "</%s>\n", element);
    hd_dealloc(story);
    return HD_OK;
}

static enum hd_error add_check(struct hd_buf *buf, const struct hd_gate_group *group,
                               const struct hd_gate_check *check)
{
    enum hd_error error = HD_OK;

    hd_buf_addf(buf, "  <testcase");
    add_attribute(buf, "classname", group->name);
    add_attribute(buf, "name", check->name);
    if (check->file)
        add_attribute(buf, "file", check->file);
    hd_buf_addf(buf, ">\n");
    if (check->outcome != HD_GATE_PASSED)
        error = add_trouble(buf, check);
    if (check->outcome == HD_GATE_PASSED) {
        hd_buf_addf(buf, "    <system-out>");
        hd_xml_add(buf, check->text);
        hd_buf_addf(buf, "</system-out>\n");
    }
    hd_buf_addf(buf, "  </testcase>\n");
    return error;
}

static enum hd_error add_group(struct hd_buf *buf, const struct hd_gate_result *result,
                               const struct hd_gate_group *group)
{
    const struct hd_gate_check *checks = &result->checks[group->first];
    uint32_t counts[HD_GATE_OUTCOME_COUNT] = { 0 };
    enum hd_error error = HD_OK;

    for (uint32_t i = 0; i < group->count; i++)
        counts[checks[i].outcome]++;
    hd_buf_addf(buf, " <testsuite");
    add_attribute(buf, "name", group->name);
    add_counts(buf, group->count, counts);
    for (uint32_t i = 0; i < group->count && !error; i++)
        error = add_check(buf, group, &checks[i]);
    hd_buf_addf(buf, " </testsuite>\n");
    return error;
}

enum hd_error hd_gate_junit(const struct hd_gate_result *result, FILE *out)
{
    enum hd_error error = HD_OK;
    struct hd_buf buf = { 0 };

    hd_buf_addf(&buf, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"heddle\"");
    add_counts(&buf, result->check_count, result->counts);
    for (uint32_t i = 0; i < result->group_count && !error; i++)
        error = add_group(&buf, result, &result->groups[i]);
    hd_buf_addf(&buf, "</testsuites>\n");
    if (!error && buf.failed)
        error = HD_E_NOMEM;
    if (!error)
        fwrite(buf.text, 1, buf.length, out);
    hd_buf_free(&buf);
    return error;
}
