# How a user's project comes to an Aerie that is installed. Sourced after script/lib/checks.sh.
consumer=$PWD/tests/package/consumer
talk=$PWD/tests/package/talk.mjs

# by_cmake PREFIX COMPONENTS [OPTION...]: builds the consumer's programs in $work/cmake.
by_cmake() {
  local prefix=$1 components=$2
  shift 2
  rm -rf "$work/cmake"
  cmake -S "$consumer" -B "$work/cmake" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DWAY=package -DCOMPONENTS="$components" \
    -DCMAKE_PREFIX_PATH="$prefix" "$@" && cmake --build "$work/cmake" --parallel "$(jobs_count)"
}

# A client's user needs no Redis, and links no server.
by_cmake_client_only() {
  by_cmake "$1" client -DCMAKE_DISABLE_FIND_PACKAGE_hiredis=ON &&
    ! ldd "$work/cmake/client" | grep -E 'aerie_(http|engineio|socketio|cluster|gateway)|hiredis|brotli'
}

by_pkg_config() {
  local prefix=$1 modules=$2 program=$3 folder
  folder=$(dirname "$(find "$prefix" -name aerie-core.pc)")
  # shellcheck disable=SC2046
  PKG_CONFIG_PATH=$folder g++ -std=c++20 "$consumer/$program.cpp" -o "$work/$program" \
    $(PKG_CONFIG_PATH=$folder pkg-config --cflags --libs "$modules") "-Wl,-rpath,$(dirname "$folder")"
}

talks() { node "$talk" "$@"; }

has_all_ways() {
  local prefix=$1
  step "a project finds server, gateway and client by CMake" by_cmake "$prefix" "server;gateway;client"
  step "the official client is answered by the server" talks "$work/cmake/server" "$work/cmake/client"
  step "the official client is answered by the gateway" talks "$work/cmake/gateway"
  step "a client alone needs nothing of a server's" by_cmake_client_only "$prefix"
  step "pkg-config: server" by_pkg_config "$prefix" aerie-server server
  step "pkg-config: client" by_pkg_config "$prefix" aerie-client client
  step "pkg-config: the official client is answered" talks "$work/server" "$work/client"
  step "pkg-config: all" by_pkg_config "$prefix" aerie server
}

refuses_unknown_component() {
  ! by_cmake "$1" "client;kafka" && grep -q kafka "$work/log"
}

# Two versions are two prefixes: a project finds the one that it was told.
stands_beside_another() {
  local build=$1 first=$2
  cmake --install "$build" --prefix "$work/other" &&
    by_cmake "$work/other" client && ! grep -rq "$first" "$work/cmake/build.ninja" &&
    by_cmake "$first" client && ! grep -rq "$work/other" "$work/cmake/build.ninja"
}

is_uninstalled() {
  local build=$1 prefix=$2
  cmake --install "$build" --prefix "$prefix" && cmake --build "$build" --target uninstall || return 1
  local left
  left=$(find "$prefix" -type f -o -type l)
  [[ -z $left ]] || { echo "left: $left"; return 1; }
}
