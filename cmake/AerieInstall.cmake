# `cmake --install` puts headers, libraries and a CMake package in place:
# find_package(aerie) then offers aerie::aerie and every floor by name.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(DIRECTORY include/aerie DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
set(floor_targets aerie_umbrella)
foreach(floor IN LISTS AERIE_FLOORS)
  string(REPLACE "aerie::" "aerie_" target ${floor})
  list(APPEND floor_targets ${target})
endforeach()
install(TARGETS ${floor_targets} EXPORT aerie-targets)
install(EXPORT aerie-targets NAMESPACE aerie:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/aerie)
configure_package_config_file(cmake/aerie-config.cmake.in
  ${PROJECT_BINARY_DIR}/aerie-config.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/aerie)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/aerie-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/aerie-config.cmake ${PROJECT_BINARY_DIR}/aerie-config-version.cmake
  cmake/AerieDependencies.cmake cmake/AerieContract.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/aerie)
