# What checks are written with that are shell scripts of their own. Sourced after common.sh; gives them a folder, `work`,
# that is gone at the end.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

# Runs a step; what it prints is shown if it fails.
step() {
  local name=$1
  shift
  if "$@" >"$work/log" 2>&1; then
    passed=$((passed + 1))
    echo "passed $name"
  else
    failed=$((failed + 1))
    echo "failed $name:"
    tail -n 40 "$work/log"
  fi
}

skip_step() {
  skipped=$((skipped + 1))
  echo "skipped: $*"
}

# The last line, and the status.
report() {
  echo "$passed passed, $failed failed, $skipped skipped"
  [[ $failed == 0 ]]
}
