# SPDX-License-Identifier: LGPL-2.1-or-later
# The blocks of a Markdown document, for generate-docs.  Writes the n-th block of commands to
# scratch/n.sh and its expected status to scratch/n.status; or, with print_it, prints the document
# with scratch/n.out in each block of output.

function end_of_block() {
    if (state == "commands")
        close(script)
    state = ""
}

/^```/ && state != "" {
    end_of_block()
    if (print_it)
        print
    next
}

/^```sh run/ {
    state = "commands"
    script = scratch "/" ++count ".sh"
    status = match($0, /status=[0-9]+/) ? substr($0, RSTART + 7, RLENGTH - 7) : 0
    if (!print_it) {
        printf "" >script
        print status >(scratch "/" count ".status")
        close(scratch "/" count ".status")
    }
    if (print_it)
        print
    next
}

/^```text output/ && print_it {
    state = "output"
    print
    while ((getline text < (scratch "/" count ".out")) > 0)
        print text
    next
}

/^```/ { state = "other" }

state == "commands" && !print_it { print >script }

print_it && state != "output" { print }
