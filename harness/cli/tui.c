/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * heddle tui: steps through a case in a terminal.  What it shows is made in report/screen.c; here
 * are the keys, and a terminal that is left as it was found, whatever ends the program.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/load.h"
#include "gate/run.h"
#include "report/screen.h"
#include "report/text.h"

#define FIND_BYTES 64
#define ESCAPE     27
#define BOTTOM     "j k step  s switch  p preemption  w wrong  / search  ? keys  q end"

/* The other alternative is the main screen, which stays as it was. */
static const char enter[] = "\033[?1049h\033[?25l";
static const char leave[] = "\033[?25h\033[?1049l";

struct tui {
    const char *path, *scenario;
    const struct hd_story *story;
    struct hd_screen screen;
    char find[FIND_BYTES];
    bool asking; /* for what to search */
    bool done;
    int signals;   /* a signalfd */
    int ended_by;  /* a signal, or 0 */
    struct termios before;
    sigset_t mask_before;
    struct hd_diag diag;
};

enum { KEY_UP = 256, KEY_DOWN, KEY_HOME, KEY_END, KEY_PAGE_UP, KEY_PAGE_DOWN };

/* ---- The terminal --------------------------------------------------------------------------- */

static bool put_all(const char *text, size_t length)
{
    while (length > 0) {
        ssize_t put = write(STDOUT_FILENO, text, length);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        text += put;
        length -= (size_t)put;
    }
    return true;
}

static bool open_terminal(struct tui *tui)
{
    struct termios raw;
    sigset_t caught;

    if (tcgetattr(STDIN_FILENO, &tui->before))
        return false;
    sigemptyset(&caught);
    sigaddset(&caught, SIGINT);
    sigaddset(&caught, SIGTERM);
    sigaddset(&caught, SIGHUP);
    sigaddset(&caught, SIGQUIT);
    sigaddset(&caught, SIGWINCH);
    sigprocmask(SIG_BLOCK, &caught, &tui->mask_before);
    tui->signals = signalfd(-1, &caught, SFD_CLOEXEC);
    raw = tui->before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VSUSP] = _POSIX_VDISABLE; /* a stopped one would leave the terminal as it is */
    return tui->signals >= 0 && tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0 &&
           put_all(enter, sizeof enter - 1);
}

static void close_terminal(struct tui *tui)
{
    (void)put_all(leave, sizeof leave - 1);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &tui->before);
    if (tui->signals >= 0)
        close(tui->signals);
    sigprocmask(SIG_SETMASK, &tui->mask_before, NULL);
    if (tui->ended_by) /* now that all is as it was, as if it had not been caught */
        raise(tui->ended_by);
}

static void measure(struct tui *tui)
{
    struct winsize size = { 0 };

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row || !size.ws_col)
        size = (struct winsize){ .ws_row = 24, .ws_col = 80 };
    tui->screen.rows = size.ws_row < HD_SCREEN_ROWS_MIN ? HD_SCREEN_ROWS_MIN : size.ws_row;
    tui->screen.columns =
        size.ws_col < HD_SCREEN_COLUMNS_MIN ? HD_SCREEN_COLUMNS_MIN : size.ws_col;
}

static bool draw(struct tui *tui)
{
    struct hd_buf buf = { 0 };
    char bottom[FIND_BYTES + 16];
    bool drawn;

    snprintf(bottom, sizeof bottom, "search: %s_", tui->find);
    if (tui->asking)
        tui->screen.bottom = bottom;
    hd_buf_addf(&buf, "\033[H");
    hd_screen_draw(tui->story, &tui->screen, &buf);
    tui->screen.bottom = BOTTOM;
    drawn = !buf.failed && put_all(buf.text, buf.length);
    hd_buf_free(&buf);
    return drawn;
}

/* ---- Going about ---------------------------------------------------------------------------- */

static bool is_step(const struct tui *tui, uint32_t row)
{
    return tui->story->rows[row].kind != HD_ROW_CALL;
}

static bool is_switch(const struct tui *tui, uint32_t row)
{
    return tui->story->rows[row].switched;
}

static bool is_preemption(const struct tui *tui, uint32_t row)
{
    return tui->story->rows[row].preempts;
}

static bool is_wrong(const struct tui *tui, uint32_t row)
{
    return tui->story->rows[row].wrong;
}

static bool is_found(const struct tui *tui, uint32_t row)
{
    const struct hd_story_row *told = &tui->story->rows[row];
    struct hd_buf text = { 0 };
    bool found;

    if (!*tui->find)
        return false;
    hd_text_row(tui->story, told, &text);
    hd_buf_addf(&text, " %s %s", hd_row_function(told),
                hd_story_actor_name(tui->story, told->actor));
    found = !text.failed && strcasestr(text.text, tui->find);
    hd_buf_free(&text);
    return found;
}

/* To the next row that is so, in that direction; stays if there is none. */
static void seek(struct tui *tui, int direction, bool (*is_it)(const struct tui *, uint32_t))
{
    int64_t row = tui->screen.row, count = tui->story->row_count;

    for (row += direction; row >= 0 && row < count; row += direction)
        if (is_it(tui, (uint32_t)row)) {
            tui->screen.row = (uint32_t)row;
            return;
        }
}

static void go_to_wrong(struct tui *tui)
{
    seek(tui, 1, is_wrong);
    if (!is_wrong(tui, tui->screen.row))
        seek(tui, -1, is_wrong);
}

static void move(struct tui *tui, int64_t by)
{
    int64_t row = (int64_t)tui->screen.row + by, last = (int64_t)tui->story->row_count - 1;

    tui->screen.row = (uint32_t)(row < 0 ? 0 : row > last ? last : row);
}

/* ---- Keys ----------------------------------------------------------------------------------- */

static void ask(struct tui *tui, int key)
{
    size_t length = strlen(tui->find);

    if (key == '\n' || key == '\r') {
        tui->asking = false;
        seek(tui, 1, is_found);
    } else if (key == ESCAPE) {
        tui->asking = false;
    } else if ((key == 127 || key == 8) && length > 0) {
        tui->find[length - 1] = '\0';
    } else if (key >= ' ' && key <= '~' && length + 1 < sizeof tui->find) {
        tui->find[length] = (char)key;
        tui->find[length + 1] = '\0';
    }
}

static void act(struct tui *tui, int key)
{
    static const struct {
        int key, direction;
        bool (*is_it)(const struct tui *, uint32_t);
    } seeks[] = {
        { 'j', 1, is_step },       { KEY_DOWN, 1, is_step }, { 'k', -1, is_step },
        { KEY_UP, -1, is_step },   { 's', 1, is_switch },    { 'S', -1, is_switch },
        { 'p', 1, is_preemption }, { 'P', -1, is_preemption }, { 'n', 1, is_found },
        { 'N', -1, is_found },
    };
    int64_t page = tui->screen.rows / 2;

    tui->screen.help = key == '?' && !tui->screen.help;
    for (size_t i = 0; i < sizeof seeks / sizeof seeks[0]; i++)
        if (seeks[i].key == key)
            seek(tui, seeks[i].direction, seeks[i].is_it);
    if (key == 'w')
        go_to_wrong(tui);
    else if (key == ' ' || key == KEY_PAGE_DOWN)
        move(tui, page);
    else if (key == 'b' || key == KEY_PAGE_UP)
        move(tui, -page);
    else if (key == 'g' || key == KEY_HOME)
        tui->screen.row = 0;
    else if (key == 'G' || key == KEY_END)
        tui->screen.row = tui->story->row_count - 1;
    else if (key == '/') {
        tui->asking = true;
        tui->find[0] = '\0';
    } else if (key == 'q')
        tui->done = true;
}

/* The key at text, of `length` bytes; returns how many bytes it has. */
static size_t decode(const char *text, size_t length, int *ret_key)
{
    static const struct {
        const char *sequence;
        int key;
    } sequences[] = {
        { "\033[A", KEY_UP },    { "\033[B", KEY_DOWN },     { "\033[H", KEY_HOME },
        { "\033[F", KEY_END },   { "\033[1~", KEY_HOME },    { "\033[4~", KEY_END },
        { "\033[5~", KEY_PAGE_UP }, { "\033[6~", KEY_PAGE_DOWN },
    };

    for (size_t i = 0; i < sizeof sequences / sizeof sequences[0]; i++) {
        size_t bytes = strlen(sequences[i].sequence);

        if (length >= bytes && memcmp(text, sequences[i].sequence, bytes) == 0) {
            *ret_key = sequences[i].key;
            return bytes;
        }
    }
    *ret_key = (unsigned char)*text;
    return 1;
}

static void read_keys(struct tui *tui)
{
    char text[64];
    ssize_t got = read(STDIN_FILENO, text, sizeof text);

    if (got <= 0)
        tui->done = true; /* the terminal is gone */
    for (size_t at = 0; got > 0 && at < (size_t)got && !tui->done;) {
        int key;

        at += decode(text + at, (size_t)got - at, &key);
        if (tui->asking)
            ask(tui, key);
        else
            act(tui, key);
    }
}

static void read_signal(struct tui *tui)
{
    struct signalfd_siginfo info;

    if (read(tui->signals, &info, sizeof info) != (ssize_t)sizeof info)
        return;
    if (info.ssi_signo != SIGWINCH) {
        tui->ended_by = (int)info.ssi_signo;
        tui->done = true;
    }
}

static enum hd_error go_about(struct tui *tui)
{
    bool works = open_terminal(tui);

    go_to_wrong(tui);
    while (works && !tui->done) {
        struct pollfd polled[] = { { .fd = STDIN_FILENO, .events = POLLIN },
                                   { .fd = tui->signals, .events = POLLIN } };

        measure(tui);
        works = draw(tui);
        if (!works || poll(polled, 2, -1) < 0)
            continue;
        if (polled[1].revents)
            read_signal(tui);
        else if (polled[0].revents)
            read_keys(tui);
    }
    close_terminal(tui);
    return works ? HD_OK : hd_fail(&tui->diag, HD_E_IO, "the terminal: %s", strerror(errno));
}

/* ---- The command ---------------------------------------------------------------------------- */

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct tui *tui = state->input;

    switch (key) {
    case 's':
        tui->scenario = text;
        return 0;
    case ARGP_KEY_ARG:
        if (tui->path)
            return hd_cli_refuse(hd_fail(&tui->diag, HD_E_MALFORMED,
                                         "one case at a time; '%.60s' is a second", text));
        tui->path = text;
        return 0;
    case ARGP_KEY_END:
        if (!tui->path)
            return hd_cli_refuse(hd_fail(&tui->diag, HD_E_MALFORMED, "a case file is needed"));
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    { "scenario", 's', "NAME[/VARIANT]", 0, "FILE is a raw fuzz artifact of this", 0 },
    { 0 },
};

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "FILE",
    .doc = "Steps through a case in the terminal: lanes, state, and what each actor waits for.  ? "
           "shows the keys.",
};

static enum hd_error show(struct tui *tui, struct hd_case *the_case)
{
    struct hd_run_options run_options = { .oracles = 0 };
    struct hd_run run = { 0 };
    struct hd_story story = { .row_count = 0 };
    enum hd_error error =
        hd_run_case(the_case, the_case->setting.variant, &run_options, &run, &tui->diag);

    if (!error) {
        struct hd_report report = { .engine = run.engine, .execution = &run.execution,
                                    .the_case = the_case };

        error = hd_story_build(&report, &story);
        if (error)
            hd_fail(&tui->diag, error, "the report: %s", hd_error_text(error));
        else if (story.row_count == 0)
            error = hd_fail(&tui->diag, HD_E_RANGE, "%s: it takes no step", tui->path);
    }
    tui->story = &story;
    if (!error)
        error = go_about(tui);
    hd_story_free(&story);
    hd_run_free(&run);
    return error;
}

enum hd_exit hd_cmd_tui(int argc, char **argv)
{
    const char *no_colour = getenv("NO_COLOR");
    struct tui tui = { .signals = -1,
                       .screen = { .bottom = BOTTOM, .colour = !no_colour || !*no_colour } };
    struct hd_case *the_case = NULL;
    enum hd_error error;

    if (hd_cli_parse(&argp, argc, argv, &tui))
        return hd_cli_error("tui", HD_E_MALFORMED, &tui.diag);
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return hd_cli_usage("tui", "a terminal is needed; heddle show prints");
    error = hd_cli_load(tui.path, tui.scenario, &the_case, &tui.diag);
    if (!error)
        error = show(&tui, the_case);
    hd_case_free(the_case);
    return error ? hd_cli_error("tui", error, &tui.diag) : HD_EXIT_OK;
}
