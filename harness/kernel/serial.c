/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/serial.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool hd_serial_feed(struct hd_serial *serial, const char *bytes, size_t count, size_t *used)
{
    size_t at = 0;

    while (at < count) {
        char byte = bytes[at++];

        if (byte == '\n') {
            serial->line[serial->length] = '\0';
            serial->length = 0;
            *used = at;
            return true;
        }
        if (serial->length == 0)
            serial->overlong = false;
        if (byte == '\r')
            continue;
        if (serial->length == HD_SERIAL_LINE_MAX - 1)
            serial->overlong = true;
        else
            serial->line[serial->length++] = byte >= ' ' && byte <= '~' ? byte : '?';
    }
    *used = at;
    return false;
}

const char *hd_serial_answer(const char *line, bool *ret_ok)
{
    static const char ok[] = "ok ", error[] = "error ";

    if (strncmp(line, ok, sizeof ok - 1) == 0) {
        *ret_ok = true;
        return line + sizeof ok - 1;
    }
    if (strncmp(line, error, sizeof error - 1) == 0) {
        *ret_ok = false;
        return line + sizeof error - 1;
    }
    return NULL;
}

static bool number(const char *text, long *ret_number)
{
    char *end;
    long value;

    errno = 0;
    value = strtol(text, &end, 10);
    if (errno || end == text || *end)
        return false;
    *ret_number = value;
    return true;
}

/* "D inner < outer": behind the letter of the task's state. */
static bool stack(const char *text, struct hd_guest_wait *wait)
{
    if (text[0] < 'A' || text[0] > 'Z' || text[1] != ' ')
        return false;
    snprintf(wait->where, sizeof wait->where, "%s", text + 2);
    return true;
}

bool hd_serial_wait(const char *text, struct hd_guest_wait *ret_wait)
{
    static const char *const words[] = {
        [HD_GUEST_HELD] = "held ",   [HD_GUEST_REFUSED] = "refused ", [HD_GUEST_ENDED] = "ended ",
        [HD_GUEST_DIED] = "died ",   [HD_GUEST_ASLEEP] = "asleep ",   [HD_GUEST_BUSY] = "busy ",
    };
    struct hd_guest_wait wait = { 0 };
    size_t state = 0;
    bool well = false;

    while (state <= HD_GUEST_BUSY && strncmp(text, words[state], strlen(words[state])) != 0)
        state++;
    if (state > HD_GUEST_BUSY)
        return false;
    text += strlen(words[state]);
    wait.state = (enum hd_guest_state)state;
    switch (wait.state) {
    case HD_GUEST_HELD:
    case HD_GUEST_REFUSED:
        well = *text && !strchr(text, ' ') && strlen(text) < sizeof wait.where;
        snprintf(wait.where, sizeof wait.where, "%s", text);
        break;
    case HD_GUEST_ENDED:
    case HD_GUEST_DIED:
        well = number(text, &wait.result);
        break;
    case HD_GUEST_ASLEEP:
    case HD_GUEST_BUSY:
        well = stack(text, &wait);
        break;
    }
    if (well)
        *ret_wait = wait;
    return well;
}
