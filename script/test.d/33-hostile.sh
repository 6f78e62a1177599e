# Raw inputs against hostile_target and against the official server: only listed differences. And in memory, cut into two
# reads at some places; at all of them without --offsets. Inputs of published vulnerabilities are held against versions that have
# them.
build asan hostile_target hostile_replay
counted node tests/conformance/hostile/compare.mjs build/asan/bin/hostile_target ${filter:+"$filter"}
counted node tests/conformance/hostile/controls.mjs ${filter:+"$filter"}
counted bash -c 'node tests/conformance/hostile/write_inputs.mjs | build/asan/bin/hostile_replay --offsets 16'
