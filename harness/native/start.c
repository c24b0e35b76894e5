/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Before main().  The C library is about to call the program's; we call it instead, again and again
 * if the command has started us, once and as usual if anybody else has.
 *
 * The command hands its arguments over in the environment, so that the program's own stay what they
 * are: HEDDLE_COMMAND is one argument a line, HEDDLE_PROGRAM the program as the user named it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/alloc.h"
#include "cli/exit.h"
#include "native/native.h"

#define ARGUMENTS_MAX 256

/* Splits at line feeds, in place. */
static int split(char *text, char **arguments)
{
    int count = 0;

    while (text && count < ARGUMENTS_MAX - 1) {
        arguments[count++] = text;
        text = strchr(text, '\n');
        if (text)
            *text++ = '\0';
    }
    arguments[count] = NULL;
    return count;
}

static enum hd_error prepare(struct hd_diag *diag)
{
    size_t bytes = 2 * (size_t)(hd_program.text_end - hd_program.text) * sizeof(struct hd_site);
    void *sites = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (sites == MAP_FAILED)
        return hd_fail(diag, HD_E_NOMEM, "out of memory for the program's places");
    hd_program.sites = sites;
    hd_program.fences = dlsym(RTLD_DEFAULT, "__tsan_atomic_thread_fence") == NULL;
    hd_signals_catch();
    return hd_program_keep(diag);
}

static int run(int argc, char **argv, char **envp)
{
    const char *command = getenv("HEDDLE_COMMAND"), *path = getenv("HEDDLE_PROGRAM");
    char *arguments[ARGUMENTS_MAX], *copy;
    struct hd_diag diag = { { 0 } };
    enum hd_error error;
    static char name[] = "heddle"; /* what messages begin with, and commands to repeat with */
    int count;

    hd_program.argc = argc;
    hd_program.argv = argv;
    hd_program.envp = envp;
    if (!command || !path)
        return hd_program.main(argc, argv, envp);
    copy = hd_copy_text(command, strlen(command));
    hd_program.path = hd_copy_text(path, strlen(path));
    if (!copy || !hd_program.path)
        error = hd_fail(&diag, HD_E_NOMEM, "out of memory");
    else
        error = prepare(&diag);
    unsetenv("LD_BIND_NOW");
    unsetenv("HEDDLE_COMMAND");
    unsetenv("HEDDLE_PROGRAM");
    if (!error)
        error = hd_program_describe(&diag);
    if (error) {
        fprintf(stderr, "heddle: %s: %s\n", path, diag.text);
        return error == HD_E_UNSUPPORTED ? HD_EXIT_MISSING : HD_EXIT_USAGE;
    }
    program_invocation_short_name = name;
    count = split(copy, arguments);
    return hd_main(count, arguments, NULL);
}

typedef int start_main(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),
                       void (*)(void), void *);

HD_EXPORT int __libc_start_main(int (*)(int, char **, char **), int, char **, void (*)(void),
                                void (*)(void), void (*)(void), void *);
HD_EXPORT int __libc_start_main(int (*program)(int, char **, char **), int argc, char **argv,
                                void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
                                void *stack_end)
{
    struct hd_diag diag = { { 0 } };
    start_main *real;

    hd_program.main = program;
    if (hd_program_find(&diag)) {
        fprintf(stderr, "heddle: %s\n", diag.text);
        _Exit(HD_EXIT_MISSING);
    }
    hd_real_find("__libc_start_main", &real);
    return real(run, argc, argv, init, fini, rtld_fini, stack_end);
}
