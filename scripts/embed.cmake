# SPDX-License-Identifier: LGPL-2.1-or-later
#
# heddle_embed(FOLDER FILE NAME): a text file of harness/FOLDER as an array of C, to be included as
# "FOLDER/FILE.h".  A string literal would not do: the standard promises 4095 characters.

function(heddle_embed folder base name)
  set(file "${PROJECT_SOURCE_DIR}/harness/${folder}/${base}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
  file(READ "${file}" bytes HEX)
  string(REGEX REPLACE "(................................................)" "\\1\n    " bytes
         "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1, " bytes "${bytes}")
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/embed/${folder}/${base}.h" @ONLY CONTENT
"/* Made from harness/@folder@/@base@. */
static const char @name@[] = {
    @bytes@
};
")
endfunction()
