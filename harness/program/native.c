/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Programs that are executed as they are.  Each carries the command in its runtime, so this one
 * only has to find out that a program is meant, and to become it: harness/native/start.c goes on
 * with the same arguments.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "cli/cli.h"
#include "program/program.h"

#define PROGRAM_BYTES_MAX (UINT64_C(1) << 30)
#define RUNTIME           "libheddle_native.so"

static bool is_path(const char *text)
{
    return *text == '/' || strncmp(text, "./", 2) == 0 || strncmp(text, "../", 3) == 0;
}

/* A program's path as the name of a scenario, in which there are no blanks: %20 is one. */
static char *encode(const char *path)
{
    struct hd_buf buf = { 0 };

    for (; *path; path++)
        if (*path > ' ' && *path < 0x7f && *path != '%' && *path != '#')
            hd_buf_add(&buf, path, 1);
        else
            hd_buf_addf(&buf, "%%%02x", (unsigned)(unsigned char)*path);
    return hd_buf_take(&buf);
}

static char *decode(const char *name, size_t length)
{
    struct hd_buf buf = { 0 };

    for (size_t i = 0; i < length; i++) {
        unsigned value = 0;
        char byte = name[i];

        if (byte == '%' && i + 2 < length && sscanf(name + i + 1, "%2x", &value) == 1) {
            byte = (char)value;
            i += 2;
        }
        hd_buf_add(&buf, &byte, 1);
    }
    return hd_buf_take(&buf);
}

/* The scenario of a case file, if it is a program; decoded.  NULL: it is none. */
static char *program_of_case(const char *text)
{
    const char *line = strstr(text, "\nscenario");
    const char *name;

    if (strncmp(text, "heddle case", strlen("heddle case")) != 0 || !line)
        return NULL;
    name = line + strlen("\nscenario");
    name += strspn(name, " \t");
    return is_path(name) ? decode(name, strcspn(name, " \t\n#")) : NULL;
}

/* The program that an argument means: itself, or a case's scenario.  NULL: none. */
static char *program_of(const char *argument)
{
    char *bytes = NULL, *program = NULL;
    struct stat status;
    size_t length = 0;

    if (stat(argument, &status) || !S_ISREG(status.st_mode) ||
        hd_file_read(argument, PROGRAM_BYTES_MAX, &bytes, &length, NULL))
        return NULL;
    if (length >= 4 && memcmp(bytes, "\177ELF", 4) == 0)
        program = is_path(argument) ? hd_copy_text(argument, strlen(argument)) : NULL;
    else
        program = program_of_case(bytes);
    free(bytes);
    return program;
}

static enum hd_error check_runtime(const char *program, struct hd_diag *diag)
{
    char *bytes = NULL;
    size_t length = 0;
    enum hd_error error = hd_file_read(program, PROGRAM_BYTES_MAX, &bytes, &length, diag);

    if (error)
        return error;
    if (!memmem(bytes, length, RUNTIME, strlen(RUNTIME)))
        error = hd_fail(diag, HD_E_MALFORMED,
                        "%.300s: not linked with the runtime: build it with heddle cc", program);
    free(bytes);
    return error;
}

/* One a line, the program's own name in the place of its path. */
static char *join(int argc, char **argv, const char *program, const char *name)
{
    struct hd_buf buf = { 0 };

    for (int i = 0; i < argc; i++)
        hd_buf_addf(&buf, "%s%s", i ? "\n" : "",
                    i > 1 && strcmp(argv[i], program) == 0 ? name : argv[i]);
    return hd_buf_take(&buf);
}

static enum hd_exit become(const char *program, int argc, char **argv, char **arguments)
{
    struct hd_diag diag = { { 0 } };
    enum hd_error error = check_runtime(program, &diag);
    char *name = encode(program), *command = name ? join(argc, argv, program, name) : NULL;

    if (!error && !command)
        error = hd_fail(&diag, HD_E_NOMEM, "out of memory");
    /* Bound now: else each execution would forget what the last one has bound. */
    if (!error && (setenv("HEDDLE_PROGRAM", name, 1) || setenv("HEDDLE_COMMAND", command, 1) ||
                   setenv("LD_BIND_NOW", "1", 1)))
        error = hd_fail(&diag, HD_E_NOMEM, "out of memory");
    free(name);
    free(command);
    if (!error) {
        personality(ADDR_NO_RANDOMIZE); /* traces don't need it, but debuggers like it */
        execv(program, arguments);
        error = hd_fail(&diag, HD_E_IO, "%.300s: %s", program, strerror(errno));
    }
    return hd_cli_error(argv[1], error, &diag);
}

/* The program's own arguments stand behind "--". */
static char **arguments_of(char *program, char **behind)
{
    size_t count = 0;
    char **arguments;

    while (behind[count])
        count++;
    arguments = hd_alloc_array(count + 2, sizeof *arguments);
    if (!arguments)
        return NULL;
    arguments[0] = program;
    memcpy(arguments + 1, behind, count * sizeof *behind);
    return arguments;
}

bool hd_native_run(int argc, char **argv, enum hd_exit *ret_status)
{
    char *program = NULL, **arguments;
    int own = 2;

    if (argc < 3 || strcmp(argv[1], "cc") == 0 || strcmp(argv[1], "c++") == 0)
        return false;
    while (own < argc && strcmp(argv[own], "--") != 0)
        own++;
    for (int i = 2; i < own && !program; i++)
        if (argv[i][0] != '-')
            program = program_of(argv[i]);
    if (!program)
        return false;
    arguments = arguments_of(program, argv + (own < argc ? own + 1 : own));
    if (arguments)
        *ret_status = become(program, own, argv, arguments);
    else
        *ret_status = hd_cli_error(argv[1], HD_E_NOMEM, NULL);
    hd_dealloc(arguments);
    free(program);
    return true;
}
