/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands behind hd_gate_formats[]; whether the output took it all, formats.c asks. */
#ifndef HD_GATE_FORMATS_H
#define HD_GATE_FORMATS_H

#include "base/buf.h"
#include "heddle/gate.h"

enum hd_error hd_gate_text(const struct hd_gate_result *result, FILE *out);
enum hd_error hd_gate_ktap(const struct hd_gate_result *result, FILE *out);
enum hd_error hd_gate_junit(const struct hd_gate_result *result, FILE *out);
enum hd_error hd_gate_sarif(const struct hd_gate_result *result, FILE *out);
enum hd_error hd_gate_github(const struct hd_gate_result *result, FILE *out);
enum hd_error hd_gate_markdown(const struct hd_gate_result *result, FILE *out);

/* ---- What they share ---------------------------------------------------------------------------
 */

/* "12 checks: 11 passed, 1 failed", a line. */
void hd_gate_sums(const struct hd_gate_result *result, FILE *out);
/* One verdict, in words; a constant. */
const char *hd_gate_verdict(const struct hd_gate_result *result);
/* What to do when so much fails that the cause is elsewhere; NULL if it doesn't. */
const char *hd_gate_hint(const struct hd_gate_result *result);
/* The story of a check's evidence in a report format ("table"), malloc()ed; *ret_text is NULL if it
 * has none. */
enum hd_error hd_gate_story(const struct hd_gate_check *check, const char *format, char **ret_text);
/* As the text of an XML document: what must be is escaped, what can't be is U+FFFD. */
void hd_xml_add(struct hd_buf *buf, const char *text);

#endif
