# Unit tests under ThreadSanitizer.
mapfile -t programs < <(unit_programs)
build tsan "${programs[@]}"
tsan_runner "build/tsan/bin/${programs[0]}"
unit_tests tsan "${programs[@]}"
