# aerie_contract(<program> [TYPESCRIPT <file>] [ASYNCAPI <file>] [OPENAPI <file>])
#
# Writes the contract of a program, which has emit_contract in its main, whenever the program was built. A file that says
# so already is left as it is, so what depends on it is not made anew. Names are relative to the directory of the call.
function(aerie_contract program)
  cmake_parse_arguments(PARSE_ARGV 1 contract "" "TYPESCRIPT;ASYNCAPI;OPENAPI" "")
  if(contract_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "aerie_contract(${program}): what is \"${contract_UNPARSED_ARGUMENTS}\"? It takes TYPESCRIPT, "
      "ASYNCAPI and OPENAPI, each with the name of a file")
  endif()
  set(words "")
  foreach(form IN ITEMS TYPESCRIPT ASYNCAPI OPENAPI)
    if(contract_${form})
      string(TOLOWER ${form} option)
      cmake_path(ABSOLUTE_PATH contract_${form} BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
      list(APPEND words --emit-${option} ${contract_${form}})
    endif()
  endforeach()
  if(NOT words)
    message(FATAL_ERROR "aerie_contract(${program}): name a file: TYPESCRIPT web/src/contract.ts")
  endif()
  add_custom_command(TARGET ${program} POST_BUILD COMMAND ${program} ${words} VERBATIM)
endfunction()
