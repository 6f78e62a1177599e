# Unit tests under ThreadSanitizer; without the floors whose tests start no thread.
mapfile -t programs < <(unit_programs | grep -vxE 'unit_(schema|auth|websocket)')
build tsan "${programs[@]}"
tsan_runner "build/tsan/bin/${programs[0]}"
unit_tests tsan "${programs[@]}"
