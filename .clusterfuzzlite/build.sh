#!/bin/bash -eu
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Builds the fuzz targets as OSS-Fuzz and ClusterFuzzLite want them: $CC, $CFLAGS and
# $LIB_FUZZING_ENGINE say how, the results go to $OUT.  tests/scripts/test_clusterfuzzlite.sh runs
# it outside a container, with the same variables.
#
# The machines that run the targets have no liburcu and no jansson: the first is left out, the
# second is linked in.

source=${SRC:?}/heddle
build=${WORK:?}/heddle-build
fuzzing_engine=${LIB_FUZZING_ENGINE:?} # read by CMakeLists.txt
export LIB_FUZZING_ENGINE=$fuzzing_engine

cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DCMAKE_C_COMPILER="${CC:?}" -DCMAKE_CXX_COMPILER="${CXX:?}" -DCMAKE_C_FLAGS="${CFLAGS-}" \
    -DCMAKE_CXX_FLAGS="${CXXFLAGS-}" -DBUILD_TESTING=OFF -DHEDDLE_WITH_URCU=OFF \
    -DHEDDLE_STATIC_JANSSON=ON
targets=$(cd "$source/fuzz" && ls fuzz_*.c)
# shellcheck disable=SC2086 # a list of names without blanks
cmake --build "$build" --target heddle_cli ${targets//.c/}

cp "$build/heddle" "${OUT:?}/" # what fuzz_cli starts
for target in $targets; do
    target=${target%.c}
    seeds=$source/corpus/seeds/${target#fuzz_}
    cp "$build/$target" "$OUT/"
    if command -v zip >/dev/null; then
        (cd "$seeds" && zip -q "$OUT/${target}_seed_corpus.zip" ./*)
    else
        python3 -m zipfile -c "$OUT/${target}_seed_corpus.zip" "$seeds"/*
    fi
    if [ -f "$source/fuzz/$target.dict" ]; then
        cp "$source/fuzz/$target.dict" "$OUT/"
    fi
    # Parked threads of the engine are no leaks, but nobody outside of the engine can know.
    printf '[libfuzzer]\nmax_len = 4096\n\n[asan]\ndetect_leaks = 0\n' >"$OUT/$target.options"
done
