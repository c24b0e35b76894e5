/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/machine.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "kernel/process.h"
#include "kernel/snapshot.h"

#define QEMU "qemu-system-x86_64"

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- Starting and stopping ------------------------------------------------------------------- */

/* Our end is close-on-exec; theirs is inherited. */
static int socket_pair(int *ret_ours, int *ret_theirs)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return -1;
    *ret_ours = ends[0];
    *ret_theirs = ends[1];
    return fcntl(ends[1], F_SETFD, 0);
}

/* Everything here is part of a snapshot's name: hd_snapshot_name(). */
static const char *const fixed_arguments[] = {
    "-accel", "tcg", "-machine", "pc", "-m", "512", "-smp", "1", "-nodefaults", "-no-user-config",
    "-display", "none", "-no-reboot", "-kernel", "vmlinuz", "-initrd", "initramfs", "-append",
    "console=ttyS0 nokaslr panic=-1 mitigations=off oops=continue", NULL
};

static enum hd_error launch(const char *directory, const char *incoming, int output,
                            const int theirs[3], pid_t *ret_pid, struct hd_diag *diag)
{
    char chardevs[3][64];
    const char *argv[64] = { QEMU };
    size_t count = 1;

    for (size_t i = 0; fixed_arguments[i]; i++)
        argv[count++] = fixed_arguments[i];
    for (int i = 0; i < 3; i++) {
        static const char *const users[] = { "chardev:c0", "chardev:c1", "c2" };

        snprintf(chardevs[i], sizeof chardevs[i], "socket,id=c%d,fd=%d", i, theirs[i]);
        argv[count++] = "-chardev";
        argv[count++] = chardevs[i];
        argv[count++] = i < 2 ? "-serial" : "-qmp";
        argv[count++] = i < 2 ? users[i] : "chardev:c2";
    }
    if (incoming) {
        argv[count++] = "-incoming";
        argv[count++] = incoming;
    }
    argv[count] = NULL;
    return hd_process_start(argv, directory, output, ret_pid, diag);
}

static enum hd_error open_machine(const char *directory, const char *incoming, FILE *echo,
                                  struct hd_machine *ret_machine, struct hd_diag *diag)
{
    struct hd_machine machine = { .link = -1, .console = -1, .control = -1, .echo = echo };
    int *const ours[3] = { &machine.console, &machine.link, &machine.control };
    int theirs[3] = { -1, -1, -1 };
    char log[1100];
    enum hd_error error = HD_OK;
    int output;

    snprintf(log, sizeof log, "%s/qemu.log", directory);
    output = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    for (int i = 0; i < 3; i++)
        if (!error && socket_pair(ours[i], &theirs[i]) < 0)
            error = hd_fail(diag, HD_E_IO, "%s: %s", QEMU, strerror(errno));
    if (!error && output < 0)
        error = hd_fail(diag, HD_E_IO, "%s: %s", log, strerror(errno));
    if (!error)
        error = launch(directory, incoming, output, theirs, &machine.pid, diag);
    for (int i = 0; i < 3; i++)
        if (theirs[i] >= 0)
            close(theirs[i]);
    if (output >= 0)
        close(output);
    if (error)
        hd_machine_stop(&machine);
    else
        *ret_machine = machine;
    return error;
}

void hd_machine_stop(struct hd_machine *machine)
{
    int *const ours[] = { &machine->console, &machine->link, &machine->control };

    if (machine->pid > 0) {
        kill(machine->pid, SIGKILL);
        while (waitpid(machine->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    machine->pid = 0;
    for (int i = 0; i < 3; i++) {
        if (*ours[i] >= 0)
            close(*ours[i]);
        *ours[i] = -1;
    }
    hd_buf_free(&machine->text);
}

/* ---- Speaking -------------------------------------------------------------------------------- */

/* What there is on the console, without waiting.  False once it has closed. */
static bool read_console(struct hd_machine *machine)
{
    char bytes[4096];
    ssize_t got;

    while ((got = recv(machine->console, bytes, sizeof bytes, MSG_DONTWAIT)) > 0) {
        if (machine->text.length + (size_t)got <= HD_CONSOLE_BYTES_MAX)
            hd_buf_add(&machine->text, bytes, (size_t)got);
        for (ssize_t i = 0; machine->echo && i < got; i++)
            if ((bytes[i] >= ' ' && bytes[i] <= '~') || bytes[i] == '\n' || bytes[i] == '\t')
                putc(bytes[i], machine->echo);
    }
    if (machine->echo)
        fflush(machine->echo);
    return got < 0 && errno == EAGAIN;
}

void hd_machine_drain(struct hd_machine *machine)
{
    if (machine->console >= 0)
        (void)read_console(machine);
}

static enum hd_error gone(struct hd_machine *machine, struct hd_diag *diag)
{
    hd_machine_drain(machine);
    return hd_fail(diag, HD_E_IO, "the guest is gone: QEMU has ended");
}

/* Reads until a line has come from the agent.  Bytes behind it are lost: it speaks when asked. */
static enum hd_error read_line(struct hd_machine *machine, int milliseconds, struct hd_diag *diag)
{
    int64_t end = now_ms() + milliseconds;
    char bytes[1024];
    size_t used;

    for (;;) {
        struct pollfd wait[] = { { machine->link, POLLIN, 0 }, { machine->console, POLLIN, 0 } };
        int64_t left = end - now_ms();
        ssize_t got;

        if (left <= 0)
            return hd_fail(diag, HD_E_IO, "the guest has not answered in %d s",
                           milliseconds / 1000);
        if (poll(wait, 2, (int)left) < 0 && errno != EINTR)
            return hd_fail(diag, HD_E_IO, "poll: %s", strerror(errno));
        if (wait[1].revents && !read_console(machine))
            return gone(machine, diag);
        if (!(wait[0].revents & (POLLIN | POLLHUP)))
            continue;
        got = recv(machine->link, bytes, sizeof bytes, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            return gone(machine, diag);
        if (got > 0 && hd_serial_feed(&machine->serial, bytes, (size_t)got, &used))
            return HD_OK;
    }
}

enum hd_error hd_machine_ask(struct hd_machine *machine, int milliseconds, const char **ret_text,
                             struct hd_diag *diag, const char *format, ...)
{
    char line[1024];
    struct hd_diag why;
    va_list arguments;
    const char *text;
    enum hd_error error;
    int length;
    bool ok;

    va_start(arguments, format);
    length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof line - 1)
        return hd_fail(diag, HD_E_RANGE, "%.60s...: too long for the guest", line);
    line[length] = '\n';
    if (send(machine->link, line, (size_t)length + 1, MSG_NOSIGNAL) != length + 1)
        return gone(machine, diag);
    line[length] = '\0';
    error = read_line(machine, milliseconds, &why);
    if (error)
        return hd_fail(diag, error, "`%s`: %s", line, why.text);
    text = hd_serial_answer(machine->serial.line, &ok);
    if (!text || machine->serial.overlong)
        return hd_fail(diag, HD_E_IO, "`%s`: the guest answered `%.100s`", line,
                       machine->serial.line);
    hd_machine_drain(machine);
    if (!ok)
        return hd_fail(diag, HD_E_UNKNOWN, "`%s`: %s", line, text);
    if (ret_text)
        *ret_text = text;
    return HD_OK;
}

/* ---- From a snapshot, or from the beginning -------------------------------------------------- */

static enum hd_error boot(const char *directory, FILE *echo, struct hd_machine *ret_machine,
                          struct hd_diag *diag)
{
    struct hd_machine machine;
    struct hd_diag why;
    enum hd_error error = open_machine(directory, NULL, echo, &machine, diag);

    if (error)
        return error;
    error = read_line(&machine, HD_BOOT_MS, &why);
    if (!error && strcmp(machine.serial.line, "ready") != 0)
        error = hd_fail(&why, HD_E_IO, "the guest said `%.100s`", machine.serial.line);
    if (error) {
        size_t tail = machine.text.length > 200 ? machine.text.length - 200 : 0;

        hd_fail(diag, error, "booting: %s; its console ended with: %s", why.text,
                machine.text.text ? machine.text.text + tail : "");
        for (char *at = diag ? diag->text : NULL; at && *at; at++)
            *at = *at < ' ' || *at > '~' ? ' ' : *at;
        hd_machine_stop(&machine);
        return error;
    }
    *ret_machine = machine;
    return HD_OK;
}

enum hd_error hd_machine_start(const char *directory, FILE *echo, struct hd_machine *ret_machine,
                               struct hd_diag *diag)
{
    char name[64], incoming[96];
    struct hd_machine machine;
    enum hd_error error = hd_snapshot_name(QEMU, fixed_arguments, name, sizeof name, diag);

    if (error)
        return error;
    if (hd_snapshot_there(directory, name)) {
        snprintf(incoming, sizeof incoming, "exec:cat %s", name);
        error = open_machine(directory, incoming, echo, &machine, diag);
        if (error)
            return error;
        /* A snapshot that can't be read is no reason to fail: it is made again. */
        if (hd_snapshot_running(machine.control)
            && !hd_machine_ask(&machine, HD_ANSWER_MS, NULL, NULL, "hello")) {
            *ret_machine = machine;
            return HD_OK;
        }
        hd_machine_stop(&machine);
    }
    error = boot(directory, echo, &machine, diag);
    if (error)
        return error;
    error = hd_snapshot_save(machine.control, directory, name, diag);
    if (error)
        hd_machine_stop(&machine);
    else
        error = hd_machine_ask(&machine, HD_ANSWER_MS, NULL, diag, "hello");
    if (!error)
        *ret_machine = machine;
    return error;
}
