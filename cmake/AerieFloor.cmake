# aerie_floor(<name> [HOT] [UNIT <unit>] [SOURCES <file>...] [MORE <file>...] [DEPENDS <public>...] [PRIVATE <private>...])
#
# One library per floor of the house: sources in src/<name>, public headers in
# include/aerie/<name>, target aerie::<name>. A floor without sources yet is an
# interface target, so that its headers can be used and tested. HOT: every event
# runs through it.
#
# With SOURCES, paths below src, it is a library of files of several floors, which
# is made first: those floors do not compile them again. MORE: files below src beside
# those of the floor's folder.
#
# With AERIE_JOIN_FLOORS, the files of all floors of one UNIT are compiled at once, which
# takes two thirds of the time, and the floors are names for one library of them all.
set(AERIE_FLOORS "")
cmake_host_system_information(RESULT AERIE_MEMORY QUERY TOTAL_PHYSICAL_MEMORY)

function(aerie_floor name)
  cmake_parse_arguments(PARSE_ARGV 1 floor "HOT" "UNIT" "SOURCES;MORE;DEPENDS;PRIVATE")
  set(target aerie_${name})
  file(GLOB sources CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  if(floor_SOURCES)
    list(TRANSFORM floor_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/src/ OUTPUT_VARIABLE sources)
    set(AERIE_SHARED_SOURCES ${AERIE_SHARED_SOURCES} ${sources} PARENT_SCOPE)
  elseif(AERIE_SHARED_SOURCES)
    list(REMOVE_ITEM sources ${AERIE_SHARED_SOURCES})
  endif()
  list(TRANSFORM floor_MORE PREPEND ${PROJECT_SOURCE_DIR}/src/)
  list(APPEND sources ${floor_MORE})
  if(sources AND AERIE_JOIN_FLOORS AND floor_UNIT)
    aerie_join("${floor_UNIT}" "${sources}" "${floor_DEPENDS};${floor_PRIVATE}")
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
    target_link_libraries(${target} INTERFACE aerie_joined)
  elseif(sources)
    add_library(${target} ${sources})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE ${floor_PRIVATE})
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
    set_target_properties(${target} PROPERTIES
      OUTPUT_NAME aerie_${name}
      DEFINE_SYMBOL ""  # The sources do not ask, and objects are the same for every kind of library.
      VERSION ${PROJECT_VERSION}
      # The versions that the package calls compatible: SameMinorVersion in AerieInstall.cmake.
      SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
    aerie_compile_options(${target})
    if(NOT AERIE_SANITIZE)
      # A program that is linked with --gc-sections has of the library only what it uses: the smallest client is half as large.
      target_compile_options(${target} PRIVATE -ffunction-sections -fdata-sections)
    endif()
    if(floor_HOT AND CMAKE_UNITY_BUILD AND CMAKE_BUILD_TYPE STREQUAL Release)
      # All files at once: what is inlined does not depend on how many there are, and is more (bench/counts).
      set_target_properties(${target} PROPERTIES UNITY_BUILD_BATCH_SIZE 0)
      if(CMAKE_CXX_FLAGS_RELEASE MATCHES "-O3")
        # g++ bounds how much inlining may add to a unit, which is too little for one of this size.
        target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:--param=inline-unit-growth=300>)
      endif()
    endif()
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(aerie::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name}
    AERIE_DEPENDS "${floor_DEPENDS}" AERIE_PRIVATE "${floor_PRIVATE}")
  target_compile_features(${target} ${scope} cxx_std_20)
  target_include_directories(${target} ${scope}
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${target} ${scope} ${floor_DEPENDS})
  set(AERIE_FLOORS ${AERIE_FLOORS} aerie::${name} PARENT_SCOPE)
endfunction()

# Adds a floor's files and the packages it needs to the library of the joined floors.
function(aerie_join unit sources needed)
  if(NOT TARGET aerie_joined)
    add_library(aerie_joined STATIC)
    set_target_properties(aerie_joined PROPERTIES UNITY_BUILD_MODE GROUP)
    target_compile_features(aerie_joined PUBLIC cxx_std_20)
    target_include_directories(aerie_joined PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
    aerie_compile_options(aerie_joined)
  endif()
  target_sources(aerie_joined PRIVATE ${sources})
  set_source_files_properties(${sources} PROPERTIES UNITY_GROUP ${unit})
  list(FILTER needed EXCLUDE REGEX "^(aerie::.*)?$")
  target_link_libraries(aerie_joined PRIVATE ${needed})
endfunction()

# Warnings and sanitizers for a target of this project.
function(aerie_compile_options target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # g++ 12 sees overlapping copies in its own std::string (GCC PR 105651).
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND (CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13 OR CMAKE_CXX_FLAGS_RELEASE MATCHES "-Og"))
    # It sees what an empty std::optional does not destroy (GCC PR 80635): g++ 13 and 14 everywhere, g++ 12 below -O3.
    target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)
  endif()
  if(CMAKE_UNITY_BUILD)
    # Several files at once: one file's globals are no business of another's locals.
    target_compile_options(${target} PRIVATE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND AERIE_MEMORY GREATER_EQUAL 8000)
      # A tenth of the time: g++ looks for garbage only when it has used 1 GB, as few of these units do.
      target_compile_options(${target} PRIVATE --param=ggc-min-heapsize=1000000)
    endif()
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # As clang does anyway: a public function may be inlined where it is defined, though the code is position
    # independent. 5 % fewer instructions.
    target_compile_options(${target} PRIVATE -fno-semantic-interposition)
  endif()
  if(AERIE_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(AERIE_SANITIZE)
    target_compile_options(${target} PRIVATE
      -fsanitize=${AERIE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${AERIE_SANITIZE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL Clang AND AERIE_SANITIZE MATCHES undefined)
      # clang 14 cannot lay out coroutines with it: "Cannot represent a difference across sections".
      target_compile_options(${target} PRIVATE -fno-sanitize=function)
    endif()
  endif()
endfunction()

# aerie_require(<option> <script> <package> [version] [GLOBAL]): a package that only what <option> turns on needs, and
# the script that installs it on Debian and Ubuntu.
macro(aerie_require option script package)
  find_package(${package} ${ARGN} QUIET)
  if(NOT ${package}_FOUND)
    message(FATAL_ERROR "aerie: ${package} is not installed, which ${option} needs. ${script} installs it on Debian "
      "and Ubuntu; or do without: -D${option}=OFF")
  endif()
endmacro()

# What is built below this directory is optimized little, for most of a build's time is its own. See aerie_compile_options
# for the warning.
macro(aerie_optimize_little)
  add_compile_options($<$<CONFIG:Release>:-Og> $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endmacro()

# aerie_program(<name> SOURCES ... [LINK ...]): a program in build/<preset>/bin.
function(aerie_program name)
  cmake_parse_arguments(PARSE_ARGV 1 program "" "" "SOURCES;LINK")
  add_executable(${name} ${program_SOURCES})
  target_link_libraries(${name} PRIVATE ${program_LINK})
  if(NOT AERIE_SANITIZE AND NOT APPLE)
    target_link_options(${name} PRIVATE LINKER:--gc-sections)
  endif()
  aerie_compile_options(${name})
endfunction()

# aerie_test(<program>): a program that ctest runs; one that hangs is ended.
function(aerie_test program)
  if(AERIE_SANITIZE MATCHES undefined)
    # A quarter of the time that a test's own files take to compile; the library has these checks.
    target_compile_options(${program} PRIVATE -fno-sanitize=null,alignment,object-size,vptr)
  endif()
  set_target_properties(${program} PROPERTIES UNITY_BUILD_BATCH_SIZE 20)
  add_test(NAME ${program} COMMAND ${program})
  set_tests_properties(${program} PROPERTIES TIMEOUT 600)
endfunction()
