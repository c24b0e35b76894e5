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
#define TSAN              "libtsan.so.2"

static bool is_path(const char *text)
{
    return *text == '/' || strncmp(text, "./", 2) == 0 || strncmp(text, "../", 3) == 0;
}

/*
 * A program with its arguments as the name of a scenario, which is one word: "./ring+3+fast".  What
 * would not fit in is written as %20.
 */
static void add_encoded(struct hd_buf *buf, const char *text, const char *special)
{
    for (; *text; text++)
        if (*text > ' ' && *text < 0x7f && !strchr(special, *text))
            hd_buf_add(buf, text, 1);
        else
            hd_buf_addf(buf, "%%%02x", (unsigned)(unsigned char)*text);
}

static char *encode(char **arguments)
{
    struct hd_buf buf = { 0 };

    add_encoded(&buf, *arguments, "%#+");
    while (*++arguments) {
        hd_buf_addf(&buf, "+");
        add_encoded(&buf, *arguments, "%#+/");
    }
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

/* ---- What is to be executed: a list of arguments, the program first -------------------------- */

static void free_list(char **list)
{
    for (size_t i = 0; list && list[i]; i++)
        free(list[i]);
    hd_dealloc(list);
}

/* The parts of a scenario's name; NULL if out of memory. */
static char **decode_list(const char *name, size_t length)
{
    char **list = hd_alloc_array(length + 2, sizeof *list);

    for (size_t count = 0; list && length; count++) {
        const char *plus = memchr(name, '+', length);
        size_t part = plus ? (size_t)(plus - name) : length;

        list[count] = decode(name, part);
        name += part + (plus != NULL);
        length -= part + (plus != NULL);
    }
    return list;
}

/* A program, and the arguments that stand behind "--". */
static char **list_of(const char *program, char **behind)
{
    size_t count = 0;
    char **list;

    while (behind[count])
        count++;
    list = hd_alloc_array(count + 2, sizeof *list);
    if (!list)
        return NULL;
    list[0] = hd_copy_text(program, strlen(program));
    for (size_t i = 0; i < count && list[i]; i++)
        list[i + 1] = hd_copy_text(behind[i], strlen(behind[i]));
    return list;
}

/* The scenario of a case file, if it is a program.  NULL: it is none. */
static char **list_of_case(const char *text)
{
    const char *line = strstr(text, "\nscenario");
    const char *name;

    if (strncmp(text, "heddle case", strlen("heddle case")) != 0 || !line)
        return NULL;
    name = line + strlen("\nscenario");
    name += strspn(name, " \t");
    return is_path(name) ? decode_list(name, strcspn(name, " \t\n#")) : NULL;
}

/* What an argument means: a program, or a case of one.  NULL: neither. */
static char **find_list(const char *argument, char **behind)
{
    char *bytes = NULL, **list = NULL;
    struct stat status;
    size_t length = 0;

    if (stat(argument, &status) || !S_ISREG(status.st_mode) ||
        hd_file_read(argument, PROGRAM_BYTES_MAX, &bytes, &length, NULL))
        return NULL;
    if (length >= 4 && memcmp(bytes, "\177ELF", 4) == 0)
        list = is_path(argument) ? list_of(argument, behind) : NULL;
    else
        list = list_of_case(bytes);
    free(bytes);
    return list;
}

/* In a directory beside the runtime, heddle/tsan/ or native/tsan/ in a build, it is there once more
 * under the name of gcc's shared TSan: a program that was linked with that finds ours first. */
static enum hd_error stand_in(struct hd_diag *diag)
{
    char directory[PATH_MAX];
    struct hd_buf path = { 0 };
    const char *others = getenv("LD_LIBRARY_PATH");
    enum hd_error error = hd_runtime_directory(directory, diag);
    char *text;

    if (error)
        return error;
    hd_buf_addf(&path, "%s/heddle/tsan:%s/native/tsan%s%s", directory, directory,
                others ? ":" : "", others ? others : "");
    text = hd_buf_take(&path);
    if (!text || setenv("LD_LIBRARY_PATH", text, 1))
        error = hd_fail(diag, HD_E_NOMEM, "out of memory");
    free(text);
    return error;
}

static enum hd_error check_runtime(const char *program, struct hd_diag *diag)
{
    char *bytes = NULL;
    size_t length = 0;
    enum hd_error error = hd_file_read(program, PROGRAM_BYTES_MAX, &bytes, &length, diag);

    if (error)
        return error;
    if (memmem(bytes, length, TSAN, strlen(TSAN)))
        error = stand_in(diag);
    else if (!memmem(bytes, length, RUNTIME, strlen(RUNTIME)))
        error = hd_fail(diag, HD_E_MALFORMED,
                        "%.300s: not linked with the runtime: build it with heddle cc", program);
    free(bytes);
    return error;
}

/* One a line, the program's name in the place of its path. */
static char *join(int argc, char **argv, const char *program, const char *name)
{
    struct hd_buf buf = { 0 };

    for (int i = 0; i < argc; i++)
        hd_buf_addf(&buf, "%s%s", i ? "\n" : "",
                    i > 1 && strcmp(argv[i], program) == 0 ? name : argv[i]);
    return hd_buf_take(&buf);
}

static enum hd_exit become(char **list, int argc, char **argv)
{
    struct hd_diag diag = { { 0 } };
    enum hd_error error = check_runtime(list[0], &diag);
    char *name = encode(list), *command = name ? join(argc, argv, list[0], name) : NULL;

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
        execv(list[0], list);
        error = hd_fail(&diag, HD_E_IO, "%.300s: %s", list[0], strerror(errno));
    }
    return hd_cli_error(argv[1], error, &diag);
}

bool hd_native_run(int argc, char **argv, enum hd_exit *ret_status)
{
    char **list = NULL;
    int own = 2;

    if (argc < 3 || strcmp(argv[1], "cc") == 0 || strcmp(argv[1], "c++") == 0)
        return false;
    while (own < argc && strcmp(argv[own], "--") != 0)
        own++;
    for (int i = 2; i < own && !list; i++)
        if (argv[i][0] != '-')
            list = find_list(argv[i], argv + (own < argc ? own + 1 : own));
    if (!list || !list[0]) {
        free_list(list);
        return false;
    }
    *ret_status = become(list, own, argv);
    free_list(list);
    return true;
}
