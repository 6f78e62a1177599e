# The floors above the lowest that meet sockets, with all runtimes sending by io_uring, whatever a turn has to send. The
# lowest has tests of that, and of the calls that are made without it.
runner=(env AERIE_UNIT_IO_URING=1)
unit_tests release unit_http unit_engineio unit_socketio unit_gateway unit_tls unit_client
