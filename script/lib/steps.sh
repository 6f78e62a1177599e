# What the steps in script/test.d are written with. Sourced by script/test, which sets `counts` and `filter`.

# A sanitizer's finding ends the program.
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:abort_on_error=0
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:suppressions=$PWD/script/lib/tsan.supp
export NO_COLOR=1

# Runs a test program and adds what it counts; one that counts nothing is a test of its own.
counted() {
  local output status=0 numbers passed failed skipped
  output=$(mktemp)
  printf '\n$ %s\n' "$*"
  timeout --kill-after=10 "${step_limit:-15m}" "$@" 2>&1 | tee "$output" || status=${PIPESTATUS[0]}
  numbers=$(awk -f script/lib/count.awk "$output")
  rm -f "$output"
  [[ $status != 124 ]] || echo "stopped: it took longer than ${step_limit:-15m}"
  if [[ -z $numbers ]]; then
    numbers="$((status == 0)) 0 0"
  fi
  read -r passed failed skipped <<<"$numbers"
  if [[ $status != 0 && $failed == 0 ]]; then failed=1; fi
  echo "$passed $failed $skipped" >>"$counts"
}

# Ends the step: its tests cannot be run on this machine.
skip() {
  echo "skipped: $*"
  echo "0 0 1" >>"$counts"
  exit 0
}

# Builds targets of a preset; without them the step fails. One at a time in each folder, and behind what runs beside:
# a browser that gets no turns for seconds fails tests that are right.
build() {
  mkdir -p build
  flock "build/.$1.lock" nice -n 15 script/build "$@" && return
  echo "the build has failed"
  echo "0 1 0" >>"$counts"
  exit 0
}

# Reads command lines, one a line, and runs them as `counted` does, as many at a time as there are cores. What each has
# printed follows when it has ended.
counted_side_by_side() {
  local line output running=0
  while read -r line; do
    if ((running == $(nproc))); then
      wait -n || true
      running=$((running - 1))
    fi
    (
      output=$(mktemp)
      eval "counted $line" >"$output" 2>&1
      cat "$output"
      rm -f "$output"
    ) &
    running=$((running + 1))
  done
  wait
}

# Runs the unit tests of a preset that match the filter.
unit_tests() {
  local preset=$1 program
  shift
  build "$preset" "$@"
  for program in "$@"; do
    printf '%q ' "${runner[@]}" "build/$preset/bin/$program" --gtest_brief=1 ${filter:+--gtest_filter="*$filter*"}
    echo
  done | counted_side_by_side
}
runner=()

# Every unit test program there is: tests/unit/<part> becomes unit_<part>.
unit_programs() {
  local file
  for file in tests/unit/*/; do
    compgen -G "$file*_test.cpp" >/dev/null && echo "unit_$(basename "$file")"
  done
}

# Runs the conformance tests against a preset's fixture; further arguments are settings of theirs.
conformance() {
  local preset=$1
  shift
  build "$preset" conformance_server
  counted env AERIE_FIXTURE="$PWD/build/$preset/bin/conformance_server" "$@" \
    node tests/conformance/run.mjs ${filter:+"$filter"}
}

# Runs the cluster tests against a preset's server.
cluster() {
  local preset=$1
  build "$preset" cluster_target aerie
  counted env AERIE_CLUSTER_TARGET="$PWD/build/$preset/bin/cluster_target" \
    node tests/cluster/run.mjs ${filter:+"$filter"}
}

# g++ 12's ThreadSanitizer does not start where the kernel spreads memory widely; there it is run without that.
tsan_runner() {
  "$1" --help >/dev/null 2>&1 && return
  setarch -R "$1" --help >/dev/null 2>&1 || skip "ThreadSanitizer does not start on this kernel"
  runner=(setarch -R)
}
