# The instructions of the hot paths against the table, under callgrind.
command -v valgrind >/dev/null || skip "valgrind is not installed: script/bootstrap --test"
build release bench_counts
compiler=$(build/release/bin/bench_counts --compiler)
grep -qxF "compiler $compiler" bench/counts/table.txt ||
  skip "the counts are those of another compiler than $compiler"
counted bench/counts/count
