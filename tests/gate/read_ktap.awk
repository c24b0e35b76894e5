# SPDX-License-Identifier: LGPL-2.1-or-later
# Reads KTAP version 1 by the rules of the kernel's Documentation/dev-tools/ktap.rst, at any depth:
# each level has a version line, a plan, and as many results as it plans, numbered from 1; the
# result of a level's parent comes behind it, and is "not ok" if one of the level's is.
# Prints how many results there were at each depth; exits with 1 and a reason where a rule is
# broken.

function fail(why) {
    printf "%s:%d: %s: %s\n", FILENAME, NR, why, $0
    failed = 1
    exit 1
}

# Closes the levels below depth; the next result at depth is their parent's.
function close_to(depth) {
    while (level > depth) {
        if (seen[level] != planned[level])
            fail("a plan of " planned[level] " and " seen[level] " results at depth " level)
        child_failed[level - 1] = bad[level]
        has_child[level - 1] = 1
        level--
    }
}

BEGIN { level = -1 }
{
    match($0, /^ */)
    depth = RLENGTH / 2
    if (depth != int(depth))
        fail("an indentation of one blank")
    line = substr($0, RLENGTH + 1)
}
line ~ /^#/ || line == "" { next }
line ~ /^KTAP version 1$/ {
    if (depth != level + 1)
        fail("a version line at depth " depth " in depth " level)
    level = depth
    planned[level] = -1
    seen[level] = bad[level] = has_child[level] = 0
    next
}
line ~ /^1\.\.[0-9]+$/ {
    if (depth != level || planned[level] != -1)
        fail("a plan that is not the first of its level")
    planned[level] = substr(line, 4) + 0
    next
}
line ~ /^(not )?ok [0-9]+ [^#]+( # (SKIP|TODO|XFAIL|TIMEOUT|ERROR).*)?$/ {
    close_to(depth)
    is_bad = line ~ /^not/
    sub(/^not /, "", line)
    split(line, words, " ")
    if (depth != level || words[2] != ++seen[level])
        fail("result " words[2] " is not the next of depth " depth)
    if (has_child[level] && child_failed[level] != is_bad)
        fail("a parent's result differs from those of its children")
    has_child[level] = 0
    bad[level] = bad[level] || is_bad
    count[level]++
    next
}
{ fail("no line of KTAP") }
END {
    if (failed)
        exit 1
    close_to(0)
    if (level != 0 || seen[0] != planned[0])
        fail("ends before its plan")
    print "depth 0:", count[0] + 0, "depth 1:", count[1] + 0, bad[0] ? "failed" : "passed"
}
