/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * heddle cc, heddle c++: a compiler's driver with the flags that instrument a program, and with our
 * runtime in the place of TSan's.  Everything else is passed on, so it can be what a build system
 * calls its compiler.
 *
 * What the flags are for:
 *   distinguish-volatile          volatile accesses are marked ones, no data races
 *   instrument-read-before-write  clang leaves out the read of x++, and proofs need it
 *   fno-builtin-mem*              a copy is a call, which is instrumented, and not expanded inline
 *   fno-inline                    functions are landmarks, however much is optimised
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "cli/cli.h"
#include "program/program.h"

#define RUNTIME   "heddle_native"
#define ADDED_MAX 32

static const char *const common[] = { "-g", "-fsanitize=thread", "-fno-builtin-memcpy",
                                      "-fno-builtin-memmove", "-fno-builtin-memset", "-fno-inline",
                                      NULL };
static const char *const clang_only[] = { "-mllvm", "-tsan-distinguish-volatile=1",
                                          "-mllvm", "-tsan-instrument-read-before-write=1",
                                          "-fno-sanitize-link-runtime", "-Qunused-arguments",
                                          NULL };
static const char *const gcc_only[] = { "--param", "tsan-distinguish-volatile=1", NULL };
/* gcc can only be told to link no library at all; these are the ones it would have linked. */
static const char *const gcc_link[] = { "-nodefaultlibs", "-lc", "-lgcc", "-Wl,--as-needed",
                                        "-lgcc_s", "-Wl,--no-as-needed", NULL };
static const char *const gcc_link_cxx[] = { "-lstdc++", "-lm", NULL };

/* The user's compiler, unless it is us: a build system may have been told CC="heddle cc". */
static const char *compiler_of(bool cxx)
{
    const char *names[] = { getenv(cxx ? "HEDDLE_CXX" : "HEDDLE_CC"), getenv(cxx ? "CXX" : "CC") };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i] && *names[i] && !strstr(names[i], "heddle"))
            return names[i];
    return cxx ? "c++" : "cc";
}

/* What the driver says of itself decides, not its name: cc may be either. */
static enum hd_error ask_kind(const char *compiler, bool *ret_clang, struct hd_diag *diag)
{
    struct hd_buf command = { 0 };
    char text[4096];
    size_t length = 0;
    FILE *answer;
    char *line;

    hd_buf_addf(&command, "%s --version 2>/dev/null", compiler);
    line = hd_buf_take(&command);
    answer = line ? popen(line, "r") : NULL;
    free(line);
    if (answer) {
        length = fread(text, 1, sizeof text - 1, answer);
        pclose(answer);
    }
    text[length] = '\0';
    if (!length)
        return hd_fail(diag, HD_E_UNSUPPORTED, "no compiler '%.100s': HEDDLE_CC names another",
                       compiler);
    *ret_clang = strstr(text, "clang") != NULL;
    return HD_OK;
}

/* Beside the command, as in a build, or where it is installed. */
enum hd_error hd_runtime_directory(char directory[static PATH_MAX], struct hd_diag *diag)
{
    static const char *const places[] = { "", ("/../lib/" HD_LIBRARY_ARCHITECTURE), "/../lib",
                                          "/../lib64" };
    ssize_t length = readlink("/proc/self/exe", directory, PATH_MAX - 1);
    char found[PATH_MAX];
    char *slash;

    if (length < 0)
        return hd_fail(diag, HD_E_IO, "/proc/self/exe: %s", strerror(errno));
    directory[length] = '\0';
    slash = strrchr(directory, '/');
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        snprintf(slash, (size_t)(directory + PATH_MAX - slash), "%s/lib" RUNTIME ".so", places[i]);
        if (!access(directory, R_OK) && realpath(directory, found)) {
            *strrchr(found, '/') = '\0';
            memcpy(directory, found, strlen(found) + 1);
            return HD_OK;
        }
    }
    *slash = '\0';
    return hd_fail(diag, HD_E_UNSUPPORTED, "no lib" RUNTIME ".so beside %.200s, nor in ../lib",
                   directory);
}

/* Does the driver link? */
static bool links(char **arguments)
{
    static const char *const stops[] = { "-c", "-S", "-E", "-M", "-MM", "-fsyntax-only", "-r" };

    for (; *arguments; arguments++)
        for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
            if (strcmp(*arguments, stops[i]) == 0)
                return false;
    return true;
}

struct command_line {
    const char **arguments;
    size_t count;
};

static void add(struct command_line *line, const char *const *arguments)
{
    while (*arguments)
        line->arguments[line->count++] = *arguments++;
}

/* In $CC there may be a launcher, or flags. */
static void add_words(struct command_line *line, char *words)
{
    while (*(words += strspn(words, " "))) {
        line->arguments[line->count++] = words;
        words += strcspn(words, " ");
        if (*words)
            *words++ = '\0';
    }
}

static enum hd_error run(bool cxx, int argc, char **argv, struct hd_diag *diag)
{
    const char *compiler = compiler_of(cxx);
    char directory[PATH_MAX], search[PATH_MAX + 8], path[PATH_MAX + 16];
    char *words = hd_copy_text(compiler, strlen(compiler));
    const char *const runtime[] = { search, "-l" RUNTIME, path, NULL };
    struct command_line line = { .count = 0 };
    bool clang = false;
    enum hd_error error = ask_kind(compiler, &clang, diag);

    if (!error)
        error = hd_runtime_directory(directory, diag);
    line.arguments = hd_alloc_array((size_t)argc + strlen(compiler) + ADDED_MAX,
                                    sizeof *line.arguments);
    if (!error && (!words || !line.arguments))
        error = hd_fail(diag, HD_E_NOMEM, "out of memory");
    if (error)
        goto out;
    add_words(&line, words);
    add(&line, common);
    add(&line, clang ? clang_only : gcc_only);
    add(&line, (const char *const *)argv + 1);
    if (links(argv + 1)) {
        snprintf(search, sizeof search, "-L%s", directory);
        snprintf(path, sizeof path, "-Wl,-rpath,%s", directory);
        add(&line, runtime);
        if (!clang && cxx)
            add(&line, gcc_link_cxx);
        if (!clang)
            add(&line, gcc_link);
    }
    line.arguments[line.count] = NULL;
    execvp(line.arguments[0], (char **)(uintptr_t)line.arguments);
    error = hd_fail(diag, HD_E_IO, "%.100s: %s", line.arguments[0], strerror(errno));
out:
    free(words);
    hd_dealloc(line.arguments);
    return error;
}

static enum hd_exit compile(bool cxx, int argc, char **argv)
{
    struct hd_diag diag = { { 0 } };
    enum hd_error error = run(cxx, argc, argv, &diag);

    return hd_cli_error(cxx ? "c++" : "cc", error, &diag);
}

enum hd_exit hd_cmd_cc(int argc, char **argv)
{
    return compile(false, argc, argv);
}

enum hd_exit hd_cmd_cxx(int argc, char **argv)
{
    return compile(true, argc, argv);
}
