# MessagePack against the library of the official parser.
build release msgpack_differential
counted node tests/conformance/msgpack/differential.mjs --program build/release/bin/msgpack_differential
