/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/console.h"

#include <stdio.h>
#include <string.h>

/* What a headline contains.  A WARNING is none: the kernel goes on, and so does the replay. */
static const char *const headlines[] = {
    "kernel BUG at ",   "BUG: ",          "general protection fault", "Oops: ",
    "Kernel panic - ", "Unable to handle", ": fatal: ",
};

/* One line of the console, behind its time stamp. */
struct line {
    const char *text;
    size_t length;
};

/* The line that begins at *at, which then stands behind it. */
static struct line next_line(const char *console, size_t length, size_t *at)
{
    const char *start = console + *at;
    const char *newline = memchr(start, '\n', length - *at);
    struct line line = { start, newline ? (size_t)(newline - start) : length - *at };

    *at += line.length + (newline ? 1 : 0);
    if (line.length > 0 && line.text[line.length - 1] == '\r')
        line.length--;
    if (line.length > 0 && line.text[0] == '[') {
        const char *close = memchr(line.text, ']', line.length);

        if (close && close + 1 < line.text + line.length && close[1] == ' ') {
            line.length -= (size_t)(close + 2 - line.text);
            line.text = close + 2;
        }
    }
    return line;
}

static const char *find(struct line line, const char *word)
{
    return memmem(line.text, line.length, word, strlen(word));
}

static bool is_headline(struct line line)
{
    for (size_t i = 0; i < sizeof headlines / sizeof *headlines; i++)
        if (find(line, headlines[i]))
            return true;
    return false;
}

/* Printable, cut where it is too long. */
static void copy(struct line from, char *text, size_t bytes)
{
    size_t length = from.length < bytes - 1 ? from.length : bytes - 1;

    for (size_t i = 0; i < length; i++)
        text[i] = from.text[i] >= ' ' && from.text[i] <= '~' ? from.text[i] : '?';
    text[length] = '\0';
}

/* "gfs2_iomap_page_done+0x65/0x90 [gfs2]": up to the plus sign. */
static struct line function_in(struct line line, const char *begin)
{
    struct line name = { begin, 0 };

    while (begin + name.length < line.text + line.length && begin[name.length] != '+'
           && begin[name.length] != ' ')
        name.length++;
    return name;
}

static void add_to_stack(struct hd_oops *oops, struct line line)
{
    size_t length = strlen(oops->stack);
    char name[64];

    if (line.length < 2 || line.text[0] != ' ' || line.text[1] == '?' || line.text[1] == '<')
        return;
    copy(function_in(line, line.text + 1), name, sizeof name);
    if (length + strlen(name) + 4 < sizeof oops->stack)
        snprintf(oops->stack + length, sizeof oops->stack - length, "%s%s", length ? " < " : "",
                 name);
}

/* Everything behind the headline, to the end of the oops. */
static void read_body(const char *console, size_t length, size_t at, struct hd_oops *oops)
{
    static const char rip[] = "RIP: 0010:";
    bool in_trace = false, done = false;

    while (at < length) {
        struct line line = next_line(console, length, &at);
        const char *where = find(line, rip);

        if (where && !oops->function[0])
            copy(function_in(line, where + sizeof rip - 1), oops->function, sizeof oops->function);
        if (find(line, "</TASK>"))
            in_trace = false, done = true;
        if (in_trace)
            add_to_stack(oops, line);
        if (find(line, "Call Trace:"))
            in_trace = !done;
        oops->end = at;
        if (find(line, "---[ end"))
            return;
    }
}

bool hd_console_oops(const char *console, size_t length, struct hd_oops *ret_oops)
{
    size_t at = 0;

    while (at < length) {
        struct hd_oops oops = { .begin = at };
        struct line line = next_line(console, length, &at);

        if (!is_headline(line))
            continue;
        copy(line, oops.headline, sizeof oops.headline);
        oops.end = at;
        read_body(console, length, at, &oops);
        *ret_oops = oops;
        return true;
    }
    return false;
}
