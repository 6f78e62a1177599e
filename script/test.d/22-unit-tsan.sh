# Unit tests under ThreadSanitizer: of the parts whose tests start threads.
mapfile -t programs < <(unit_programs | while read -r program; do
  grep -rlqE 'std::j?thread|[.]threads = [^1]|_thread' --include='*.[ch]pp' "tests/unit/${program#unit_}" && echo "$program"
done)
build tsan "${programs[@]}"
tsan_runner "build/tsan/bin/${programs[0]}"
unit_tests tsan "${programs[@]}"
