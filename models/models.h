/* SPDX-License-Identifier: GPL-2.0-only */
/* Every scenario of models.def; models.c makes them the catalogue, hd_models. */
#ifndef MODELS_MODELS_H
#define MODELS_MODELS_H

#include "heddle/model.h"

#define HD_SCENARIO(symbol) extern const struct hd_scenario symbol;
#include "models.def"

#endif
