/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Addresses as people know them.  Only reports, verdicts and landmarks ask, so each place is looked
 * up once at most.  From the program's symbols and debug information, by elfutils' libdw.
 */
#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "native/native.h"

static Dwfl *dwfl;
static Dwfl_Module *module;

static void open_program(void)
{
    static const Dwfl_Callbacks callbacks = { .find_elf = dwfl_linux_proc_find_elf,
                                              .find_debuginfo = dwfl_standard_find_debuginfo };

    if (dwfl)
        return;
    dwfl = dwfl_begin(&callbacks);
    if (!dwfl || dwfl_linux_proc_report(dwfl, getpid()) || dwfl_report_end(dwfl, NULL, NULL))
        return; /* then nothing has a name */
    module = dwfl_addrmodule(dwfl, (Dwarf_Addr)(uintptr_t)hd_program.text);
}

/* Lives as long as the process, as sites do. */
static const char *keep(const char *text)
{
    char *copy = text ? hd_copy_text(text, strlen(text)) : NULL;

    return copy ? copy : "?";
}

const void *hd_place_of(const struct hd_site *site)
{
    return hd_program.text + (site - hd_program.sites) % (hd_program.text_end - hd_program.text);
}

static bool is_call(const struct hd_site *site)
{
    return site - hd_program.sites >= hd_program.text_end - hd_program.text;
}

/* A line of a source file, if it is there; without what stands around it. */
static const char *source_line(const char *path, int wanted)
{
    char *line = NULL, *start;
    const char *kept = NULL;
    size_t room = 0;
    FILE *file = fopen(path, "re");

    while (file && wanted > 0 && getline(&line, &room, file) > 0)
        wanted--;
    if (file)
        fclose(file);
    if (line && wanted == 0) {
        start = line + strspn(line, " \t");
        start[strcspn(start, "\n")] = '\0';
        kept = keep(start);
    }
    free(line);
    return kept;
}

/* By a walk over the compilation units: clang writes no .debug_aranges, by which libdw would find
 * the right one. */
static Dwarf_Die *unit_of(Dwarf_Addr address, Dwarf_Addr *ret_bias)
{
    Dwarf_Die *unit = NULL;

    while ((unit = dwfl_module_nextcu(module, unit, ret_bias)))
        if (dwarf_haspc(unit, address - *ret_bias) > 0)
            return unit;
    return NULL;
}

/* The function as it was written, also where it was inlined: so that a place has the same name
 * however much was optimised.  NULL: not known. */
static const char *function_of(Dwarf_Die *unit, Dwarf_Addr address)
{
    Dwarf_Die *scopes = NULL;
    const char *name = NULL;
    int count = dwarf_getscopes(unit, address, &scopes);

    for (int i = 0; i < count && !name; i++) {
        int tag = dwarf_tag(&scopes[i]);

        if (tag == DW_TAG_inlined_subroutine || tag == DW_TAG_subprogram)
            name = dwarf_diename(&scopes[i]);
    }
    free(scopes);
    return name;
}

static void locate(struct hd_site *site)
{
    Dwarf_Addr address = (Dwarf_Addr)(uintptr_t)hd_place_of(site), bias = 0;
    const char *text = NULL;
    Dwarf_Die *unit;
    Dwarf_Line *found;
    int line = 0;

    site->function = site->file = site->what = "?";
    open_program();
    if (!module || hd_place_of(site) == hd_program.text)
        return;
    address--; /* of the call, not of where it returns to */
    unit = unit_of(address, &bias);
    text = unit ? function_of(unit, address - bias) : NULL;
    site->function = site->what = keep(text ? text : dwfl_module_addrname(module, address));
    found = unit ? dwarf_getsrc_die(unit, address - bias) : NULL;
    if (!found || dwarf_lineno(found, &line))
        return;
    site->file = keep(dwarf_linesrc(found, NULL, NULL));
    site->line = (uint32_t)line;
    text = is_call(site) ? NULL : source_line(site->file, line);
    if (text)
        site->what = text;
}

void hd_site_locate(const struct hd_site *constant)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct hd_actor *self = hd_current;

    hd_current = NULL; /* what libraries do on our behalf is no doing of the program's */
    pthread_mutex_lock(&lock);
    if (!constant->function)
        locate(&hd_program.sites[constant - hd_program.sites]);
    pthread_mutex_unlock(&lock);
    hd_current = self;
}

int hd_variable_name(size_t offset, char *text, size_t bytes)
{
    GElf_Off behind = 0;
    GElf_Sym symbol;
    const char *name = NULL;

    open_program();
    if (module)
        name = dwfl_module_addrinfo(module, (GElf_Addr)(uintptr_t)(hd_program.text + offset),
                                    &behind, &symbol, NULL, NULL, NULL);
    if (!name)
        return snprintf(text, bytes, "program+%zu", offset);
    if (behind)
        return snprintf(text, bytes, "%s+%zu", name, (size_t)behind);
    return snprintf(text, bytes, "%s", name);
}

size_t hd_program_variables(struct hd_variable *variables, size_t max)
{
    size_t found = 0;
    int symbols;

    open_program();
    symbols = module ? dwfl_module_getsymtab(module) : 0;
    for (int i = 0; i < symbols && found < max; i++) {
        GElf_Sym symbol;
        GElf_Addr address;
        const char *name =
            dwfl_module_getsym_info(module, i, &symbol, &address, NULL, NULL, NULL);

        if (name && *name && name[0] != '_' && GELF_ST_TYPE(symbol.st_info) == STT_OBJECT &&
            symbol.st_size && !strchr(name, '@') &&
            address - (uintptr_t)hd_program.data < hd_program.data_bytes)
            variables[found++] = (struct hd_variable){ (void *)(uintptr_t)address, keep(name) };
    }
    return found;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Written by the program's author, as far as one can tell by the name. */
static bool is_own(const char *name, const GElf_Sym *symbol)
{
    return name && GELF_ST_TYPE(symbol->st_info) == STT_FUNC && symbol->st_shndx != SHN_UNDEF &&
           symbol->st_size && name[0] != '_' && !strchr(name, '.') && strcmp(name, "main") != 0;
}

size_t hd_program_functions(const char **names, size_t max)
{
    size_t found = 0, kept = 0;
    int symbols;

    open_program();
    symbols = module ? dwfl_module_getsymtab(module) : 0;
    for (int i = 0; i < symbols && found < max; i++) {
        GElf_Sym symbol;
        GElf_Addr address;
        const char *name =
            dwfl_module_getsym_info(module, i, &symbol, &address, NULL, NULL, NULL);

        if (is_own(name, &symbol))
            names[found++] = keep(name);
    }
    qsort(names, found, sizeof *names, by_name);
    for (size_t i = 0; i < found; i++)
        if (!kept || strcmp(names[kept - 1], names[i]) != 0)
            names[kept++] = names[i];
    return kept;
}
