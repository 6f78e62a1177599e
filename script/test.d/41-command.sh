# What the command aerie writes compiles and runs.
build release
counted tests/cli/check build/release
