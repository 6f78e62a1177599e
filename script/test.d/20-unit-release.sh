# Unit tests as users build the library.
mapfile -t programs < <(unit_programs)
build release
unit_tests release "${programs[@]}"
