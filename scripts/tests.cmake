# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The tests of the tree, included by CMakeLists.txt, whose first comment says which file becomes
# what.
#
# A shell test is skipped by exit status 77, and by no other: 4 is an answer of the command, and a
# cmocka program exits with its number of failures.

# Where the command can't run by itself (built for another machine), a script runs it.
set(HEDDLE_COMMAND "$<TARGET_FILE:heddle_cli>")
if(CMAKE_CROSSCOMPILING_EMULATOR)
  set(HEDDLE_COMMAND "${PROJECT_BINARY_DIR}/heddle-emulated")
  list(JOIN CMAKE_CROSSCOMPILING_EMULATOR "\" \"" emulator)
  file(GENERATE OUTPUT "${HEDDLE_COMMAND}"
       CONTENT "#!/bin/sh\nexec \"${emulator}\" \"$<TARGET_FILE:heddle_cli>\" \"$@\"\n"
       FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
endif()

# ---- Programs: tests/<folder>/test_<module>.c is the test <folder>.<module> ----------------------

function(heddle_test_program source label timeout)
  cmake_path(GET source PARENT_PATH folder)
  cmake_path(GET folder FILENAME folder)
  cmake_path(GET source STEM module)
  set(program ${folder}_${module}) # strategy_test_pct
  string(REGEX REPLACE "^test_" "" module ${module})
  # What the folder's tests share is linked to each of them.
  file(GLOB shared CONFIGURE_DEPENDS tests/${folder}/*.c)
  list(FILTER shared EXCLUDE REGEX "/(test|long)_[^/]*$")
  add_executable(${program} ${source} ${shared})
  target_include_directories(${program} PRIVATE harness models tests)
  target_include_directories(${program} SYSTEM PRIVATE "${XXHASH_INCLUDE_DIR}")
  target_compile_definitions(${program} PRIVATE
    HEDDLE_SOURCE_DIR="${PROJECT_SOURCE_DIR}" HEDDLE_CLI="${HEDDLE_COMMAND}"
    HD_WITH_URCU=$<BOOL:${HEDDLE_WITH_URCU}>)
  # cmocka's assertions cast with a change of sign.
  target_compile_options(${program} PRIVATE -Wno-sign-conversion)
  # Their actors keep account of themselves past the model API, which TSan would report; what it
  # must report is for tests/tsan.
  if(folder MATCHES "^(engine|oracle)$" AND CMAKE_C_FLAGS MATCHES "-fsanitize=[a-z,]*thread")
    target_compile_options(${program} PRIVATE -fno-sanitize=thread)
  endif()
  target_link_libraries(${program} PRIVATE heddle heddle_models PkgConfig::CMOCKA
                        PkgConfig::JANSSON heddle_flags)
  add_dependencies(${program} heddle_cli)
  add_test(NAME ${folder}.${module} COMMAND ${program})
  set_tests_properties(${folder}.${module} PROPERTIES LABELS ${label} TIMEOUT ${timeout})
endfunction()

file(GLOB SOURCES CONFIGURE_DEPENDS tests/*/test_*.c)
foreach(source IN LISTS SOURCES)
  heddle_test_program(${source} unit 300)
endforeach()
# It breaks this primitive for itself.
target_link_options(gate_test_planted PRIVATE -Wl,--wrap=hd_trylock_)
file(GLOB SOURCES CONFIGURE_DEPENDS tests/*/long_*.c)
foreach(source IN LISTS SOURCES)
  heddle_test_program(${source} long 7200)
endforeach()

# ---- The command, and what documents show of it --------------------------------------------------

file(GLOB SOURCES CONFIGURE_DEPENDS tests/cli/*.sh tests/docs/*.sh tests/install/*.sh
     tests/native/*.sh)
list(FILTER SOURCES EXCLUDE REGEX "/lib\\.sh$")
foreach(source IN LISTS SOURCES)
  cmake_path(GET source PARENT_PATH folder)
  cmake_path(GET folder FILENAME folder)
  cmake_path(GET source STEM module)
  set(label ${folder})
  set(timeout 300)
  if(module MATCHES "^long_")
    set(label long)
    set(timeout 7200)
  endif()
  string(REGEX REPLACE "^test_" "" module ${module})
  add_test(NAME ${folder}.${module} COMMAND bash "${source}" "${HEDDLE_COMMAND}")
  set_tests_properties(${folder}.${module} PROPERTIES LABELS ${label} TIMEOUT ${timeout}
    SKIP_RETURN_CODE 77
    ENVIRONMENT "HEDDLE_CLI=${HEDDLE_COMMAND};HEDDLE_SOURCE_DIR=${PROJECT_SOURCE_DIR}")
endforeach()

# ---- The corpus: a stored case keeps its verdicts and digest, a malformed one is refused ---------

file(GLOB SOURCES CONFIGURE_DEPENDS corpus/*/*.sched)
list(FILTER SOURCES EXCLUDE REGEX "/corpus/(seeds|malformed)/")
foreach(source IN LISTS SOURCES)
  cmake_path(RELATIVE_PATH source BASE_DIRECTORY "${PROJECT_SOURCE_DIR}/corpus"
             OUTPUT_VARIABLE name)
  string(REGEX REPLACE "\\.sched$" "" name ${name})
  add_test(NAME corpus/${name} COMMAND heddle_cli replay --all-variants "${source}")
  set_tests_properties(corpus/${name} PROPERTIES LABELS corpus TIMEOUT 120)
endforeach()
file(GLOB SOURCES CONFIGURE_DEPENDS corpus/malformed/*)
foreach(source IN LISTS SOURCES)
  cmake_path(GET source FILENAME name)
  add_test(NAME corpus/malformed/${name} COMMAND
    sh -c "\"$1\" replay \"$2\"; status=$?; echo \"status $status, not 2?\"; test $status = 2"
    sh "${HEDDLE_COMMAND}" "${source}")
  set_tests_properties(corpus/malformed/${name} PROPERTIES LABELS corpus TIMEOUT 120)
endforeach()

# ---- Fuzz targets: the seeds always, a short search where there is an engine ---------------------

set(HEDDLE_AFL OFF)
if(HEDDLE_FUZZ AND CMAKE_C_COMPILER MATCHES "/afl-[^/]*$")
  set(HEDDLE_AFL ON) # whose driver takes a file, and none of libFuzzer's options
endif()
# The seeds of a broken scenario violate: that is no crash where they are only run.
set(fuzz_environment "HEDDLE_EXPECTED=ok" "HEDDLE_CLI=${HEDDLE_COMMAND}")
foreach(source IN LISTS FUZZ_SOURCES)
  cmake_path(GET source STEM program)
  string(REGEX REPLACE "^fuzz_" "" name ${program})
  set(seeds "${PROJECT_SOURCE_DIR}/corpus/seeds/${name}")
  # What once crashed it is run with them: corpus/regress/NAME/, if there was any.
  file(GLOB regress CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/corpus/regress/${name}")
  add_test(NAME fuzz.${name}.seeds COMMAND ${program}_replay "${seeds}" ${regress})
  set_tests_properties(fuzz.${name}.seeds PROPERTIES LABELS fuzz TIMEOUT 300
                       ENVIRONMENT "${fuzz_environment}")
  if(HEDDLE_FUZZ AND NOT HEDDLE_AFL)
    # New inputs go to the first directory, which is the build's.
    set(found "${PROJECT_BINARY_DIR}/fuzz/${name}")
    set(options -seed=1 -max_total_time=20 "-artifact_prefix=${found}/")
    set(dictionary "${PROJECT_SOURCE_DIR}/fuzz/${program}.dict")
    if(EXISTS "${dictionary}")
      list(APPEND options "-dict=${dictionary}")
    endif()
    file(MAKE_DIRECTORY "${found}")
    add_test(NAME fuzz.${name}.search COMMAND ${program} ${options} "${found}" "${seeds}")
    set_tests_properties(fuzz.${name}.search PROPERTIES LABELS fuzz TIMEOUT 300
                         ENVIRONMENT "HEDDLE_CLI=${HEDDLE_COMMAND}")
  endif()
endforeach()
if(HEDDLE_FUZZ AND NOT HEDDLE_AFL)
  # What holds must hold whatever the bytes say.
  set_tests_properties(fuzz.schedule.search PROPERTIES
                       ENVIRONMENT "HEDDLE_SCENARIO=gfs2-jdata-write/merged")
  add_test(NAME fuzz.schedule.finds COMMAND sh "${PROJECT_SOURCE_DIR}/tests/fuzz/finds.sh"
           "${HEDDLE_COMMAND}" "$<TARGET_FILE:fuzz_schedule>")
  set_tests_properties(fuzz.schedule.finds PROPERTIES LABELS fuzz TIMEOUT 300)
  add_test(NAME fuzz.schedule.ten COMMAND sh "${PROJECT_SOURCE_DIR}/tests/fuzz/ten.sh"
           "$<TARGET_FILE:fuzz_schedule>")
  set_tests_properties(fuzz.schedule.ten PROPERTIES LABELS fuzz TIMEOUT 660)
endif()
set(fuzzers "")
if(TARGET fuzz_schedule)
  set(fuzzers "$<TARGET_FILE:fuzz_schedule>")
endif()
add_test(NAME fuzz.schedule.digests COMMAND sh "${PROJECT_SOURCE_DIR}/tests/fuzz/digests.sh"
         "${HEDDLE_COMMAND}" "$<TARGET_FILE:fuzz_schedule_replay>"
         "${CMAKE_CROSSCOMPILING_EMULATOR}" "${PROJECT_SOURCE_DIR}/corpus" ${fuzzers})
set_tests_properties(fuzz.schedule.digests PROPERTIES LABELS fuzz TIMEOUT 300)
add_test(NAME fuzz.schedule.coverage COMMAND sh "${PROJECT_SOURCE_DIR}/tests/fuzz/coverage.sh"
         "$<TARGET_FILE:fuzz_schedule_replay>" "${CMAKE_CROSSCOMPILING_EMULATOR}"
         "${PROJECT_SOURCE_DIR}/corpus/seeds/schedule")
set_tests_properties(fuzz.schedule.coverage PROPERTIES LABELS fuzz TIMEOUT 300)

# A target that fails on purpose: the machinery must notice, and must accept what is right.
heddle_fuzz_target(fuzz_canary tests/canary/fuzz_canary.c)
set(canary "${PROJECT_SOURCE_DIR}/tests/canary")
add_test(NAME canary.driver COMMAND sh "${canary}/driver.sh" "$<TARGET_FILE:fuzz_canary_replay>"
         ${CMAKE_CROSSCOMPILING_EMULATOR})
set_tests_properties(canary.driver PROPERTIES LABELS fuzz TIMEOUT 120)
if(HEDDLE_FUZZ)
  set(search search.sh)
  if(HEDDLE_AFL)
    set(search afl.sh)
  endif()
  add_test(NAME canary.search COMMAND sh "${canary}/${search}" "$<TARGET_FILE:fuzz_canary>")
  set_tests_properties(canary.search PROPERTIES LABELS fuzz TIMEOUT 300)
endif()

# ---- How soon the default search finds what is there ------------------------------------------

add_test(NAME bench.find COMMAND sh -c "\"$1\" 20 10000 | \"$2\"" sh "$<TARGET_FILE:bench_find>"
         "${PROJECT_SOURCE_DIR}/bench/judge")
set_tests_properties(bench.find PROPERTIES LABELS long TIMEOUT 7200)

# ---- House rules ---------------------------------------------------------------------------------

foreach(check check-layers check-style check-docs)
  add_test(NAME style.${check} COMMAND "${PROJECT_SOURCE_DIR}/scripts/${check}")
  list(APPEND STYLE_TESTS style.${check})
endforeach()
find_program(SHELLCHECK shellcheck)
if(SHELLCHECK)
  add_test(NAME style.shellcheck COMMAND "${PROJECT_SOURCE_DIR}/scripts/check-shell")
  list(APPEND STYLE_TESTS style.shellcheck)
endif()
find_program(REUSE reuse)
if(REUSE)
  add_test(NAME style.licences COMMAND "${REUSE}" --root "${PROJECT_SOURCE_DIR}" lint)
  list(APPEND STYLE_TESTS style.licences)
endif()
file(GLOB SOURCES CONFIGURE_DEPENDS tests/scripts/test_*.sh)
foreach(source IN LISTS SOURCES)
  cmake_path(GET source STEM module)
  string(REGEX REPLACE "^test_" "" module ${module})
  add_test(NAME scripts.${module} COMMAND sh "${source}")
  list(APPEND STYLE_TESTS scripts.${module})
endforeach()
set_tests_properties(${STYLE_TESTS} PROPERTIES LABELS style TIMEOUT 300 SKIP_RETURN_CODE 77)
