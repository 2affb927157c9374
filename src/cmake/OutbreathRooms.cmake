# SPDX-License-Identifier: GPL-3.0-or-later
# One static library a room. ob_room() is the only place that says what a room may include:
# tests/house checks every #include against the DEPS given here.

add_library(ob_flags INTERFACE)
target_compile_options(ob_flags INTERFACE
  -Wall -Wextra -Wshadow -Wundef -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wdouble-promotion
  # The same events must give the same snapshots in every preset: no contraction, no replacement of
  # libm calls by constants or by each other (sqrt, fabs and their like are exact and stay built in).
  -ffp-contract=off
  -fno-builtin-sin -fno-builtin-cos -fno-builtin-exp -fno-builtin-expm1 -fno-builtin-log
  -fno-builtin-log1p -fno-builtin-log2 -fno-builtin-log10 -fno-builtin-pow -fno-builtin-exp2
  -fno-builtin-tan -fno-builtin-tanh -fno-builtin-atan -fno-builtin-atan2 -fno-builtin-hypot
  -fno-builtin-cbrt -fno-builtin-sinf -fno-builtin-cosf -fno-builtin-expf -fno-builtin-logf
  -fno-builtin-powf -fno-builtin-tanhf -fno-builtin-exp2f)
target_include_directories(ob_flags INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_definitions(ob_flags INTERFACE OB_VERSION="${PROJECT_VERSION}")
if(OB_WERROR)
  target_compile_options(ob_flags INTERFACE -Werror)
endif()
if(OB_SANITIZE)
  target_compile_options(ob_flags INTERFACE -fsanitize=${OB_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(ob_flags INTERFACE -fsanitize=${OB_SANITIZE})
  add_library(ob_keep_loaded STATIC ${PROJECT_SOURCE_DIR}/tests/sanitizers/keep_loaded.c)
  # Before every library, or the C library's own dlclose is found first; and visible to those that are loaded later.
  target_link_options(ob_flags INTERFACE
    "LINKER:--whole-archive,$<TARGET_FILE:ob_keep_loaded>,--no-whole-archive,--export-dynamic-symbol=dlclose")
  target_link_libraries(ob_flags INTERFACE ob_keep_loaded)
  if(OB_SANITIZE MATCHES undefined)
    target_compile_options(ob_flags INTERFACE -fno-sanitize-recover=undefined)
  endif()
endif()
if(OB_FUZZ)
  target_compile_options(ob_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined)
  target_link_options(ob_flags INTERFACE -fsanitize=address,undefined)
endif()
if(OB_COVERAGE)
  target_compile_options(ob_flags INTERFACE --coverage)
  target_link_options(ob_flags INTERFACE --coverage)
endif()

# ob_room(NAME PURE|ADAPTER SOURCES file.c... [DEPS room...] [LIBS target...])
# Makes the library ob_NAME from the files of this folder. DEPS are rooms, LIBS are outside libraries.
function(ob_room name kind)
  cmake_parse_arguments(R "" "" "SOURCES;DEPS;LIBS" ${ARGN})
  add_library(ob_${name} STATIC ${R_SOURCES})
  list(TRANSFORM R_DEPS PREPEND ob_ OUTPUT_VARIABLE dep_targets)
  target_link_libraries(ob_${name} PUBLIC ob_flags ${dep_targets} ${R_LIBS})
  if(kind STREQUAL PURE)
    target_compile_options(ob_${name} PRIVATE -Wconversion)
    target_link_libraries(ob_${name} PUBLIC m)
  else()
    target_compile_definitions(ob_${name} PRIVATE _GNU_SOURCE)
  endif()
  set_property(GLOBAL APPEND PROPERTY OB_ROOMS "${name}|${kind}|${R_DEPS}")
endfunction()

# ob_test(ROOM NAME [DEPS room...] [ONE_THREAD] [FIGURES]): tests/ROOM/NAME.c with cmocka, linked with its room. Those of
# pure rooms and those marked ONE_THREAD get the label one_thread: the thread sanitizer has nothing to find in them. base is
# pure, but its rings and triples are there for threads. FIGURES judge what comes out of code that other tests run as well:
# no sanitizer looks at them.
function(ob_test room name)
  cmake_parse_arguments(T "ONE_THREAD;FIGURES" "TIMEOUT" "DEPS;LIBS;ARGS" ${ARGN})
  add_executable(${room}_${name} ${name}.c)
  list(TRANSFORM T_DEPS PREPEND ob_ OUTPUT_VARIABLE dep_targets)
  target_link_libraries(${room}_${name} PRIVATE ob_${room} ${dep_targets} ${T_LIBS} PkgConfig::CMOCKA ob_flags)
  target_compile_definitions(${room}_${name} PRIVATE _GNU_SOURCE
    OB_SOURCE_DIR="${PROJECT_SOURCE_DIR}" OB_TEST_DATA_DEFAULT="${PROJECT_SOURCE_DIR}/../shared/data")
  add_test(NAME ${room}.${name} COMMAND ${room}_${name} ${T_ARGS})
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 240)
  endif()
  set_tests_properties(${room}.${name} PROPERTIES TIMEOUT ${T_TIMEOUT} SKIP_RETURN_CODE 77)
  get_property(rooms GLOBAL PROPERTY OB_ROOMS)
  if(T_ONE_THREAD OR (rooms MATCHES "(^|;)${room}[|]PURE" AND NOT room STREQUAL base))
    set(T_ONE_THREAD ON)
    set_property(TEST ${room}.${name} PROPERTY LABELS one_thread)
  endif()
  if(T_FIGURES)
    set_property(TEST ${room}.${name} PROPERTY LABELS figures one_thread)
  endif()
  # What is not run under a sanitizer is not built for it.
  if((OB_SANITIZE AND T_FIGURES) OR (OB_SANITIZE STREQUAL thread AND T_ONE_THREAD))
    set_target_properties(${room}_${name} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

# ob_fuzz(NAME ROOM): tests/fuzz/fuzz_NAME.c defines LLVMFuzzerTestOneInput. In the fuzz preset it
# becomes a libFuzzer program; everywhere else it replays tests/fuzz/corpus/NAME/ under ctest.
function(ob_fuzz name room)
  add_executable(fuzz_${name} fuzz_${name}.c)
  target_link_libraries(fuzz_${name} PRIVATE ob_${room} ob_flags)
  if(OB_FUZZ)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    add_test(NAME fuzz.${name} COMMAND fuzz_${name} -runs=0 ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name})
  else()
    target_sources(fuzz_${name} PRIVATE replay_corpus.c)
    target_compile_definitions(fuzz_${name} PRIVATE _GNU_SOURCE)
    add_test(NAME fuzz.${name} COMMAND fuzz_${name} ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name})
  endif()
  set_tests_properties(fuzz.${name} PROPERTIES TIMEOUT 300)
  if(OB_SANITIZE STREQUAL thread)
    set_target_properties(fuzz_${name} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

# ob_bench(NAME [DEPS room...]): tests/bench/NAME.c, run by `./run bench`, never timed in the test run.
function(ob_bench name)
  cmake_parse_arguments(B "" "" "DEPS;LIBS" ${ARGN})
  add_executable(bench_${name} ${name}.c)
  list(TRANSFORM B_DEPS PREPEND ob_ OUTPUT_VARIABLE dep_targets)
  target_link_libraries(bench_${name} PRIVATE ${dep_targets} ${B_LIBS} ob_flags)
  target_compile_definitions(bench_${name} PRIVATE _GNU_SOURCE OB_TEST_DATA_DEFAULT="${PROJECT_SOURCE_DIR}/../shared/data")
endfunction()
