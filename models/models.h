/* SPDX-License-Identifier: GPL-2.0-only */
/* The catalogue: every scenario of models.def. */
#ifndef MODELS_MODELS_H
#define MODELS_MODELS_H

#include "heddle/model.h"

extern const struct hd_catalogue hd_models;

#define HD_SCENARIO(symbol) extern const struct hd_scenario symbol;
#include "models.def"

#endif
