# The floors above the lowest that meet sockets, with all runtimes sending by io_uring, whatever a turn has to send. The
# lowest has tests of that, and of the calls that are made without it.
build release unit_core
if [[ $(build/release/bin/unit_core --gtest_filter='JointSenderTest.*') == *SKIPPED* ]]; then
  skip "the system refuses io_uring, or has none"
fi
runner=(env AERIE_UNIT_IO_URING=1)
programs=(unit_http unit_engineio unit_socketio unit_gateway unit_tls unit_client)
unit_tests release "${programs[@]}"
unit_tests asan "${programs[@]}"
