/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "heddle/heddle.h"

/* In the child: becomes the program, or says why not through the pipe, which closes by itself when
 * it does. */
static _Noreturn void become(const char *const *argv, const char *directory, int output, int report)
{
    char *const *arguments = (char *const *)(uintptr_t)argv; /* execvp() changes nothing */
    int input = open("/dev/null", O_RDONLY);
    int problem;
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (input >= 0 && dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0
        && dup2(output, STDERR_FILENO) >= 0 && (!directory || chdir(directory) == 0))
        execvp(arguments[0], arguments);
    problem = errno;
    if (write(report, &problem, sizeof problem) != sizeof problem)
        _exit(126);
    _exit(127);
}

enum hd_error hd_process_start(const char *const *argv, const char *directory, int output,
                               pid_t *ret_pid, struct hd_diag *diag)
{
    int ends[2], problem = 0;
    ssize_t got;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return hd_fail(diag, HD_E_IO, "%s: %s", argv[0], strerror(errno));
    pid = fork();
    if (pid == 0)
        become(argv, directory, output, ends[1]);
    if (pid < 0)
        problem = errno;
    close(ends[1]);
    do
        got = pid < 0 ? 0 : read(ends[0], &problem, sizeof problem);
    while (got < 0 && errno == EINTR);
    close(ends[0]);
    if (pid > 0 && got > 0)
        waitpid(pid, NULL, 0);
    if (problem == ENOENT)
        return hd_fail(diag, HD_E_UNSUPPORTED, "%s is not installed", argv[0]);
    if (problem)
        return hd_fail(diag, HD_E_IO, "%s: %s", argv[0], strerror(problem));
    *ret_pid = pid;
    return HD_OK;
}

/* Waits for its end; true for exit status 0.  Else why it failed is in text. */
static bool succeeded(pid_t pid, char *text, size_t bytes)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) {
            snprintf(text, bytes, "%s", strerror(errno));
            return false;
        }
    if (WIFSIGNALED(status))
        snprintf(text, bytes, "killed by signal %d", WTERMSIG(status));
    else
        snprintf(text, bytes, "exit status %d", WEXITSTATUS(status));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The last line of a log that says something, without control characters. */
static void last_line(const char *log, char *text, size_t bytes)
{
    FILE *file = fopen(log, "re");
    char line[256];

    text[0] = '\0';
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0])
            snprintf(text, bytes, "%s", line);
    }
    for (char *at = text; *at; at++)
        if ((unsigned char)*at < ' ')
            *at = ' ';
    if (file)
        fclose(file);
}

enum hd_error hd_process_run(const char *const *argv, const char *directory, const char *log,
                             struct hd_diag *diag)
{
    int output = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    char how[64], line[256];
    enum hd_error error;
    pid_t pid;

    if (output < 0)
        return hd_fail(diag, HD_E_IO, "%s: %s", log, strerror(errno));
    error = hd_process_start(argv, directory, output, &pid, diag);
    close(output);
    if (error || succeeded(pid, how, sizeof how))
        return error;
    last_line(log, line, sizeof line);
    return hd_fail(diag, HD_E_IO, "%s %s failed, %s: %s (all of it in %s)", argv[0],
                   argv[1] ? argv[1] : "", how, line, log);
}

/* Reads fd to its end into a NUL-terminated text; what is beyond max is read and dropped. */
static char *read_all(int fd, size_t max)
{
    char *text = hd_alloc_array(max + 1, 1);
    char rest[4096];
    size_t length = 0;
    ssize_t got;

    while (text) {
        if (length < max)
            got = read(fd, text + length, max - length);
        else
            got = read(fd, rest, sizeof rest);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        if (length < max)
            length += (size_t)got;
    }
    return text;
}

enum hd_error hd_process_read(const char *const *argv, const char *directory, size_t max,
                              char **ret_text, struct hd_diag *diag)
{
    enum hd_error error;
    char how[64] = "";
    char *text = NULL;
    int ends[2];
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return hd_fail(diag, HD_E_IO, "%s: %s", argv[0], strerror(errno));
    error = hd_process_start(argv, directory, ends[1], &pid, diag);
    close(ends[1]);
    if (!error) {
        text = read_all(ends[0], max);
        if (!succeeded(pid, how, sizeof how))
            error = hd_fail(diag, HD_E_IO, "%s %s failed, %s: %.200s", argv[0],
                            argv[1] ? argv[1] : "", how, text ? text : "");
        else if (!text)
            error = hd_fail(diag, HD_E_NOMEM, "%s: out of memory", argv[0]);
    }
    close(ends[0]);
    if (error)
        hd_dealloc(text);
    else
        *ret_text = text;
    return error;
}

bool hd_process_there(const char *name)
{
    const char *path = getenv("PATH");
    char file[4096];

    while (path && *path) {
        int length = (int)strcspn(path, ":");

        snprintf(file, sizeof file, "%.*s/%s", length, path, name);
        if (access(file, X_OK) == 0)
            return true;
        path += length;
        path += *path == ':';
    }
    return false;
}
