# The official browser client, which a server offers at /socket.io/socket.io.js, lies in share/aerie/client beside the
# programs' bin. The files are npm's and come from wherever npm has put them; without them servers work, and answer
# requests for the client with a sentence that says what is missing.
set(AERIE_CLIENT_BUNDLE "" CACHE PATH "Directory with the files of npm's socket.io/client-dist")

set(client_bundle ${AERIE_CLIENT_BUNDLE})
foreach(candidate IN ITEMS
    ${PROJECT_SOURCE_DIR}/apps/chat/web/node_modules/socket.io-client/dist
    ${PROJECT_SOURCE_DIR}/tests/conformance/node_modules/socket.io/client-dist)
  if(NOT client_bundle AND EXISTS ${candidate}/socket.io.js)
    set(client_bundle ${candidate})
  endif()
endforeach()

if(client_bundle)
  file(GLOB client_files ${client_bundle}/socket.io*.js ${client_bundle}/socket.io*.js.map)
  file(COPY ${client_files} DESTINATION ${PROJECT_BINARY_DIR}/share/aerie/client)
  if(AERIE_INSTALL)
    install(FILES ${client_files} DESTINATION ${CMAKE_INSTALL_DATADIR}/aerie/client COMPONENT development)
  endif()
else()
  message(STATUS "aerie: no browser client found; run script/bootstrap, or set AERIE_CLIENT_BUNDLE")
endif()
