# Everything Aerie builds on, found once. Debian's package names are in script/bootstrap. The targets are seen by
# projects, too, that have Aerie as a subdirectory.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(ZLIB REQUIRED)

# Debian's RE2 ships a pkg-config file only; newer ones ship a CMake package too.
find_package(re2 CONFIG QUIET)
if(NOT TARGET re2::re2)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET GLOBAL re2)
  add_library(re2::re2 ALIAS PkgConfig::RE2)
endif()
# hiredis likewise, before its 1.0.
find_package(hiredis CONFIG QUIET)
if(NOT TARGET hiredis::hiredis)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(HIREDIS REQUIRED IMPORTED_TARGET GLOBAL hiredis)
  add_library(hiredis::hiredis ALIAS PkgConfig::HIREDIS)
endif()
# brotli ships nothing but a pkg-config file.
find_package(PkgConfig REQUIRED)
pkg_check_modules(BROTLIENC REQUIRED IMPORTED_TARGET GLOBAL libbrotlienc)
unset(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL)
