/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pieces of a SARIF log; sarif.c puts them together. */
#ifndef HD_SARIF_H
#define HD_SARIF_H

#include <jansson.h>

#include "heddle/gate.h"

struct hd_sarif {
    bool failed;        /* some piece is missing: asked for once, at the end */
    const char **rules; /* those of the results so far, in the order in which they came */
    unsigned rule_count;
};

/* Each takes the value over; NULL is a failure. */
void hd_sarif_put(struct hd_sarif *sarif, json_t *object, const char *key, json_t *value);
void hd_sarif_append(struct hd_sarif *sarif, json_t *array, json_t *value);
/* What is no UTF-8 becomes '?'. */
json_t *hd_sarif_text(const char *text);
/* A line of a file, 0 for none; the path is made a URI.  message may be NULL. */
json_t *hd_sarif_location(struct hd_sarif *sarif, const char *path, uint32_t line,
                          const char *message);
/* "codeFlows": one flow, with a thread flow for each actor that took part. */
enum hd_error hd_sarif_flows(struct hd_sarif *sarif, json_t *object,
                             const struct hd_gate_check *check);

#endif
