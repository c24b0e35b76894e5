/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explore/path.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"

/* A part of a file's name: what isn't plain becomes an underscore. */
static void add_name(struct hd_buf *buf, const char *text, size_t length)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

    for (; length > 0; length--, text++)
        hd_buf_add(buf, strchr(plain, *text) ? text : "_", 1);
}

char *hd_finding_path(const char *directory, const struct hd_setting *setting, const char *verdict,
                      uint64_t fingerprint, const char *suffix)
{
    const char *variant = setting->scenario->variants[setting->variant].name;
    const char *slash = strrchr(setting->scenario->name, '/'); /* of a program's path */
    const char *scenario = slash ? slash + 1 : setting->scenario->name;
    const char *kind_end = strstr(verdict, " at ");
    struct hd_buf buf = { 0 };

    if (strcmp(directory, ".") != 0)
        hd_buf_addf(&buf, "%s/", directory);
    add_name(&buf, scenario, strlen(scenario));
    hd_buf_addf(&buf, "-");
    add_name(&buf, variant, strlen(variant));
    hd_buf_addf(&buf, "-");
    add_name(&buf, verdict, kind_end ? (size_t)(kind_end - verdict) : strlen(verdict));
    hd_buf_addf(&buf, "-%016" PRIx64 "%s", fingerprint, suffix);
    return hd_buf_take(&buf);
}
