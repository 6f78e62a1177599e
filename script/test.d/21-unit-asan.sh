# Unit tests under AddressSanitizer and UndefinedBehaviorSanitizer.
mapfile -t programs < <(unit_programs)
unit_tests asan "${programs[@]}"
