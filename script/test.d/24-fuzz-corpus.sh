# The kept inputs of the fuzz targets.
build asan fuzz_replay
counted build/asan/bin/fuzz_replay tests/fuzz/corpus
