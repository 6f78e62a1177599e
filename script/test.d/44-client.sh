# The client in C++ and `aerie connect` against the official server and against Aerie's, with one thread and with four, and
# through proxies.
build asan aerie client_talker client_suite client_hello_world conformance_server
counted script/check-client-symbols build/asan/bin/client_hello_world
client_tests() {
  counted env AERIE_BIN="$PWD/build/asan/bin" "$@" node --test tests/client/*.test.mjs
}
client_tests AERIE_TARGET=official
for threads in 1 4; do
  client_tests AERIE_FIXTURE="$PWD/build/asan/bin/conformance_server" AERIE_THREADS=$threads
done
