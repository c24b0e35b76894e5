/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* heddle gate, in two parts: its command line, and where its formats go. */
#ifndef HD_CLI_GATE_H
#define HD_CLI_GATE_H

#include "heddle/gate.h"

#define HD_GATE_OUTPUTS_MAX 8
struct hd_gate_output {
    const struct hd_gate_format *format;
    const char *path; /* NULL: standard output */
};

struct hd_gate_arguments {
    struct hd_gate_options options;
    struct hd_gate_output outputs[HD_GATE_OUTPUTS_MAX];
    unsigned output_count;
    bool quiet, bisect;
    struct hd_diag diag;
};

/* Appends "FORMAT" or "FORMAT=FILE"; the text must stay. */
enum hd_error hd_gate_output_parse(struct hd_gate_arguments *arguments, const char *text);
/* Refuses two formats that would mix on standard output, and adds what goes without saying. */
enum hd_error hd_gate_output_check(struct hd_gate_arguments *arguments);
/* Prints everywhere; files are written whole or not at all, a job summary is appended to. */
enum hd_error hd_gate_output(struct hd_gate_arguments *arguments,
                             const struct hd_gate_result *result);

#endif
