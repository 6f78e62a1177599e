# The same under ThreadSanitizer, with several event loops.
build tsan conformance_server
tsan_runner build/tsan/bin/conformance_server
[[ ${#runner[@]} == 0 ]] || skip "the fixture cannot be started without memory spreading"
conformance tsan AERIE_THREADS=4
