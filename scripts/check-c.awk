# SPDX-License-Identifier: LGPL-2.1-or-later
# Rules for C, to be read after strip-c.awk.  Reads file names, relative to the tree, from its
# input; `exceptions` names the list of what may break a rule, and why.

BEGIN {
    COLUMNS_MAX = 100
    FILE_LINES_MAX = 400
    FUNCTION_LINES_MAX = 70
    # Overflow, or swallow errors.
    split("strcpy stpcpy strcat sprintf vsprintf gets strtok alloca atoi atol atoll", names, " ")
    for (i in names)
        unsafe[names[i]] = 1
    # Differ from run to run.
    split("rand srand random srandom drand48 time clock gettimeofday clock_gettime localtime " \
          "sleep usleep nanosleep", names, " ")
    for (i in names)
        unsteady[names[i]] = 1

    while ((getline entry < exceptions) > 0) {
        if (entry ~ /^#/ || entry ~ /^[ \t]*$/)
            continue
        fields = split(entry, part, " ")
        if (fields < 3 || part[1] !~ /^(length|clock|width)$/) {
            printf "%s: expected `length|clock|width FILE REASON`: %s\n", exceptions, entry
            bad++
        } else {
            excepted[part[1], part[2]] = 1
        }
    }
}

function complain(at, why) {
    printf "%s:%d: %s\n", file, at, why
    bad++
}

# Is the breach of this rule by this file on the list?
function is_excepted(rule) {
    if (!((rule, file) in excepted))
        return 0
    used[rule, file] = 1
    return 1
}

function check_calls(code,    rest, name, before) {
    rest = code
    while (match(rest, /[A-Za-z_][A-Za-z0-9_]*[ ]*\(/)) {
        before = RSTART > 1 ? substr(rest, RSTART - 1, 1) : ""
        name = substr(rest, RSTART, RLENGTH - 1)
        sub(/ +$/, "", name)
        rest = substr(rest, RSTART + RLENGTH)
        if (before ~ /[A-Za-z0-9_.>]/)
            continue
        if (name in unsafe)
            complain(line, name "() is banned: it can overflow, or hides an error")
        if ((name in unsteady) && file ~ /^(harness|models)\// && !is_excepted("clock"))
            complain(line, name "() is banned: equal cases must give equal executions")
    }
}

{
    file = $0
    line = 0
    in_comment = 0
    begun = 0
    while ((getline text < file) > 0) {
        line++
        if (length(text) > COLUMNS_MAX && !is_excepted("width"))
            complain(line, "over " COLUMNS_MAX " columns")
        code = code_of(text)
        check_calls(code)
        if (text == "{") {
            begun = line
        } else if (begun && text ~ /^}/) {
            if (line - begun + 1 > FUNCTION_LINES_MAX)
                complain(begun, "a function of " (line - begun + 1) " lines, more than " \
                                FUNCTION_LINES_MAX)
            begun = 0
        }
    }
    close(file)
    if (line > FILE_LINES_MAX && !is_excepted("length"))
        complain(line, "a file of " line " lines, more than " FILE_LINES_MAX)
}

END {
    for (key in excepted)
        if (!(key in used)) {
            split(key, part, SUBSEP)
            printf "%s: %s no longer needs its `%s`\n", exceptions, part[2], part[1]
            bad++
        }
    exit bad > 0
}
