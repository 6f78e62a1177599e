# The client in C++ and `aerie connect` against the official server, against Aerie's with one thread and with four,
# and through proxies. Servers and clients wait for each other most of the time.
build asan aerie client_talker client_suite client_hello_world conformance_server
counted script/check-client-symbols build/asan/bin/client_hello_world
bin=$PWD/build/asan/bin
counted_side_by_side <<EOF
env AERIE_BIN=$bin AERIE_TARGET=official node --test tests/client/*.test.mjs
env AERIE_BIN=$bin AERIE_FIXTURE=$bin/conformance_server AERIE_THREADS=1 node --test tests/client/*.test.mjs
env AERIE_BIN=$bin AERIE_FIXTURE=$bin/conformance_server AERIE_THREADS=4 node --test tests/client/*.test.mjs
EOF
