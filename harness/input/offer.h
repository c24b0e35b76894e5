/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What to say when a word is not in a list: the list, cut short where it is long, and the name
 * nearest to the word.
 */
#ifndef HD_OFFER_H
#define HD_OFFER_H

#include "heddle/error.h"
#include "input/names.h"

struct hd_offer {
    struct hd_word word;      /* what was found, borrowed */
    unsigned distance;        /* of nearest; meaningless while nearest is empty */
    char nearest[HD_NAME_BYTES];
    size_t used;
    bool cut;                 /* the list ends in "..." */
    char list[224];
};

struct hd_offer hd_offer_to(struct hd_word word);
/* Adds a name to the list, and as a candidate for the nearest. */
void hd_offer_add(struct hd_offer *offer, const char *name);
/* The latter alone. */
void hd_offer_near(struct hd_offer *offer, const char *name);
/*
 * Fails with HD_E_UNKNOWN and "expected WHAT (LIST), found 'WORD'; did you mean 'NEAREST'?"; what
 * is not there is not said.
 */
enum hd_error hd_offer_fail(const struct hd_offer *offer, const char *what, struct hd_diag *diag);

#endif
