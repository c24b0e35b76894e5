/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A disk image and the power. */
#include "engine/step.h"

struct hd_disk *hd_disk_new(uint32_t count)
{
    size_t bytes = sizeof(struct hd_disk) + (size_t)count * sizeof(uint64_t);
    struct hd_disk *disk = hd_zalloc(bytes);

    disk->count = count;
    hd_owned(disk);
    return disk;
}

static struct hd_actor *disk_point(const struct hd_site *site, enum hd_op op, struct hd_disk *disk,
                                   uint32_t block)
{
    struct hd_actor *self = hd_current;

    hd_pend(self, site, op, &disk->block[block], sizeof disk->block[0]);
    hd_point(self);
    hd_touch(self);
    HD_ASSERT_IS(block, <, disk->count);
    return self;
}

uint64_t hd_disk_read_(const struct hd_site *site, struct hd_disk *disk, uint32_t block)
{
    struct hd_actor *self = disk_point(site, HD_OP_DISK_READ, disk, block);

    hd_record(self, disk->block[block], true);
    return disk->block[block];
}

void hd_disk_write_(const struct hd_site *site, struct hd_disk *disk, uint32_t block,
                    uint64_t value)
{
    struct hd_actor *self = disk_point(site, HD_OP_DISK_WRITE, disk, block);
    struct hd_watch *watch = &self->engine->watch;

    disk->block[block] = value;
    hd_record(self, value, true);
    if (watch->disk && !self->quiet)
        watch->disk(self->engine);
}

void hd_power_loss_(const struct hd_site *site)
{
    struct hd_actor *self = hd_current;
    struct hd_watch *watch = &self->engine->watch;

    hd_pend_bare(self, site, HD_OP_POWER_LOSS);
    hd_point(self);
    hd_record(self, 0, true);
    if (watch->disk)
        watch->disk(self->engine);
    hd_finish(self, HD_END_POWER_LOSS);
}
