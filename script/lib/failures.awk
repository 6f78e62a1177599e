# Reads the log of a step and prints what failed in it: for each test that GoogleTest, TAP, Vitest, unittest or one of our
# reports calls failed the lines around, and what a sanitizer or the build has found. With `names` only the lines themselves.
function starts(line) {
  return line ~ /^ *not ok / || line ~ /^\[  FAILED  \] [^0-9]/ || line ~ /^ *(FAIL|×|✗) / || line ~ /^(FAIL|ERROR): / ||
         line ~ /ERROR: [A-Za-z]*Sanitizer/ || line ~ /WARNING: ThreadSanitizer/ || line ~ /runtime error: / ||
         line ~ /^FAILED[: ] / || line ~ /: (fatal )?error: /
}
{
  lines[NR] = $0
  if (starts($0)) {
    for (i = (NR > before ? NR - before : 1); i <= NR + after; i++) wanted[i] = 1
  }
}
BEGIN {
  before = names ? 0 : 12
  after = names ? 0 : 30
}
END {
  printed = 0
  for (i = 1; i <= NR && printed < limit; i++) {
    if (!(i in wanted)) continue
    if (printed > 0 && !names && !((i - 1) in wanted)) print "  ..."
    print lines[i]
    printed++
  }
  if (printed == 0 && !names) for (i = (NR > 80 ? NR - 79 : 1); i <= NR; i++) print lines[i]
}
