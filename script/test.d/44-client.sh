# The client in C++ and `aerie connect` against the official server, against Aerie's with one thread and with four, and
# against python-socketio; and through proxies.
build asan aerie client_talker client_suite client_hello_world conformance_server
counted script/check-client-symbols build/asan/bin/client_hello_world
client_tests() {
  counted env AERIE_BIN="$PWD/build/asan/bin" "$@" node --test tests/client/*.test.mjs
}
client_tests AERIE_TARGET=official
for threads in 1 4; do
  client_tests AERIE_FIXTURE="$PWD/build/asan/bin/conformance_server" AERIE_THREADS=$threads
done
if [[ -e build/interop/python.txt ]]; then
  counted env AERIE_BIN="$PWD/build/asan/bin" AERIE_FIXTURE="$PWD/tests/client/others/python_server.py" \
    PYTHONPATH="$PWD/build/interop/python" AERIE_NO_NAMESPACE='Unable to connect' AERIE_QUIET=2500 \
    node --test tests/client/interop.test.mjs
else
  skip "pip could not install python-socketio: tests/client/others/requirements.txt"
fi
