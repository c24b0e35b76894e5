/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/snapshot.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/alloc.h"
#include "kernel/cache.h"
#include "kernel/process.h"

#define SAVE_TRIES 600 /* of POLL_MS */
#define POLL_MS    200
#define LINE_MAX_BYTES 16384

enum hd_error hd_snapshot_name(const char *qemu, const char *const *arguments, char *ret_name,
                               size_t bytes, struct hd_diag *diag)
{
    const char *const ask[] = { qemu, "--version", NULL };
    XXH3_state_t *state = XXH3_createState();
    char *version = NULL;
    enum hd_error error = hd_process_read(ask, NULL, 4096, &version, diag);

    if (!error && !state)
        error = hd_fail(diag, HD_E_NOMEM, "out of memory");
    if (!error) {
        XXH3_64bits_reset(state);
        XXH3_64bits_update(state, version, strlen(version));
        for (; *arguments; arguments++)
            XXH3_64bits_update(state, *arguments, strlen(*arguments) + 1);
        snprintf(ret_name, bytes, "snapshot-%016llx",
                 (unsigned long long)XXH3_64bits_digest(state));
    }
    XXH3_freeState(state);
    hd_dealloc(version);
    return error;
}

bool hd_snapshot_there(const char *directory, const char *name)
{
    char path[HD_PATH_BYTES];

    snprintf(path, sizeof path, "%s/%s", directory, name);
    return access(path, R_OK) == 0;
}

/* One line of QEMU's, as JSON; NULL if none comes in ten seconds, or it is none. */
static json_t *read_answer(int control)
{
    static const int patience_ms = 10000;
    char line[LINE_MAX_BYTES];
    size_t length = 0;
    struct pollfd wait = { control, POLLIN, 0 };

    while (length < sizeof line) {
        if (poll(&wait, 1, patience_ms) <= 0 || recv(control, line + length, 1, 0) != 1)
            return NULL;
        if (line[length++] == '\n')
            return json_loadb(line, length, 0, NULL);
    }
    return NULL;
}

/* Sends a command and skips what is no answer to it (the greeting, events).  To be released. */
static json_t *command(int control, const char *text)
{
    size_t length = strlen(text);
    json_t *answer;

    if (send(control, text, length, MSG_NOSIGNAL) != (ssize_t)length)
        return NULL;
    while ((answer = read_answer(control)) != NULL) {
        if (json_object_get(answer, "return") || json_object_get(answer, "error"))
            return answer;
        json_decref(answer);
    }
    return NULL;
}

/* As command(), where only success matters. */
static bool order(int control, const char *text)
{
    json_t *answer = command(control, text);
    bool done = json_object_get(answer, "return") != NULL;

    json_decref(answer);
    return done;
}

/* Waits for the end of a migration; true if it is complete. */
static bool migrated(int control)
{
    for (int i = 0; i < SAVE_TRIES; i++) {
        json_t *answer = command(control, "{\"execute\":\"query-migrate\"}\n");
        json_t *status = json_object_get(json_object_get(answer, "return"), "status");
        const char *word = json_string_value(status);
        bool over = !word || strcmp(word, "completed") == 0 || strcmp(word, "failed") == 0;
        bool complete = word && strcmp(word, "completed") == 0;

        json_decref(answer);
        if (over)
            return complete;
        poll(NULL, 0, POLL_MS);
    }
    return false;
}

bool hd_snapshot_running(int control)
{
    if (!order(control, "{\"execute\":\"qmp_capabilities\"}\n"))
        return false;
    for (int i = 0; i < SAVE_TRIES; i++) {
        json_t *answer = command(control, "{\"execute\":\"query-status\"}\n");
        json_t *running = json_object_get(json_object_get(answer, "return"), "running");
        bool over = !running || json_is_true(running);
        bool runs = json_is_true(running);

        json_decref(answer);
        if (over)
            return runs;
        poll(NULL, 0, POLL_MS / 10);
    }
    return false;
}

enum hd_error hd_snapshot_save(int control, const char *directory, const char *name,
                               struct hd_diag *diag)
{
    char part[HD_PATH_BYTES], path[HD_PATH_BYTES], order_text[256];
    bool saved;

    snprintf(path, sizeof path, "%s/%s", directory, name);
    snprintf(part, sizeof part, "%s/%s.part", directory, name);
    snprintf(order_text, sizeof order_text,
             "{\"execute\":\"migrate\",\"arguments\":{\"uri\":\"exec:cat > %s.part\"}}\n",
             name);
    saved = order(control, "{\"execute\":\"qmp_capabilities\"}\n") && order(control, order_text)
            && migrated(control) && order(control, "{\"execute\":\"cont\"}\n")
            && rename(part, path) == 0;
    if (saved)
        return HD_OK;
    unlink(part);
    return hd_fail(diag, HD_E_IO, "%s: the machine's state can't be saved; is the disk full?",
                   path);
}
