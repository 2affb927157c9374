# SPDX-License-Identifier: GPL-3.0-or-later
# Run as a script: writes OUT, a C file that holds every file of FILES (a list) as a string, named relative to ROOT.
# The strings are arrays of bytes, since C only promises literals of 4095 characters.
set(text "/* Written by the build from shaders/. */\n#include \"render/embedded.h\"\n\n")
set(table "")
set(index 0)
foreach(file IN LISTS FILES)
  file(RELATIVE_PATH name ${ROOT} ${file})
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(APPEND text "static const char text_${index}[] = {${bytes}0};\n")
  string(APPEND table "    {\"${name}\", text_${index}},\n")
  math(EXPR index "${index} + 1")
endforeach()
string(APPEND text "\nconst struct ob_embedded ob_embedded_shaders[] = {\n${table}    {0, 0},\n};\n")
file(WRITE ${OUT} "${text}")
