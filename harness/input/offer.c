/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input/offer.h"

#include <stdio.h>
#include <string.h>

/*
 * Levenshtein's distance (Wagner and Fischer, "The string-to-string correction problem", JACM
 * 1974): insertions, deletions and replacements that make name of word.  Both are shorter than
 * HD_NAME_BYTES.  Cost: O(word * name).
 */
static unsigned distance(struct hd_word word, struct hd_word name)
{
    unsigned row[HD_NAME_BYTES];

    for (unsigned j = 0; j <= name.length; j++)
        row[j] = j;
    for (unsigned i = 1; i <= word.length; i++) {
        unsigned diagonal = row[0];

        row[0] = i;
        for (unsigned j = 1; j <= name.length; j++) {
            unsigned best = diagonal + (word.text[i - 1] != name.text[j - 1]);

            if (best > row[j] + 1)
                best = row[j] + 1;
            if (best > row[j - 1] + 1)
                best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[name.length];
}

struct hd_offer hd_offer_to(struct hd_word word)
{
    return (struct hd_offer){ .word = word };
}

void hd_offer_near(struct hd_offer *offer, const char *name)
{
    struct hd_word candidate = hd_word_of(name);
    unsigned d;

    if (offer->word.length >= HD_NAME_BYTES || candidate.length >= HD_NAME_BYTES)
        return;
    d = distance(offer->word, candidate);
    if (d == 0 || d > 1 + offer->word.length / 4 || d >= candidate.length)
        return; /* the very word, wrong for another reason; or too far off to be what was meant */
    if (offer->nearest[0] && offer->distance <= d)
        return;
    offer->distance = d;
    memcpy(offer->nearest, name, candidate.length + 1);
}

void hd_offer_add(struct hd_offer *offer, const char *name)
{
    static const char rest[] = ", ...";
    size_t length = strlen(name) + (offer->used ? 2 : 0);

    hd_offer_near(offer, name);
    if (offer->cut)
        return;
    if (offer->used + length + sizeof rest > sizeof offer->list) {
        offer->cut = true;
        memcpy(offer->list + offer->used, rest, sizeof rest);
        return;
    }
    snprintf(offer->list + offer->used, sizeof offer->list - offer->used, "%s%s",
             offer->used ? ", " : "", name);
    offer->used += length;
}

enum hd_error hd_offer_fail(const struct hd_offer *offer, const char *what, struct hd_diag *diag)
{
    bool near = offer->nearest[0] != '\0', list = offer->list[0] != '\0';

    return hd_fail(diag, HD_E_UNKNOWN, "expected %s%s%s%s, found '%s'%s%s%s", what,
                   list ? " (" : "", offer->list, list ? ")" : "", hd_quote(offer->word).text,
                   near ? "; did you mean '" : "", offer->nearest, near ? "'?" : "");
}
