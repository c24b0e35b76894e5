/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Constructors of the strategies that registry.c lists.  Each returns HD_OK and sets *ret_strategy,
 * or HD_E_RANGE or HD_E_NOMEM and leaves it alone.  The options are copied.
 */
#ifndef HD_CREATE_H
#define HD_CREATE_H

#include "heddle/strategy.h"

enum hd_error hd_random_create(const struct hd_strategy_options *options,
                               struct hd_strategy **ret_strategy);
enum hd_error hd_pct_create(const struct hd_strategy_options *options,
                            struct hd_strategy **ret_strategy);
enum hd_error hd_pos_create(const struct hd_strategy_options *options,
                            struct hd_strategy **ret_strategy);
enum hd_error hd_surw_create(const struct hd_strategy_options *options,
                             struct hd_strategy **ret_strategy);
enum hd_error hd_delay_create(const struct hd_strategy_options *options,
                              struct hd_strategy **ret_strategy);
enum hd_error hd_rff_create(const struct hd_strategy_options *options,
                            struct hd_strategy **ret_strategy);
enum hd_error hd_portfolio_create(const struct hd_strategy_options *options,
                                  struct hd_strategy **ret_strategy);
enum hd_error hd_dfs_create(const struct hd_strategy_options *options,
                            struct hd_strategy **ret_strategy);

#endif
