#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The gate from the command line: exit statuses, streams and files, and each format read by somebody
# else's reader: prove (Perl) and the rules of ktap.rst, xmllint and junitparser, jq and sarif_om.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
readers=$source_dir/tests/gate
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY

# has COMMAND PACKAGE: is the reader there?
has() {
    command -v "$1" >/dev/null && return
    printf 'not checked: no %s (%s)\n' "$1" "$2"
    return 1
}

# ---- A directory that is in order, and one that is not ----
mkdir corpus 'b a d'
cp "$source_dir"/corpus/gfs2-jdata-write/{i1,i4-bufdata}.sched corpus
mkdir corpus/deeper
cp "$source_dir"/corpus/lost-dirty-bit/late-clear.sched corpus/deeper
run 0 gate --runs 2k
silent
says '^corpus/i1\.sched: 6 of 6 passed$'
says '^corpus/deeper/late-clear\.sched: '
says '^  proof gfs2-jdata-write/merged: passed: all [0-9]+ schedules with at most [0-9] preemption'
says '^[0-9]+ checks: [0-9]+ passed, 0 failed$'
says '^the gate is open$'
cp "$out" first
for options in '--jobs 1' '--jobs 3' '--backend thread' '--backend fiber'; do
    # shellcheck disable=SC2086 # words
    run 0 gate --runs 2k $options
    equal first "$out" "the output with $options"
done
run 0 gate --runs 2k corpus/deeper/late-clear.sched
says '^5 checks: 5 passed, 0 failed$'

sed -e 's/^expect    merged .*/expect mutant-no-dirty-test holds/' \
    -e 's/^digest .*/digest old 0123456789abcdef/' corpus/i1.sched >'b a d/<i&1> #1.sched'
printf 'heddle case 1\nscenario nonesuch\n' >'b a d/malformed.sched'
cp corpus/i4-bufdata.sched 'b a d'
run 1 gate 'b a d' --runs 500
says '^  replay old: failed: stale: .*instead of 0123456789abcdef'
says "^    .heddle replay --rebless 'b a d/<i&1> #1\.sched'. records the new steps"
says '^  replay mutant-no-dirty-test: failed: expected holds, got buffers-missing at gfs2_pa'
says '^    in gfs2_page_add_databufs\(\) \(models/gfs2/aops\.c:[0-9]+\)$'
says "--variant mutant-no-dirty-test 'b a d/<i&1> #1\.sched'. tells the story: mend"
says '^  load: error: b a d/malformed\.sched:2:10: .*nonesuch'
says '^the gate is closed$'
no_leftovers 'b a d'

# ---- Exit statuses, and what git bisect run wants instead ----
mkdir -p mal/formed
mv 'b a d/malformed.sched' mal/formed
run 2 gate mal
says '^no verdict: something could not be done$'
run 125 gate mal --bisect
run 1 gate 'b a d' --runs 500 --bisect
run 0 gate --runs 500 --bisect
run 5 gate --time 1ns --jobs 1
says '^no verdict: stopped before complete$'
run 125 gate --time 1ns --bisect
run 125 gate nowhere --bisect
run 125 gate --bisect --no-such-option
refused 'nowhere: No such file' gate nowhere
mkdir empty
refused 'empty: no case \(\*\.sched\) in it' gate empty
refused "found 'ktop'.*ktap" gate --format ktop
refused 'ktap and junit would mix; give one of them a file: junit=FILE' gate --format ktap \
    --format junit
refused 'a file is needed' gate --format sarif=
refused 'cannot create a file there' gate --out nowhere
refused '--time' gate --time 3
run 2 gate --runs 500 --format ktap=nowhere/ktap
complains 'nowhere/ktap: cannot create'

# ---- Time: searches, and no longer than that ----
run 0 gate --runs 100 --time 2s corpus/deeper
says '^searches: [0-9] of [0-9] passed$'
says '^  fuzz lost-dirty-bit/linux-6\.1 .*: passed: [0-9]+ executions hold$'

# ---- Formats ----
cp mal/formed/malformed.sched 'b a d'
run 1 gate 'b a d' --runs 500 --format ktap --format junit=bad.xml --format sarif=bad.sarif \
    --format markdown=bad.md
cp "$out" bad.ktap
run 0 gate --runs 500 --format ktap=good.ktap --format junit=good.xml --format sarif=good.sarif
says '^the gate is open$'
run 0 gate --runs 500 --format ktap=good.ktap --quiet
[ ! -s "$out" ] || fail "$ran: wrote to stdout"

awk -f "$readers/read_ktap.awk" good.ktap >counts || fail "KTAP: $(cat counts)"
grep -qx 'depth 0: 4 depth 1: 19 passed' counts || fail "KTAP: $(cat counts)"
awk -f "$readers/read_ktap.awk" bad.ktap >counts || fail "KTAP: $(cat counts)"
grep -q 'failed$' counts || fail "KTAP of a closed gate: $(cat counts)"
sed 's/^  1\.\.6$/  1..5/' bad.ktap | awk -f "$readers/read_ktap.awk" >/dev/null &&
    fail "the reader of KTAP accepts a wrong plan"
grep -qF 'ok 1 b a d/<i&1> _1.sched' bad.ktap || fail "a name with # in KTAP"
if has prove perl; then
    prove -Q -e cat good.ktap || fail "prove doesn't accept an open gate"
    prove -Q -e cat bad.ktap >proved 2>&1 && fail "prove accepts a closed gate"
    grep -qE 'Failed tests?: +1, 3$' proved || fail "prove read: $(cat proved)"
fi

if has xmllint libxml2-utils; then
    for file in good bad; do
        xmllint --noout --schema "$readers/junit.xsd" $file.xml 2>said || fail "$(cat said)"
    done
    [ "$(xmllint --xpath 'count(//testcase)' bad.xml)" = \
        "$(xmllint --xpath 'string(/testsuites/@tests)' bad.xml)" ] || fail "JUnit miscounts"
    [ "$(xmllint --xpath 'count(//failure)' bad.xml)" = 2 ] || fail "JUnit: not two failures"
    [ "$(xmllint --xpath 'count(//error)' bad.xml)" = 1 ] || fail "JUnit: not one error"
    xmllint --xpath 'string(//failure[@type="buffers-missing"])' bad.xml | grep -q 'CPU 0' ||
        fail "JUnit: a failure without its table"
    [ "$(xmllint --xpath 'string(//testsuite[1]/@name)' bad.xml)" = 'b a d/<i&1> #1.sched' ] ||
        fail "JUnit: a name that must be escaped"
fi
if has junitparser junitparser; then
    junitparser verify good.xml || fail "junitparser sees a failure in an open gate"
    junitparser verify bad.xml && fail "junitparser sees no failure in a closed gate"
fi

if has jq jq; then
    jq -e '.version == "2.1.0" and (.runs[0].results | length) == 0' good.sarif >/dev/null ||
        fail "SARIF of an open gate"
    jq -e '[.runs[0].results[] | select(.ruleId == "buffers-missing") | .codeFlows[0].threadFlows[]
            | .id] == ["writer", "flusher", "completion", "reclaimer"]' bad.sarif >/dev/null ||
        fail "SARIF: not a thread flow for each actor"
    jq -e '.runs[0].results[0].locations[0].physicalLocation | .region.startLine == 19 and
           .artifactLocation.uri == "b%20a%20d/%3Ci%261%3E%20%231.sched"' bad.sarif >/dev/null ||
        fail "SARIF: not the line of the stale digest"
    jq -e '.runs[0].invocations[0] | .executionSuccessful == false and
           (.toolExecutionNotifications | length) == 1' bad.sarif >/dev/null ||
        fail "SARIF: an error is no notification"
fi
status=0
/usr/bin/python3 "$readers/read_sarif.py" bad.sarif >said 2>&1 || status=$?
case $status in
0) grep -qx 'result buffers-missing threads 4' said || fail "SARIF read: $(cat said)" ;;
77) printf 'not checked: %s\n' "$(cat said)" ;;
*) fail "SARIF: $(cat said)" ;;
esac

# ---- GitHub ----
export GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$scratch/summary.md
printf 'before\n' >summary.md
run 1 gate 'b a d' --runs 500
says '^the gate is closed$'
says '^::error file=b a d/<i&1> #1\.sched,line=19,title=replay old::stale: .*%0A.heddle replay'
says '^::error file=models/gfs2/aops\.c,line=[0-9]+,title=replay mutant-no-dirty-test::b a d/<i&1>'
[ "$(grep -c '^::error ' "$out")" -eq 3 ] || fail "not three annotations"
head -n 1 summary.md | grep -qx before || fail "the summary was not appended to"
grep -qx '## heddle: the gate is closed' summary.md || fail "no verdict in the summary"
[ "$(grep -c '^``````' summary.md)" -eq 4 ] || fail "not two tables in the summary"
grep -qx '### b a d/\\<i\\&1\\> \\#1.sched: replay old' summary.md || fail "an unescaped name"
run 1 gate 'b a d' --runs 500 --format junit
says_not '^::error'
GITHUB_STEP_SUMMARY=nowhere/summary run 2 gate --runs 500
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY
run 1 gate 'b a d' --runs 500 --format github
[ "$(grep -c '^::error ' "$out")" -eq 3 ] || fail "annotations twice"
finish
