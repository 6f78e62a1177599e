# Reads the output of one test program and prints: passed failed skipped. Understands GoogleTest, TAP, Vitest, Python's
# unittest and lines such as "12 passed, 1 failed, 2 skipped", of which the last one counts.
function number_before(word,    i) {
  for (i = 2; i <= NF; i++) if ($i ~ "^" word) return $(i - 1) + 0
  return 0
}
{ gsub(/\033\[[0-9;]*m/, "") }
/^\[  PASSED  \] [0-9]+ tests?/ { passed = $4; seen = 1 }
/^\[  FAILED  \] [0-9]+ tests?, listed/ { failed = $4; seen = 1 }
/^\[  SKIPPED \] [0-9]+ tests?, listed/ { skipped = $4; seen = 1 }
/^# pass [0-9]+$/ { passed = $3; seen = 1 }
/^# (fail|cancelled) [0-9]+$/ { tap_failed[$2] = $3; failed = tap_failed["fail"] + tap_failed["cancelled"]; seen = 1 }
/^# skipped [0-9]+$/ { skipped = $3 }
/^ *Tests +.*[0-9]+ (passed|failed)/ {
  passed = number_before("passed"); failed = number_before("failed"); skipped = number_before("skipped"); seen = 1
}
/[0-9]+ passed, [0-9]+ failed/ {
  passed = number_before("passed"); failed = number_before("failed"); skipped = number_before("skipped"); seen = 1
}
/^Ran [0-9]+ tests? in / { passed = $2; seen = 1 }
/^FAILED \(/ {
  while (match($0, /(failures|errors)=[0-9]+/)) {
    split(substr($0, RSTART, RLENGTH), part, "=")
    failed += part[2]
    $0 = substr($0, RSTART + RLENGTH)
  }
  passed -= failed
}
END { if (seen) print passed + 0, failed + 0, skipped + 0 }
