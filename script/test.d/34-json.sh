# The JSON codec against V8.
build release json_differential
counted node tests/conformance/json/differential.mjs --program build/release/bin/json_differential
