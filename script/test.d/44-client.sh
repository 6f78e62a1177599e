# The client in C++ and `aerie connect` against the official server and against Aerie's.
build asan aerie client_talker conformance_server
counted env AERIE_BIN="$PWD/build/asan/bin" AERIE_TARGET=official node --test tests/client/interop.test.mjs
counted env AERIE_BIN="$PWD/build/asan/bin" AERIE_FIXTURE="$PWD/build/asan/bin/conformance_server" \
  node --test tests/client/interop.test.mjs
