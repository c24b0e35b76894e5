/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages to the user, and the way from argp to them. */
#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>

enum hd_exit hd_cli_usage(const char *command, const char *format, ...)
{
    struct hd_diag diag;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(diag.text, sizeof diag.text, format, arguments);
    va_end(arguments);
    return hd_cli_error(command, HD_E_UNKNOWN, &diag);
}

enum hd_exit hd_cli_error(const char *command, enum hd_error error, const struct hd_diag *diag)
{
    /* One line whatever it quotes: a path may contain anything. */
    fprintf(stderr, "%s%s%s: ", program_invocation_short_name, command ? " " : "",
            command ? command : "");
    for (const char *at = diag->text[0] ? diag->text : hd_error_text(error); *at; at++)
        fputc((unsigned char)*at < ' ' || *at == 0x7f ? '?' : *at, stderr);
    fputc('\n', stderr);
    return error == HD_E_UNSUPPORTED ? HD_EXIT_MISSING : HD_EXIT_USAGE;
}

error_t hd_cli_parse(const struct argp *argp, int argc, char **argv, void *input)
{
    return argp_parse(argp, argc, argv, 0, NULL, input);
}

error_t hd_cli_refuse(enum hd_error error)
{
    return error ? EINVAL : 0;
}
