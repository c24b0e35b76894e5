# SPDX-License-Identifier: LGPL-2.1-or-later
#
# In a model, two calls that reach the model API must not stand in one expression unless C orders
# them: which comes first would be the compiler's choice, and the schedule with it.  To be read
# after strip-c.awk; reads file names from its input.
#
# First round: which functions and macros of the models reach the API, by way of each other too.
# Second round: in each expression, count calls that are side by side; `&&`, `||`, `?:` and the ends
# of statements order, and arguments come before the call they are for.  A direct call of the API
# within the arguments of another is refused as well: their sites would be nested.
#
# A call through a pointer is taken to reach the API.  Textual, so a type's name in front of a
# parenthesis may be taken for a call; nothing that is one is missed.

BEGIN {
    # These only ask or tell the engine something; they are no points.
    split("hd_self hd_param hd_variant hd_state hd_name hd_owned hd_hold hd_release hd_actor_bit",
          names, " ")
    for (i in names)
        harmless[names[i]] = 1
    # What is followed by a parenthesis and is no call.
    split("sizeof offsetof __typeof__ _Alignof __attribute__ defined static_assert _Static_assert",
          names, " ")
    for (i in names)
        silent[names[i]] = 1
    split("if while for switch", names, " ")
    for (i in names)
        control[names[i]] = 1
    # Macros that are statements: their arguments are not evaluated side by side.
    control["hd_wait_event"] = control["HD_CHECK"] = 1
}

{ files[++file_count] = $0 }

function key_of(name) {
    return ((file, name) in local_function) ? file SUBSEP name : name
}

function reaches(name) {
    return name ~ /^hd_/ ? !(name in harmless) : (key_of(name) in reaching)
}

# Notes which names a piece of code calls, on behalf of `owner`.
function note_calls(owner, code,    name) {
    while (match(code, /[A-Za-z_][A-Za-z0-9_]*[ ]*\(/)) {
        name = substr(code, RSTART, RLENGTH - 1)
        sub(/ +$/, "", name)
        if (RSTART > 1 && substr(code, RSTART - 1, 1) ~ /[.>]/)
            reaching[owner] = 1
        else if (!(name in silent) && !(name in control))
            calls[++call_count] = owner SUBSEP SUBSEP file SUBSEP SUBSEP name
        code = substr(code, RSTART + RLENGTH)
        if (name == "hd_wait_event")
            reaching[owner] = 1
    }
}

# A function on one line: `type name(...) { ... }`.
function is_whole_function(code) {
    return code ~ /^[A-Za-z_].*\).*\{.*\}/
}

function body_of(code) {
    sub(/^[^{]*\{/, "", code)
    return code
}

# First round, one line: keeps `owner`, the function or macro that the line belongs to.
function survey(code,    name) {
    if (in_macro || code ~ /^[ ]*#[ ]*define[ ]+[A-Za-z_][A-Za-z0-9_]*\(/) {
        if (!in_macro) {
            sub(/^[ ]*#[ ]*define[ ]+/, "", code)
            macro = code
            sub(/\(.*/, "", macro)
            sub(/^[^)]*\)/, "", code)
        }
        note_calls(macro, code)
        in_macro = code ~ /\\$/
        return
    }
    if (code == "{")
        owner = declared
    else if (code ~ /^}/)
        owner = ""
    else if (owner != "")
        note_calls(owner, code)
    else if (code ~ /^[A-Za-z_].*\(/ && match(code, /[A-Za-z_][A-Za-z0-9_]*\(/)) {
        name = substr(code, RSTART, RLENGTH - 1)
        declared = name
        if (code ~ /^static/ && file ~ /\.c$/) {
            local_function[file, name] = 1
            declared = file SUBSEP name
        }
        if (is_whole_function(code))
            note_calls(declared, body_of(code))
    }
}

# Whoever calls somebody who reaches the API reaches it too: until nothing is new.
function close_calls(    i, part, changed) {
    do {
        changed = 0
        for (i = 1; i <= call_count; i++) {
            split(calls[i], part, SUBSEP SUBSEP)
            file = part[2]
            if (!(part[1] in reaching) && reaches(part[3])) {
                reaching[part[1]] = 1
                changed = 1
            }
        }
    } while (changed)
}

function complain(why) {
    if (complained == file ":" line)
        return
    complained = file ":" line
    printf "%s: %s\n", complained, why
    bad++
}

# kind: "call", "paren", "control", "silent", "braces"
function push(kind_, name) {
    depth++
    kind[depth] = kind_
    called[depth] = name
    count[depth] = seen[depth] = block[depth] = 0
}

function pop(    inner, reached) {
    if (depth == 0)
        return
    inner = kind[depth]
    reached = seen[depth] || (inner == "call" && called[depth] != "" && reaches(called[depth])) ||
              (inner == "call" && called[depth] == "")
    if (inner == "silent")
        reached = 0
    depth--
    if (inner == "control" || (inner == "braces" && block[depth + 1])) {
        count[depth] = 0
        if (reached)
            seen[depth] = 1
    } else if (reached) {
        seen[depth] = 1
        if (++count[depth] > 1)
            complain("two calls that reach the model API side by side in one expression")
    }
}

function open_call(name, by_pointer,    i) {
    if (name in silent) {
        push("silent", name)
        return
    }
    if (name ~ /^hd_/ && !(name in harmless))
        for (i = 1; i <= depth; i++)
            if (kind[i] == "call" && called[i] ~ /^hd_/ && !(called[i] in harmless))
                complain("a call of the model API within the arguments of another")
    if (name in control)
        push("control", name)
    else
        push("call", by_pointer ? "" : name)
}

# Second round, one line of a function's body.
function examine(code,    token, previous_word) {
    while (code != "") {
        if (match(code, /^[A-Za-z_][A-Za-z0-9_]*/)) {
            token = substr(code, 1, RLENGTH)
            code = substr(code, RLENGTH + 1)
            word = token
            by_pointer = (last == "." || last == "->")
            last = "word"
            continue
        }
        token = substr(code, 1, 2)
        if (token != "&&" && token != "||" && token != "->")
            token = substr(code, 1, 1)
        code = substr(code, length(token) + 1)
        if (token == " ")
            continue
        if (token == "(") {
            if (last == "word" && word != "return" && word != "case")
                open_call(word, by_pointer)
            else
                push("paren", "")
        } else if (token == ")") {
            closed = kind[depth]
            pop()
        } else if (token == "{") {
            if (last == "=" || last == "," || last == "(" || (last == ")" && closed != "control"))
                push("braces", "")
            else if (depth > 0)
                push("braces", "")
            else
                count[0] = 0
        } else if (token == "}") {
            if (kind[depth] == "braces")
                pop()
            else
                count[depth] = 0
        } else if (token == ";") {
            count[depth] = 0
            block[depth] = 1
        } else if (token == "&&" || token == "||" || token == "?" || token == ":") {
            count[depth] = 0
        } else if (token == "," && (depth == 0 || kind[depth] == "control" || block[depth])) {
            count[depth] = 0
        }
        last = token
    }
}

function each_file(round,    i, text, code, continued, in_body) {
    for (i = 1; i <= file_count; i++) {
        file = files[i]
        line = in_comment = in_macro = depth = continued = in_body = 0
        owner = declared = last = ""
        while ((getline text < file) > 0) {
            line++
            code = code_of(text)
            if (round == 1) {
                survey(code)
                continue
            }
            if (continued || code ~ /^[ ]*#/) {
                continued = code ~ /\\$/
            } else if (code == "{") {
                in_body = 1
                depth = count[0] = seen[0] = block[0] = 0
                kind[0] = last = ""
            } else if (code ~ /^}/) {
                in_body = 0
            } else if (in_body) {
                examine(code)
            } else if (is_whole_function(code)) {
                depth = count[0] = seen[0] = block[0] = 0
                examine(body_of(code))
            }
        }
        close(file)
    }
}

END {
    each_file(1)
    close_calls()
    each_file(2)
    exit bad > 0
}
