# The examples do what they say.
build release
counted node examples/run_all.mjs build/release/bin
