# Reads the port as vcpkg would, with each of its functions asked for what it was given. Run in the checkout.
set(CURRENT_PORT_DIR ${CMAKE_CURRENT_LIST_DIR}/../../packaging/vcpkg/ports/aerie)
set(CURRENT_PACKAGES_DIR ${CMAKE_CURRENT_BINARY_DIR}/no-such-folder)
set(PORT aerie)
file(READ ${CMAKE_CURRENT_LIST_DIR}/../../CMakeLists.txt project)

function(vcpkg_find_acquire_program name)
  set(${name} pkg-config PARENT_SCOPE)
endfunction()

# Each option of the port is one of the project's.
function(vcpkg_cmake_configure)
  cmake_parse_arguments(PARSE_ARGV 0 given "" "SOURCE_PATH" "OPTIONS")
  if(NOT EXISTS ${given_SOURCE_PATH}/CMakeLists.txt)
    message(FATAL_ERROR "the project is not in ${given_SOURCE_PATH}")
  endif()
  foreach(option IN LISTS given_OPTIONS)
    string(REGEX MATCH "AERIE_[A-Z_]+" name ${option})
    if(name AND NOT project MATCHES "option\\(${name} ")
      message(FATAL_ERROR "the project has no option ${name}")
    endif()
  endforeach()
endfunction()

function(vcpkg_cmake_install)
endfunction()

function(vcpkg_cmake_config_fixup)
  cmake_parse_arguments(PARSE_ARGV 0 given "" "CONFIG_PATH" "")
  if(NOT given_CONFIG_PATH STREQUAL "lib/cmake/aerie")
    message(FATAL_ERROR "the package for CMake is not in ${given_CONFIG_PATH}")
  endif()
endfunction()

function(vcpkg_fixup_pkgconfig)
endfunction()

function(vcpkg_install_copyright)
  cmake_parse_arguments(PARSE_ARGV 0 given "" "" "FILE_LIST")
  if(NOT EXISTS ${given_FILE_LIST})
    message(FATAL_ERROR "there is no ${given_FILE_LIST}")
  endif()
endfunction()

# Nothing is written.
function(file word)
  if(word STREQUAL INSTALL AND NOT EXISTS ${ARGV1})
    message(FATAL_ERROR "there is no ${ARGV1}")
  endif()
endfunction()

include(${CURRENT_PORT_DIR}/portfile.cmake)
