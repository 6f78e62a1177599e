# `cmake --install` puts headers, libraries, a CMake package and pkg-config files in place. find_package(aerie COMPONENTS
# ...) offers the floors that were asked for, each by its name, with what they need and nothing else.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/aerie)

# The packages that a floor's targets come from, and their names for pkg-config.
set(AERIE_PACKAGE_Threads::Threads Threads)
set(AERIE_PACKAGE_OpenSSL::SSL OpenSSL)
set(AERIE_PACKAGE_OpenSSL::Crypto OpenSSL)
set(AERIE_PACKAGE_ZLIB::ZLIB ZLIB)
set(AERIE_PACKAGE_re2::re2 re2)
set(AERIE_PACKAGE_hiredis::hiredis hiredis)
set(AERIE_PACKAGE_brotli::brotlienc brotli)
set(AERIE_MODULE_OpenSSL::SSL libssl)
set(AERIE_MODULE_OpenSSL::Crypto libcrypto)
set(AERIE_MODULE_ZLIB::ZLIB zlib)
set(AERIE_MODULE_re2::re2 re2)
set(AERIE_MODULE_hiredis::hiredis hiredis)
set(AERIE_MODULE_brotli::brotlienc libbrotlienc)

# aerie_pkgconfig(<name> <description> <library flag> <modules> <private modules> <private flags>)
function(aerie_pkgconfig name description library modules private_modules private_flags)
  if(NOT BUILD_SHARED_LIBS)
    # An archive needs them wherever it is linked, and nobody asks for --static who has nothing but archives.
    list(APPEND modules ${private_modules})
    set(library "${library} ${private_flags}")
    set(private_modules "")
    set(private_flags "")
  endif()
  list(JOIN modules ", " modules)
  list(JOIN private_modules ", " private_modules)
  string(STRIP "${library}" library)
  # The file moves with what it lies beside.
  file(RELATIVE_PATH up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  string(REGEX REPLACE "/$" "" up ${up})
  file(WRITE ${PROJECT_BINARY_DIR}/pkgconfig/${name}.pc
    "prefix=\${pcfiledir}/${up}\n"
    "\n"
    "Name: ${name}\n"
    "Description: ${description}\n"
    "Version: ${PROJECT_VERSION}\n"
    "Requires: ${modules}\n"
    "Requires.private: ${private_modules}\n"
    "Libs: -L\${prefix}/${CMAKE_INSTALL_LIBDIR} ${library}\n"
    "Libs.private: ${private_flags}\n"
    "Cflags: -I\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}\n")
  install(FILES ${PROJECT_BINARY_DIR}/pkgconfig/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
    COMPONENT development)
endfunction()

# What aerie-config.cmake has to know of each floor.
set(AERIE_FLOOR_LIST "")

foreach(floor IN LISTS AERIE_FLOORS)
  string(REPLACE "aerie::" "" name ${floor})
  install(TARGETS aerie_${name} EXPORT aerie-${name}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT libraries NAMELINK_COMPONENT development
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
  install(EXPORT aerie-${name} NAMESPACE aerie:: FILE aerie-${name}-targets.cmake DESTINATION ${package_folder}
    COMPONENT development)

  get_target_property(depends aerie_${name} AERIE_DEPENDS)
  get_target_property(private aerie_${name} AERIE_PRIVATE)
  set(floors "")
  set(packages "")
  set(modules "")
  set(private_modules "")
  set(private_flags "")
  foreach(library IN LISTS depends)
    if(library MATCHES "^aerie::(.*)")
      list(APPEND floors ${CMAKE_MATCH_1})
      list(APPEND modules "aerie-${CMAKE_MATCH_1} = ${PROJECT_VERSION}")
    else()
      list(APPEND packages ${AERIE_PACKAGE_${library}})
    endif()
  endforeach()
  foreach(library IN LISTS private)
    if(NOT library MATCHES "::")
      string(APPEND private_flags " -l${library}")
    elseif(DEFINED AERIE_MODULE_${library})
      list(APPEND private_modules ${AERIE_MODULE_${library}})
      if(NOT BUILD_SHARED_LIBS)
        list(APPEND packages ${AERIE_PACKAGE_${library}})
      endif()
    else()
      message(FATAL_ERROR "aerie: AerieInstall.cmake does not know which package ${library} comes from")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES packages)
  string(APPEND AERIE_FLOOR_LIST
    "list(APPEND _aerie_floors ${name})\n"
    "set(_aerie_${name}_floors ${floors})\n"
    "set(_aerie_${name}_packages ${packages})\n")
  set(library_flag "-laerie_${name}")
  if(name STREQUAL core)
    string(APPEND library_flag " -pthread")
  endif()
  aerie_pkgconfig(aerie-${name} "${PROJECT_DESCRIPTION}: ${name}" "${library_flag}" "${modules}" "${private_modules}"
    "${private_flags}")
endforeach()

set(all_modules ${AERIE_FLOORS})
list(FILTER all_modules EXCLUDE REGEX testing)
list(TRANSFORM all_modules REPLACE "aerie::(.*)" "aerie-\\1 = ${PROJECT_VERSION}")
aerie_pkgconfig(aerie "${PROJECT_DESCRIPTION}" "" "${all_modules}" "" "")
aerie_pkgconfig(aerie-server "${PROJECT_DESCRIPTION}: server" "" "aerie-socketio = ${PROJECT_VERSION}" "" "")

install(DIRECTORY include/aerie DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
configure_package_config_file(cmake/aerie-config.cmake.in ${PROJECT_BINARY_DIR}/aerie-config.cmake
  INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/aerie-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/aerie-config.cmake ${PROJECT_BINARY_DIR}/aerie-config-version.cmake
  cmake/AerieDependencies.cmake cmake/AerieContract.cmake cmake/AeriePrecompile.cmake
  DESTINATION ${package_folder} COMPONENT development)

if(PROJECT_IS_TOP_LEVEL)
  add_custom_target(uninstall
    COMMAND ${CMAKE_COMMAND} -P ${PROJECT_SOURCE_DIR}/cmake/uninstall.cmake
    WORKING_DIRECTORY ${PROJECT_BINARY_DIR} VERBATIM)
endif()
