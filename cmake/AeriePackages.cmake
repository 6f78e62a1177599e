# Debian packages: script/package builds for them and calls cpack. One for programs that are linked to Aerie, one to build
# programs with, the command, and the chat as a service.
#
# What belongs to a system, and to no other prefix, is left out by `cmake --install`.
install(FILES ${PROJECT_SOURCE_DIR}/README.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/aerie-chat COMPONENT chat
  EXCLUDE_FROM_ALL)
install(FILES ${PROJECT_SOURCE_DIR}/deploy/systemd/aerie-chat.service DESTINATION lib/systemd/system COMPONENT chat
  EXCLUDE_FROM_ALL)
install(FILES ${PROJECT_SOURCE_DIR}/deploy/systemd/aerie-chat.default DESTINATION /etc/default RENAME aerie-chat
  COMPONENT chat EXCLUDE_FROM_ALL)

set(abi ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME aerie)
set(CPACK_PACKAGE_VENDOR "The Aerie authors")
set(CPACK_PACKAGE_CONTACT "The Aerie authors <maintainers@aerie.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL libraries development tools chat)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR})
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)

set(CPACK_DEBIAN_LIBRARIES_PACKAGE_NAME libaerie${abi})
set(CPACK_DEBIAN_LIBRARIES_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARIES_DESCRIPTION
  "Socket.IO and gateways in C++: the libraries\n Servers, clients and clusters for Socket.IO, WebSocket and HTTP.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libaerie-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libaerie${abi} (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION
  "Socket.IO and gateways in C++: headers\n With packages for CMake and pkg-config.")
set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME aerie-tools)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS "libaerie${abi} (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_TOOLS_PACKAGE_SUGGESTS "libaerie-dev, cmake (>= 3.25), g++")
set(CPACK_DEBIAN_TOOLS_DESCRIPTION
  "Socket.IO and gateways in C++: the command aerie\n Begins projects, generates gateways, and talks to servers as a client.")
set(CPACK_DEBIAN_CHAT_PACKAGE_NAME aerie-chat)
set(CPACK_DEBIAN_CHAT_PACKAGE_SECTION web)
set(CPACK_DEBIAN_CHAT_PACKAGE_DEPENDS "libaerie${abi} (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_CHAT_DESCRIPTION
  "Chat server with its page, as a service\n Rooms with history, anonymous channels and notifications, on Aerie.")
set(CPACK_DEBIAN_CHAT_PACKAGE_CONTROL_EXTRA
  ${PROJECT_SOURCE_DIR}/packaging/debian/chat/postinst
  ${PROJECT_SOURCE_DIR}/packaging/debian/chat/prerm
  ${PROJECT_SOURCE_DIR}/packaging/debian/chat/postrm
  ${PROJECT_BINARY_DIR}/debian/conffiles)
file(WRITE ${PROJECT_BINARY_DIR}/debian/conffiles "/etc/default/aerie-chat\n")
include(CPack)
