/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Claims that the command never crashes or hangs: whatever the command line, it ends within seconds
 * with one of its exit statuses, 0 to 5.
 *
 * A byte is a word of the table below, or HOSTILE bytes of its own up to the next 0; each argument
 * ends with a byte of 0.  The command runs in a directory of its own, which goes with the input; no
 * argument may lead out of it.  HEDDLE_CLI names the command; without it, `heddle` in the target's
 * own directory.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ARGUMENTS_MAX 24
#define BYTES_MAX     128 /* of an argument */
#define HOSTILE       0xff
#define SECONDS       10

/* By number, from 1. */
static const char *const words[] = {
    "list", "explore", "replay", "show", "case", "help", "minimise", "explain", "prove", "gate",
    "straddle", "--help", "--version", "--usage", "counter", "counter/marked", "two-locks",
    "lost-wakeup/check-then-sleep", "gfs2-jdata-write/old", "nonsense", "scenarios", "strategies",
    "oracles", "landmarks", "formats", "--strategy", "--runs", "--time", "--seed", "--jobs",
    "--find", "--keep-going", "--oracle", "--out", "-p", "--twice", "--quiet", "--backend",
    "--variant", "--all-variants", "--rebless", "--format", "--canonical", "--check",
    "--from-fuzz", "--to-fuzz", "--scenario", "random", "pct", "pos", "dfs", "portfolio", "fiber",
    "thread", "table", "steps", "json", "none", "all", "property", "memory,race", "old", "merged",
    "marked", "0", "1", "100", "-1", "1k", "5G", "99999999999999999999", "10ms", "0s", "1h", "=",
    "pos=0", "actors=3", "actors=99", "--", "-", "", ".", "case.sched", "bytes", "absent",
    "--depth", "--preemptions", "lost-update", "-o", "copied=4096 pos=1", "%s%n", "\x1b[31m",
};
#define WORDS (sizeof words / sizeof words[0])

/* Files that are there to be read. */
static const char case_text[] = "heddle case 1\nscenario  counter\nvariant   marked\n"
                                "run       actor[0]  for 1\nrun       actor[1]  until end\n"
                                "expect    marked    lost-update at no_update_is_lost\n";

/* libFuzzer gives a target no place to keep things between inputs. */
static char command[4096];
static char directory[] = "/tmp/heddle-fuzz-cli-XXXXXX"; /* of the input at hand */

static _Noreturn void complain(const char *what, int number, char **argv)
{
    fprintf(stderr, "fuzz_cli: %s %d:", what, number);
    for (; *argv; argv++)
        fprintf(stderr, " '%s'", *argv);
    fputc('\n', stderr);
    abort();
}

static void make_directory(void)
{
    static const char pattern[] = "XXXXXX";

    memcpy(directory + strlen(directory) - strlen(pattern), pattern, strlen(pattern));
    if (!mkdtemp(directory))
        abort();
}

static void remove_directory(void)
{
    DIR *dir = opendir(directory);
    struct dirent *entry;

    while (dir && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.' || strncmp(entry->d_name, ".heddle", 7) == 0)
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
    rmdir(directory);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const char *named = getenv("HEDDLE_CLI");
    const char *slash = strrchr((*argv)[0], '/');
    char *whole;

    (void)argc;
    if (named)
        snprintf(command, sizeof command, "%s", named);
    else
        snprintf(command, sizeof command, "%.*sheddle", slash ? (int)(slash + 1 - (*argv)[0]) : 0,
                 (*argv)[0]);
    whole = realpath(command, NULL); /* it is started from another directory */
    if (!whole || access(whole, X_OK)) {
        fprintf(stderr, "fuzz_cli: %s: %s\n", command, strerror(errno));
        exit(2);
    }
    snprintf(command, sizeof command, "%s", whole);
    free(whole);
    return 0;
}

/* One argument; returns how many bytes it took.  A '/' would lead somewhere else. */
static size_t next_argument(const uint8_t *data, size_t size, char argument[BYTES_MAX])
{
    size_t used = 0, length = 0;

    while (used < size && data[used]) {
        uint8_t byte = data[used++];

        if (byte == HOSTILE) {
            while (used < size && data[used]) {
                char next = (char)data[used++];

                if (length + 1 < BYTES_MAX)
                    argument[length++] = next == '/' ? '\\' : next;
            }
        } else {
            const char *word = words[(byte - 1u) % WORDS];

            while (*word && length + 1 < BYTES_MAX)
                argument[length++] = *word++;
        }
    }
    argument[length] = '\0';
    return used + (used < size); /* and the 0 behind it */
}

static void put_file(const char *name, const void *bytes, size_t size)
{
    char path[sizeof directory + 32];
    int fd;

    snprintf(path, sizeof path, "%s/%s", directory, name);
    fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
        abort();
    close(fd);
}

/* A search without an end of its own is given one; whoever asks for an hour gets it not. */
static int is_search(char **argv)
{
    return argv[1] && (strcmp(argv[1], "explore") == 0 || strcmp(argv[1], "prove") == 0);
}

static int wait_for(pid_t child, char **argv)
{
    static const struct timespec pause = { .tv_nsec = 1000000 };
    int status = 0;

    for (unsigned waits = 0; waits < SECONDS * 1000; waits++) {
        if (waitpid(child, &status, WNOHANG) == child)
            return status;
        nanosleep(&pause, NULL);
    }
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    complain("still running after seconds:", SECONDS, argv);
}

static void run(char **argv)
{
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, directory);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (posix_spawn(&child, command, &actions, NULL, argv, environ))
        abort();
    posix_spawn_file_actions_destroy(&actions);
    status = wait_for(child, argv);
    if (WIFSIGNALED(status))
        complain("killed by signal", WTERMSIG(status), argv);
    if (WEXITSTATUS(status) > 5)
        complain("exit status", WEXITSTATUS(status), argv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char runs[] = "--runs", few[] = "50", time_[] = "--time", soon[] = "50ms";
    char storage[ARGUMENTS_MAX][BYTES_MAX];
    char *argv[ARGUMENTS_MAX + 6] = { command };
    int argc = 1;

    make_directory();
    put_file("case.sched", case_text, sizeof case_text - 1);
    put_file("bytes", data, size);
    for (size_t at = 0; at < size && argc <= ARGUMENTS_MAX; argc++) {
        at += next_argument(data + at, size - at, storage[argc - 1]);
        argv[argc] = storage[argc - 1];
    }
    if (is_search(argv)) {
        argv[argc++] = time_;
        argv[argc++] = soon;
        if (strcmp(argv[1], "explore") == 0) {
            argv[argc++] = runs;
            argv[argc++] = few;
        }
    }
    argv[argc] = NULL;
    run(argv);
    remove_directory();
    return 0;
}
