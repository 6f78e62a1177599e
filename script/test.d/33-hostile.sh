# Raw inputs against hostile_target and against the official server: only listed differences.
build asan hostile_target
counted node tests/conformance/hostile/compare.mjs build/asan/bin/hostile_target ${filter:+"$filter"}
