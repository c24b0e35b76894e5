#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Case files that are no case files: refused by every command that reads one, with one line that
# says which file, where in it and what was expected.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# refused_by_all FILE PATTERN
refused_by_all() {
    refused "$2" replay "$1"
    refused "$2" replay --all-variants --rebless "$1"
    refused "$2" show "$1"
    refused "$2" case --check "$1"
    refused "$2" case --canonical "$1"
}

cat >good.sched <<'END'
heddle case 1
scenario  gfs2-jdata-write
variant   old
run       writer      until hook
run       flusher     until end
END
run 0 case --check good.sched
silent
run 0 case --canonical good.sched
cp "$out" canonical.sched
run 0 case --canonical canonical.sched
equal "$out" canonical.sched "the canonical form of a canonical form"

# ---- Files that can't be read ----
refused_by_all missing.sched 'missing\.sched: .*No such file'
mkdir directory.sched
refused_by_all directory.sched 'directory\.sched: '
mkfifo pipe.sched
refused_by_all pipe.sched 'pipe\.sched: not a regular file'
refused_by_all good.sched/x.sched 'Not a directory'
refused_by_all '' ': '
if [ "$(id -u)" -ne 0 ]; then
    cp good.sched secret.sched
    chmod 0 secret.sched
    refused_by_all secret.sched 'secret\.sched: .*Permission denied'
fi

# ---- Files that hold something else ----
: >empty.sched
refused_by_all empty.sched 'empty\.sched:1:1: '
head -c 4096 /dev/urandom >binary.sched
refused_by_all binary.sched 'binary\.sched:1:'
"$heddle" --version >text.sched
refused_by_all text.sched 'text\.sched:1:'
head -c 1048577 /dev/zero | tr '\0' '#' >huge.sched
refused_by_all huge.sched 'huge\.sched: larger than 1048576 bytes'
truncate -s 1T endless.sched
refused_by_all endless.sched 'endless\.sched: larger than'
sed 's/case 1/case 2/' good.sched >newer.sched
refused_by_all newer.sched 'newer\.sched:1:.*version'
printf 'heddle case 1\nscenario  gfs2-jdata-write\0\nvariant   old\n' >nul.sched
refused_by_all nul.sched 'nul\.sched:2:'

# ---- Names and numbers that there are not ----
sed 's/gfs2-jdata-write/gfs3-jdata-write/' good.sched >scenario.sched
refused_by_all scenario.sched "scenario\.sched:2:11: .*did you mean 'gfs2-jdata-write'"
sed 's/variant   old/variant   odd/' good.sched >variant.sched
refused_by_all variant.sched "variant\.sched:3:11: .*did you mean 'old'"
sed 's/flusher/flasher/' good.sched >actor.sched
refused_by_all actor.sched "actor\.sched:5:11: .*did you mean 'flusher'"
sed 's/flusher /flusher[9]/' good.sched >instance.sched
refused_by_all instance.sched 'instance\.sched:5:'
sed 's/hook/hoop/' good.sched >landmark.sched
refused_by_all landmark.sched "landmark\.sched:4:.*did you mean 'hook'"
sed 's/until end/for 0/' good.sched >count.sched
refused_by_all count.sched 'count\.sched:5:'
sed 's/until end/for 99999999999999999999/' good.sched >large.sched
refused_by_all large.sched 'large\.sched:5:'
sed '3p' good.sched >twice.sched
refused_by_all twice.sched 'twice\.sched:4:'
{ cat good.sched; echo 'workload  pos=0'; echo 'expect    old  no-such-kind at f'; } >kind.sched
refused_by_all kind.sched 'kind\.sched:'

# ---- Cut off anywhere: refused, or shorter and whole; never a crash ----
run 0 case --canonical good.sched
cp "$out" whole.sched
size=$(wc -c <whole.sched)
for ((length = 0; length < size; length++)); do
    head -c "$length" whole.sched >cut.sched
    "$heddle" case --check cut.sched >"$out" 2>"$err"
    status=$?
    ran="case --check, cut after $length bytes"
    case $status in
    0) silent ;;
    2) [ "$(wc -l <"$err")" -eq 1 ] || fail "$ran: not one line" ;;
    *) fail "$ran: exit status $status" ;;
    esac
done

# ---- Several files: the good one is replayed, the bad one decides ----
run 2 case --check good.sched empty.sched good.sched
refused "variant" replay --variant ancient good.sched
finish
