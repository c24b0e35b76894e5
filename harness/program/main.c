/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The program heddle: the command line over the scenarios of models/, and a command of their own.
 */
#include "program/program.h"

int main(int argc, char **argv)
{
    static const struct hd_command own[] = {
        { "straddle", "compare rules for the page at the end of a growing file", hd_cmd_straddle },
        { "cc", "compile a C program so that it can be explored as it is", hd_cmd_cc },
        { "c++", "the same for C++", hd_cmd_cxx },
        { NULL, NULL, NULL },
    };

    enum hd_exit status;

    if (hd_native_run(argc, argv, &status))
        return (int)status;
    return hd_main(argc, argv, own);
}
