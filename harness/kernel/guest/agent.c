/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The guest's side of a replay: obeys one line at a time from the host, and answers each.
 *
 *     VERB ARGUMENTS      answered by      ok TEXT    or    error TEXT
 *
 *   hello                        the kernel's release
 *   find FUNCTION                error if it can't be held
 *   watch FILE POS DEVICE        remembers a page and its block, for `page` and `disk`
 *   page / disk                  the page's flags / what its block holds
 *   actor NAME OPERATION FILE POS LEN     a process that has prepared OPERATION
 *   arm NAME SKIP FUNCTION       NAME is to be held there
 *   vanish                       the source of `pwrite-mapped` leaves the page tables
 *   run NAME MS                  starts it, or releases it; then as `wait`
 *   wait NAME MS                 until one of:
 *        held FUNCTION           stands there, asleep in our module
 *        refused FUNCTION        came there, but could not have slept
 *        ended RESULT            the operation's, or -errno
 *        died SIGNAL             its process was killed, most likely by the kernel
 *        asleep LETTER STACK     uninterruptibly, and has not been switched to for ASLEEP_MS
 *        busy LETTER STACK       MS are over, and none of these
 */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define ACTORS_MAX 16
#define NAME_BYTES 32
#define TEXT_BYTES 2048
#define NAP_MS     2 /* and what a switch takes: times are at least what they say */
#define ASLEEP_MS  250
#define WORD_BYTES 16
#define FUNCTION_BYTES 100
#define HOLD_FILE  "/proc/heddle_hold"

struct shared {
    volatile int ready, ended;
    volatile long result;
};

static struct actor {
    char name[NAME_BYTES];
    pid_t pid;
    int start; /* one byte written here starts it; -1 once it has been */
    struct shared *shared;
} actors[ACTORS_MAX];
static size_t actor_count;

static struct actor *actor_find(const char *name)
{
    for (size_t i = 0; i < actor_count; i++)
        if (strcmp(actors[i].name, name) == 0)
            return &actors[i];
    return NULL;
}

static void nap(void)
{
    usleep(1000 * NAP_MS);
}

/* The actor's process. */
static _Noreturn void act(const struct operation *operation, struct shared *shared, int start)
{
    long result = operation->prepare ? operation->prepare() : 0;
    char byte;

    if (result >= 0) {
        shared->ready = 1;
        if (read(start, &byte, 1) == 1)
            result = operation->run();
    }
    shared->result = result;
    shared->ended = 1;
    _exit(0);
}

static int actor_start(const char *name, const struct operation *operation, pid_t *ret_pid)
{
    struct actor *actor = &actors[actor_count];
    int ends[2];

    if (actor_count == ACTORS_MAX || actor_find(name))
        return -ENOSPC;
    actor->shared = mmap(NULL, sizeof *actor->shared, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (actor->shared == MAP_FAILED || pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    actor->pid = fork();
    if (actor->pid < 0)
        return -errno;
    if (actor->pid == 0) {
        close(ends[1]);
        act(operation, actor->shared, ends[0]);
    }
    close(ends[0]);
    snprintf(actor->name, sizeof actor->name, "%s", name);
    actor->start = ends[1];
    actor_count++;
    while (!actor->shared->ready && !actor->shared->ended)
        nap();
    *ret_pid = actor->pid;
    return actor->shared->ended ? (int)actor->shared->result : 0;
}

/* The state of pid's newest hold, as our module gives it; false if it has none. */
static bool hold_of(pid_t pid, char *ret_state, char *ret_function)
{
    char text[TEXT_BYTES], state[WORD_BYTES], function[FUNCTION_BYTES];
    bool found = false;
    int owner, used;

    if (read_text(HOLD_FILE, text, sizeof text) < 0)
        return false;
    for (char *at = text; sscanf(at, "%d %15s %99s\n%n", &owner, state, function, &used) == 3;
         at += used)
        if (owner == pid && strcmp(state, "released") != 0 && strcmp(state, "armed") != 0) {
            snprintf(ret_state, WORD_BYTES, "%s", state);
            snprintf(ret_function, FUNCTION_BYTES, "%s", function);
            found = true;
        }
    return found;
}

/* Has it come to one of the states that a wait is for?  Its words are in text then. */
static bool settled(const struct actor *actor, char *text, size_t bytes)
{
    char state[WORD_BYTES], function[FUNCTION_BYTES];
    int status;

    if (actor->shared->ended) {
        snprintf(text, bytes, "ended %ld", actor->shared->result);
        return true;
    }
    if (waitpid(actor->pid, &status, WNOHANG) == actor->pid) {
        snprintf(text, bytes, "died %d", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
        return true;
    }
    if (hold_of(actor->pid, state, function)
        && (strcmp(state, "held") == 0 || strcmp(state, "refused") == 0)) {
        snprintf(text, bytes, "%s %s", state, function);
        return true;
    }
    return false;
}

/* The wait of `run` and `wait`.  text is what follows "ok". */
static void wait_for(const struct actor *actor, long milliseconds, char *text, size_t bytes)
{
    char stack[TEXT_BYTES - 64] = "";
    unsigned long switches = 0, before = 0;
    char letter = 'R';
    int still = 0; /* milliseconds in an uninterruptible sleep, without a switch */

    for (long waited = 0; waited < milliseconds; waited += NAP_MS) {
        if (settled(actor, text, bytes))
            return;
        if (task_state(actor->pid, &letter, &switches) < 0)
            letter = 'R';
        still = letter == 'D' && switches == before ? still + NAP_MS : 0;
        before = switches;
        if (still >= ASLEEP_MS)
            break;
        nap();
    }
    kernel_stack(actor->pid, stack, sizeof stack);
    snprintf(text, bytes, "%s %c %s", still >= ASLEEP_MS ? "asleep" : "busy", letter, stack);
}

static int set_going(struct actor *actor)
{
    char state[WORD_BYTES], function[FUNCTION_BYTES], line[40];

    if (actor->start >= 0) {
        ssize_t put = write(actor->start, "g", 1);

        close(actor->start);
        actor->start = -1;
        return put == 1 ? 0 : -EPIPE;
    }
    if (!hold_of(actor->pid, state, function) || strcmp(state, "held") != 0)
        return 0; /* it goes on by itself, or has ended */
    snprintf(line, sizeof line, "release %d", (int)actor->pid);
    return write_text(HOLD_FILE, line);
}

/* ---- Verbs: 0 with the answer in text, or -errno --------------------------------------------- */

static int do_hello(char *arguments, char *text, size_t bytes)
{
    struct utsname name;

    (void)arguments;
    if (uname(&name) < 0)
        return -errno;
    snprintf(text, bytes, "%s", name.release);
    return 0;
}

static int do_find(char *arguments, char *text, size_t bytes)
{
    char line[128];

    (void)text;
    (void)bytes;
    snprintf(line, sizeof line, "find %s", arguments);
    return write_text(HOLD_FILE, line);
}

static int do_watch(char *arguments, char *text, size_t bytes)
{
    char file[128], device[64];
    long long pos;

    (void)text;
    (void)bytes;
    if (sscanf(arguments, "%127s %lld %63s", file, &pos, device) != 3)
        return -EINVAL;
    return watch(file, (off_t)pos, device);
}

static int do_page(char *arguments, char *text, size_t bytes)
{
    (void)arguments;
    return page_state(text, bytes);
}

static int do_disk(char *arguments, char *text, size_t bytes)
{
    (void)arguments;
    return disk_state(text, bytes);
}

static int do_actor(char *arguments, char *text, size_t bytes)
{
    static char file[128], rest[512];
    char name[NAME_BYTES], verb[NAME_BYTES];
    const struct operation *operation;
    long long pos = 0;
    pid_t pid = 0;
    int used = 0, error;

    if (sscanf(arguments, "%31s %31s %n", name, verb, &used) != 2)
        return -EINVAL;
    operation = operation_find(verb);
    if (!operation)
        return -ENOSYS;
    snprintf(rest, sizeof rest, "%s", arguments + used);
    operands = (struct operands){ .file = file, .rest = rest };
    if (sscanf(rest, "%127s %lld %zu", file, &pos, &operands.len) == 3)
        operands.pos = (off_t)pos;
    error = actor_start(name, operation, &pid);
    snprintf(text, bytes, "%d", (int)pid);
    return error;
}

static int do_arm(char *arguments, char *text, size_t bytes)
{
    char name[NAME_BYTES], function[FUNCTION_BYTES], line[160];
    const struct actor *actor;
    unsigned skip;

    (void)text;
    (void)bytes;
    if (sscanf(arguments, "%31s %u %99s", name, &skip, function) != 3)
        return -EINVAL;
    actor = actor_find(name);
    if (!actor)
        return -ESRCH;
    snprintf(line, sizeof line, "arm %d %u %s", (int)actor->pid, skip, function);
    return write_text(HOLD_FILE, line);
}

static int do_vanish(char *arguments, char *text, size_t bytes)
{
    (void)arguments;
    (void)text;
    (void)bytes;
    return source_vanish();
}

static int wait_verb(char *arguments, bool run, char *text, size_t bytes)
{
    char name[NAME_BYTES];
    struct actor *actor;
    long milliseconds;
    int error = 0;

    if (sscanf(arguments, "%31s %ld", name, &milliseconds) != 2)
        return -EINVAL;
    actor = actor_find(name);
    if (!actor)
        return -ESRCH;
    if (run)
        error = set_going(actor);
    if (!error)
        wait_for(actor, milliseconds, text, bytes);
    return error;
}

static int do_run(char *arguments, char *text, size_t bytes)
{
    return wait_verb(arguments, true, text, bytes);
}

static int do_wait(char *arguments, char *text, size_t bytes)
{
    return wait_verb(arguments, false, text, bytes);
}

static const struct {
    const char *name;
    int (*obey)(char *arguments, char *text, size_t bytes);
} verbs[] = {
    { "hello", do_hello }, { "find", do_find },     { "watch", do_watch },
    { "page", do_page },   { "disk", do_disk },     { "actor", do_actor },
    { "arm", do_arm },     { "vanish", do_vanish }, { "run", do_run },
    { "wait", do_wait },
};

static void obey(char *line, FILE *out)
{
    char text[TEXT_BYTES] = "";
    char *arguments = line + strcspn(line, " \n");
    int error = -ENOSYS;

    arguments[strcspn(arguments, "\n")] = '\0';
    if (*arguments)
        *arguments++ = '\0';
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verbs[i].name, line) == 0)
            error = verbs[i].obey(arguments, text, sizeof text);
    if (error)
        fprintf(out, "error %s\n", strerror(-error));
    else
        fprintf(out, "ok %s\n", text);
    fflush(out);
}

/* agent DEVICE: the serial line to the host. */
int main(int argc, char **argv)
{
    char line[1024];
    struct termios mode;
    FILE *in, *out;
    int fd = argc == 2 ? open(argv[1], O_RDWR | O_NOCTTY | O_CLOEXEC) : -1;

    if (fd < 0 || tcgetattr(fd, &mode) < 0 || source_create() < 0) {
        perror("agent");
        return 1;
    }
    cfmakeraw(&mode);
    tcsetattr(fd, TCSANOW, &mode);
    in = fdopen(fd, "r");
    out = fdopen(dup(fd), "w");
    if (!in || !out) {
        perror("agent");
        return 1;
    }
    fprintf(out, "ready\n");
    fflush(out);
    while (fgets(line, sizeof line, in))
        obey(line, out);
    return 0;
}
