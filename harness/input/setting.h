/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scenarios and variants by a word that may be wrong: HD_E_UNKNOWN says what was meant. */
#ifndef HD_SETTING_H
#define HD_SETTING_H

#include "input/names.h"

enum hd_error hd_scenario_parse(const struct hd_catalogue *catalogue, struct hd_word name,
                                const struct hd_scenario **ret_scenario, struct hd_diag *diag);
enum hd_error hd_variant_parse(const struct hd_scenario *scenario, struct hd_word name,
                               unsigned *ret_variant, struct hd_diag *diag);

#endif
