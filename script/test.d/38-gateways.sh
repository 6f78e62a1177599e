# Gateways on real sockets: ports and paths of their own, plain WebSockets with npm's ws, what misbehaves
# beside what works, and what clients send again.
gateways() {
  local preset=$1 threads=$2
  shift 2
  for test in places plain_websocket robustness drain retries; do
    printf '%q ' env AERIE_GATEWAYS="$PWD/build/$preset/bin/gateway_server" AERIE_THREADS="$threads" "$@" \
      node --test tests/conformance/gateways/$test.test.mjs
    echo
  done
}

build release gateway_server
build asan gateway_server
{
  gateways release 1
  gateways release 4
  gateways asan 1 AERIE_ROUNDS=1
  gateways asan 4 AERIE_ROUNDS=1
} | counted_side_by_side
build tsan gateway_server
tsan_runner build/tsan/bin/gateway_server
[[ ${#runner[@]} == 0 ]] || skip "the server cannot be started without memory spreading"
gateways tsan 4 AERIE_ROUNDS=1 | counted_side_by_side
