# SPDX-License-Identifier: LGPL-2.1-or-later
# The rules of check-docs.  Reads the names of all files, relative to the tree, from its input.

function complain(why) {
    printf "%s:%d: %s\n", file, line, why
    bad++
}

# The anchor that a heading gets: lower case, blanks to hyphens, other punctuation dropped.
function slug(heading) {
    heading = tolower(heading)
    gsub(/`/, "", heading)
    gsub(/[^a-z0-9 _-]/, "", heading)
    gsub(/ /, "-", heading)
    return heading
}

function fence_in(text) {
    if (text ~ /^ *```/)
        fenced = !fenced
    return fenced || text ~ /^ *```/
}

function read_headings(document,    text) {
    fenced = 0
    while ((getline text < document) > 0)
        if (!fence_in(text) && text ~ /^#+ /) {
            sub(/^#+ /, "", text)
            anchor[document "#" slug(text)] = 1
        }
    close(document)
}

# Names of ours that the sources know.
function read_names(source,    text) {
    while ((getline text < source) > 0)
        while (match(text, /(hd|HD)_[A-Za-z0-9_]+/)) {
            known[substr(text, RSTART, RLENGTH)] = 1
            text = substr(text, RSTART + RLENGTH)
        }
    close(source)
}

function folder_of(path) {
    return sub(/[^\/]*$/, "", path) ? path : ""
}

# Without "./" and "x/..".
function plain(path) {
    gsub(/\/\.\//, "/", path)
    sub(/^\.\//, "", path)
    while (path ~ /[^\/]+\/\.\.\//)
        sub(/[^\/]+\/\.\.\//, "", path)
    return path
}

function check_link(target,    path, part) {
    if (target ~ /^[a-z]+:/)
        return
    path = part = target
    sub(/#.*/, "", path)
    if (!sub(/^[^#]*#/, "", part))
        part = ""
    path = path == "" ? file : plain(folder_of(file) path)
    sub(/\/$/, "", path)
    if (!(path in exists))
        complain("no " path)
    else if (part != "" && !((path "#" part) in anchor))
        complain("no heading #" part " in " path)
}

function check_links(text) {
    while (match(text, /\]\([^) ]+\)/)) {
        check_link(substr(text, RSTART + 2, RLENGTH - 3))
        text = substr(text, RSTART + RLENGTH)
    }
}

function check_path(path,    pattern, name) {
    sub(/\/$/, "", path)
    sub(/:[0-9]+$/, "", path)
    if (path in exists)
        return
    if (path !~ /[<*]/) {
        complain("no " path)
        return
    }
    pattern = path
    gsub(/[.+]/, "\\\\&", pattern)
    gsub(/<[a-z]+>/, "[^/]+", pattern)
    gsub(/\*/, "[^/]*", pattern)
    for (name in exists)
        if (name ~ ("^" pattern "$"))
            return
    complain("nothing like " path)
}

function check_code(word,    first) {
    if (word ~ /^(hd|HD)_[A-Za-z0-9_]+(\(\))?$/) {
        sub(/\(\)$/, "", word)
        if (!(word in known))
            complain("no " word " in the sources")
        return
    }
    first = word
    if (sub(/\/.*/, "", first) && (first in folder) && word !~ /[ =:|]/)
        check_path(word)
}

function check_codes(text) {
    while (match(text, /`[^`]+`/)) {
        check_code(substr(text, RSTART + 1, RLENGTH - 2))
        text = substr(text, RSTART + RLENGTH)
    }
}

function check_document(    text) {
    fenced = line = 0
    while ((getline text < file) > 0) {
        line++
        if (fence_in(text))
            continue
        check_links(text)
        check_codes(text)
    }
    close(file)
}

{
    exists[$0] = 1
    path = $0
    while (sub(/\/[^\/]*$/, "", path))
        exists[path] = 1
    if ($0 ~ /\//)
        folder[path] = 1
    if ($0 ~ /\.md$/)
        documents[++document_count] = $0
    if ($0 ~ /^(harness|models)\/.*\.([ch]|def)$/)
        read_names($0)
}

END {
    for (i = 1; i <= document_count; i++)
        read_headings(documents[i])
    for (i = 1; i <= document_count; i++) {
        file = documents[i]
        check_document()
    }
    exit bad > 0
}
