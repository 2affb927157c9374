# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DPLAIN=... -DOPTIMISED=... -P presets.cmake: both programs must print the same hash.
execute_process(COMMAND ${PLAIN} OUTPUT_VARIABLE plain RESULT_VARIABLE plain_status)
execute_process(COMMAND ${OPTIMISED} OUTPUT_VARIABLE optimised RESULT_VARIABLE optimised_status)
message(STATUS "-O0: ${plain}-O3: ${optimised}")
if(plain_status OR optimised_status OR NOT plain MATCHES "^[0-9a-f]+ [1-9][0-9][0-9]+ beats")
  message(FATAL_ERROR "a program failed")
endif()
if(NOT plain STREQUAL optimised)
  message(FATAL_ERROR "the same events give different snapshots at different optimisation")
endif()
