# SPDX-License-Identifier: LGPL-2.1-or-later
# Shared by the checks of C: what is code on a line.  Not a parser; C that is written to deceive it
# will.

# The line without comments, and with string and character literals emptied.  `in_comment` is kept
# from line to line; reset it for each file.
function code_of(text,    out, c, two, quote, i, n) {
    out = ""
    quote = ""
    n = length(text)
    for (i = 1; i <= n; i++) {
        c = substr(text, i, 1)
        two = substr(text, i, 2)
        if (in_comment) {
            if (two == "*/") {
                in_comment = 0
                i++
            }
        } else if (quote != "") {
            if (c == "\\")
                i++
            else if (c == quote) {
                quote = ""
                out = out c
            }
        } else if (two == "/*") {
            in_comment = 1
            out = out " "
            i++
        } else if (two == "//") {
            break
        } else {
            if (c == "\"" || c == "'")
                quote = c
            out = out c
        }
    }
    return out
}
