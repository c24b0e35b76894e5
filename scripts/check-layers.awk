# SPDX-License-Identifier: LGPL-2.1-or-later
# The rules of check-layers.  Reads file names, relative to the tree, on standard input.

BEGIN {
    # The order of the data; the only list of it.
    count = split("base trace input strategy engine oracle execute minimise report explore " \
                  "gate kernel cli native program", names, " ")
    for (i = 1; i <= count; i++)
        rank[names[i]] = i
    # A model is a deterministic piece of C: what could not be is not for it to include.
    split("assert errno limits stdbool stddef stdint string", names, " ")
    for (i in names)
        model_may[names[i] ".h"] = 1
    files = bad = 0
}

function complain(why) {
    printf "%s:%d: \"%s\": %s\n", file, line, header, why
    bad++
}

function check_harness(    own, theirs) {
    if (header ~ /^heddle\//)
        return
    own = parts[2]
    if (own == "include") {
        complain("a public header includes public headers only")
        return
    }
    if (own == "program" && header ~ /^mm\/[a-z_]*_rules\.h$/)
        return # and rules are arithmetic, for commands of their own
    if (parts[3] == "guest" && header !~ /\//)
        return # a program of its own, for another machine
    theirs = header
    if (!sub(/\/.*/, "", theirs) || !(theirs in rank)) {
        complain("name a header of ours as \"layer/header.h\"")
        return
    }
    if (!(own in rank)) {
        complain("harness/" own "/ is no layer that this check knows")
        return
    }
    if (rank[theirs] > rank[own])
        complain(own " comes before " theirs)
    inside[theirs] = 1
}

function check_model() {
    if (header == "heddle/model.h" || header ~ /^kernel\//)
        return
    if (header !~ /\// || header ~ "^" parts[2] "/")
        return # its own folder
    complain("a model sees heddle/model.h, kernel/ and its own folder")
}

function check_driver() {
    if (header ~ /^heddle\// || header !~ /\//)
        return # public, its own folder, or models.h
    if (header ~ /^mm\/[a-z_]*_rules\.h$/)
        return # arithmetic, which no engine stands around
    complain(parts[1] "/ drives: it sees the public headers and models.h")
}

function check_include(text) {
    header = text
    if (sub(/^[ \t]*#[ \t]*include[ \t]*</, "", header)) {
        sub(/>.*/, "", header)
        if (parts[1] == "models" && !(header in model_may))
            complain("not for a model: what it does must not depend on where it runs")
        return
    }
    sub(/^[^"]*"/, "", header)
    sub(/".*/, "", header)
    if (parts[1] == "harness")
        check_harness()
    else if (parts[1] == "models")
        check_model()
    else
        check_driver()
}

{
    file = $0
    line = 0
    files++
    split(file, parts, "/")
    delete inside
    while ((getline text < file) > 0) {
        line++
        if (text ~ /^[ \t]*#[ \t]*include/)
            check_include(text)
    }
    close(file)
    if (parts[2] != "execute" && ("engine" in inside) && ("strategy" in inside) &&
        ("oracle" in inside)) {
        header = file
        complain("engine, strategy and oracle meet in harness/execute/ only")
    }
}

END {
    if (files == 0) {
        print "check-layers: no sources found"
        exit 1
    }
    if (bad) {
        printf "check-layers: %d includes that are not allowed\n", bad
        exit 1
    }
    printf "check-layers: %d files, every include allowed\n", files
}
