/* SPDX-License-Identifier: GPL-2.0-only */
#include "models.h"

static const struct hd_scenario *const scenarios[] = {
#define HD_SCENARIO(symbol) &symbol,
#include "models.def"
};

const struct hd_catalogue hd_models = { scenarios, sizeof scenarios / sizeof *scenarios };
