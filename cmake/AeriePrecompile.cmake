# aerie_precompile_headers(<target>... [HEADERS <header>...])
#
# Compiles Aerie's headers once for a target, so that each of its files is compiled without reading them again:
# `aerie/gateway/gateways.hpp`, or the headers that are named. Further targets use what was precompiled for the first, and
# so have to be compiled with the same options and definitions. What it gives stands in docs/performance.md.
function(aerie_precompile_headers)
  cmake_parse_arguments(PARSE_ARGV 0 precompile "" "" "HEADERS")
  if(NOT precompile_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "aerie_precompile_headers: name a target")
  endif()
  if(NOT precompile_HEADERS)
    set(precompile_HEADERS aerie/gateway/gateways.hpp)
  endif()
  list(POP_FRONT precompile_UNPARSED_ARGUMENTS first)
  list(TRANSFORM precompile_HEADERS REPLACE "^[^<].*" "<\\0>")
  target_precompile_headers(${first} PRIVATE ${precompile_HEADERS})
  foreach(target IN LISTS precompile_UNPARSED_ARGUMENTS)
    target_precompile_headers(${target} REUSE_FROM ${first})
  endforeach()
endfunction()
