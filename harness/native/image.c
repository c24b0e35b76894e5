/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The program in memory, and its variables set back to what they were before main(). */
#include <dlfcn.h>
#include <link.h>

#include "base/alloc.h"
#include "native/native.h"

struct hd_program hd_program;

/* One loaded object: from its first byte to its last, and what of it can be written. */
struct extent {
    uintptr_t first, end, data, data_end, read_only_end;
    bool tls;
};

static void measure(const struct dl_phdr_info *info, struct extent *extent)
{
    *extent = (struct extent){ .first = UINTPTR_MAX, .data = UINTPTR_MAX };
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + part->p_vaddr, end = start + part->p_memsz;

        extent->tls |= part->p_type == PT_TLS;
        if (part->p_type == PT_GNU_RELRO)
            extent->read_only_end = end;
        if (part->p_type != PT_LOAD)
            continue;
        extent->first = start < extent->first ? start : extent->first;
        extent->end = end > extent->end ? end : extent->end;
        if (part->p_flags & PF_W) {
            extent->data = start < extent->data ? start : extent->data;
            extent->data_end = end > extent->data_end ? end : extent->data_end;
        }
    }
    if (extent->read_only_end > extent->data)
        extent->data = extent->read_only_end;
}

static bool has(const struct extent *extent, uintptr_t address)
{
    return address >= extent->first && address < extent->end;
}

static int visit(struct dl_phdr_info *info, size_t size, void *main_seen)
{
    struct extent extent;

    (void)size;
    measure(info, &extent);
    if (!*(bool *)main_seen) { /* the program comes first */
        *(bool *)main_seen = true;
        hd_program.text = (const unsigned char *)(extent.first & ~(uintptr_t)(HD_UNIT - 1));
        hd_program.text_end = (const unsigned char *)extent.end;
        hd_program.data = (unsigned char *)extent.data;
        hd_program.data_bytes = extent.data_end > extent.data ? extent.data_end - extent.data : 0;
        hd_program.own_tls = extent.tls;
    } else if (has(&extent, (uintptr_t)&visit)) {
        hd_program.own = (const unsigned char *)extent.first;
        hd_program.own_end = (const unsigned char *)extent.end;
    }
    return 0;
}

enum hd_error hd_program_find(struct hd_diag *diag)
{
    bool main_seen = false;

    dl_iterate_phdr(visit, &main_seen);
    if (!hd_program.own)
        return hd_fail(diag, HD_E_UNSUPPORTED, "the runtime is not a shared library here");
    return HD_OK;
}

enum hd_error hd_program_keep(struct hd_diag *diag)
{
    hd_program.fresh = hd_alloc_array(hd_program.data_bytes + 1, 1);
    if (!hd_program.fresh)
        return hd_fail(diag, HD_E_NOMEM, "out of memory for the program's variables");
    memcpy(hd_program.fresh, hd_program.data, hd_program.data_bytes);
    return HD_OK;
}

void hd_program_reset(void)
{
    memcpy(hd_program.data, hd_program.fresh, hd_program.data_bytes);
}

void hd_real_find(const char *name, void *ret_function)
{
    void *found = dlsym(RTLD_NEXT, name);

    if (!found)
        HD_UNREACHABLE("the C library has no such function");
    memcpy(ret_function, &found, sizeof found);
}
