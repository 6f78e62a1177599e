# The client in C++ and `aerie connect` against socketioxide, where there is a compiler that takes it.
manifest=tests/client/others/socketioxide/Cargo.toml
command -v cargo >/dev/null || skip "cargo, which builds socketioxide, is not installed"
cargo build --quiet --locked --manifest-path $manifest --target-dir build/interop/rust ||
  skip "cargo could not build socketioxide: $manifest"
build asan aerie client_talker
counted env AERIE_BIN="$PWD/build/asan/bin" AERIE_FIXTURE="$PWD/build/interop/rust/debug/socketioxide-server" \
  AERIE_REFUSAL='{"message":"not authorized"}' node --test tests/client/interop.test.mjs
