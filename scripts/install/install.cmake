# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What `cmake --install` puts where, included by CMakeLists.txt: the command with its man pages and
# completions, and the libraries with what find_package(heddle) and pkg-config need.

install(TARGETS heddle_cli)
install(TARGETS heddle heddle_command EXPORT heddle)
if(TARGET heddle_native)
  install(TARGETS heddle_native)
  install(FILES "${PROJECT_BINARY_DIR}/native/tsan/libtsan.so.2"
          DESTINATION "${CMAKE_INSTALL_LIBDIR}/heddle/tsan")
endif()
install(DIRECTORY harness/include/heddle TYPE INCLUDE FILES_MATCHING PATTERN "*.h")

# ---- For those who build against it --------------------------------------------------------------

include(CMakePackageConfigHelpers)
set(config "${CMAKE_INSTALL_LIBDIR}/cmake/heddle")
set(HEDDLE_PC_REQUIRES "jansson")
if(HEDDLE_WITH_URCU)
  string(APPEND HEDDLE_PC_REQUIRES " liburcu-memb")
endif()
install(EXPORT heddle NAMESPACE heddle:: FILE heddleTargets.cmake DESTINATION "${config}")
configure_package_config_file(scripts/install/heddleConfig.cmake.in heddleConfig.cmake
                              INSTALL_DESTINATION "${config}")
# Until 1.0, what was built for one minor version need not build with the next.
write_basic_package_version_file(heddleConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/heddleConfig.cmake"
              "${PROJECT_BINARY_DIR}/heddleConfigVersion.cmake" DESTINATION "${config}")
# Relative to the file itself, so that it is right after `cmake --install --prefix`, too.
file(RELATIVE_PATH HEDDLE_PC_PREFIX "/x/${CMAKE_INSTALL_LIBDIR}/pkgconfig" /x)
configure_file(scripts/install/heddle.pc.in heddle.pc @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/heddle.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

# ---- For those who use it ------------------------------------------------------------------------

# What `heddle kernel` builds for a guest, against that guest's kernel.
install(DIRECTORY harness/kernel/guest/ DESTINATION "${CMAKE_INSTALL_DATADIR}/heddle/kernel")
install(FILES scripts/completion/heddle.bash RENAME heddle
        DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
find_program(SCDOC scdoc)
if(SCDOC)
  file(GLOB MAN_SOURCES CONFIGURE_DEPENDS docs/heddle*.[1-8].scd)
  foreach(source IN LISTS MAN_SOURCES)
    cmake_path(GET source STEM LAST_ONLY page) # heddle.1
    cmake_path(GET page EXTENSION LAST_ONLY section)
    string(SUBSTRING "${section}" 1 -1 section)
    set(output "${PROJECT_BINARY_DIR}/${page}")
    add_custom_command(OUTPUT "${output}" DEPENDS "${source}" VERBATIM
      COMMAND sh -c "exec \"$1\" <\"$2\" >\"$3\"" scdoc "${SCDOC}" "${source}" "${output}")
    list(APPEND MAN_PAGES "${output}")
    install(FILES "${output}" DESTINATION "${CMAKE_INSTALL_MANDIR}/man${section}")
  endforeach()
  add_custom_target(heddle_man ALL DEPENDS ${MAN_PAGES})
endif()

# ---- And back ------------------------------------------------------------------------------------

add_custom_target(uninstall VERBATIM
  COMMAND "${CMAKE_COMMAND}" -D "manifest=${PROJECT_BINARY_DIR}/install_manifest.txt"
          -P "${PROJECT_SOURCE_DIR}/scripts/install/uninstall.cmake")
