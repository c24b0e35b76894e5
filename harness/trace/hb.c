/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "trace/hb.h"

#include "base/alloc.h"

enum hd_error hd_hb_create(struct hd_hb *hb, uint32_t width, uint32_t room)
{
    hb->actor = hd_alloc_array((size_t)width * width, sizeof *hb->actor);
    hb->pool = hd_alloc_array((size_t)width * room, sizeof *hb->pool);
    hb->room = room;
    if (!hb->actor || !hb->pool) {
        hd_hb_destroy(hb);
        return HD_E_NOMEM;
    }
    hd_hb_reset(hb, width);
    return HD_OK;
}

void hd_hb_destroy(struct hd_hb *hb)
{
    hd_dealloc(hb->actor);
    hd_dealloc(hb->pool);
    *hb = (struct hd_hb){ 0 };
}

void hd_hb_reset(struct hd_hb *hb, uint32_t width)
{
    hb->width = width;
    hb->rows = 1;
    memset(hb->actor, 0, (size_t)width * width * sizeof *hb->actor);
    for (uint32_t i = 0; i < width; i++)
        hd_hb_row(hb, (hd_actor_id)i)[i] = 1;
}
