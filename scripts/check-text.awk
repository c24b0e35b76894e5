# SPDX-License-Identifier: LGPL-2.1-or-later
# Rules for any text file; check-c.awk has the width of C.  Reads file names, relative to the tree,
# from its input.

function complain(why) {
    printf "%s:%d: %s\n", file, line, why
    bad++
}

{
    file = $0
    line = 0
    has_licence = 0
    while ((getline text < file) > 0) {
        line++
        if (line <= 3 && text ~ /SPDX-License-Identifie[r]: /)
            has_licence = 1
        if (length(text) > 100 && file !~ /\.[ch]$/ && text !~ /https?:\/\//)
            complain("over 100 columns")
        if (text ~ /\t/)
            complain("a tab")
        if (text ~ /[ \t\r]$/)
            complain("a blank at the end of the line")
    }
    close(file)
    if (!has_licence) {
        line = 1
        complain("no SPDX line among the first three")
    }
}

END { exit bad > 0 }
