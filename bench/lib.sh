# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# What the benchmarks of the fuzzer share.

root=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

die() { # STATUS WHY
    echo "${0##*/}: $2" >&2
    exit "$1"
}

number() { # OPTION VALUE
    case $2 in
    '' | *[!0-9]* | 0*) die 2 "$1: a number from 1 on is needed, not '$2'" ;;
    esac
}

# Builds fuzz_schedule without sanitizers; EDGES is ON or OFF.
build_fuzzer() { # DIR EDGES
    command -v clang >/dev/null || die 4 "clang is needed"
    cmake -S "$root" -B "$1" -G Ninja -DCMAKE_C_COMPILER=clang -DHEDDLE_FUZZ=ON \
        -DBUILD_TESTING=OFF -DHEDDLE_FUZZ_EDGES="$2" >/dev/null || die 2 "it cannot be configured"
    cmake --build "$1" --target fuzz_schedule heddle_cli >/dev/null || die 2 "it does not build"
}

# How many executions until it is found; RUNS + 1 if it is not.
fuzz_until_found() { # FUZZER SEED RUNS
    if "$1" -seed="$2" -runs="$3" -max_len=512 -print_final_stats=1 \
        -artifact_prefix="$scratch/" >"$scratch/log" 2>&1; then
        echo $(($3 + 1))
        return
    fi
    sed -n 's/^stat::number_of_executed_units: *//p' "$scratch/log"
    rm -f "$scratch"/crash-* "$scratch"/*.sched
}

# HEAD,seeds,found,q1,median,q3 of the numbers on standard input, one a line.
quartiles() { # HEAD RUNS
    sort -n | awk -v head="$1" -v runs="$2" '
        { at[NR] = $1; found += $1 <= runs }
        function quartile(k) { return at[int((NR - 1) * k / 4) + 1] }
        END {
            printf "%s,%d,%d,%d,%d,%d\n", head, NR, found, quartile(1), quartile(2), quartile(3)
        }'
}
