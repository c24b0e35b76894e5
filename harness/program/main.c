/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The program heddle: the command line over the scenarios of models/, and a command of their own.
 */
#include "program/program.h"

int main(int argc, char **argv)
{
    static const struct hd_command own[] = {
        { "straddle", "compare rules for the page at the end of a growing file", hd_cmd_straddle },
        { NULL, NULL, NULL },
    };

    return hd_main(argc, argv, own);
}
