# The reference gateways under the sanitizers: one round of all scenarios against four event loops, of NestJS 12 in
# one build and of 11 in the other.
round_under() {
  local preset=$1 nestjs=$2
  counted "${runner[@]}" env AERIE_GATEWAYS="$PWD/build/$preset/bin/reference_gateways" DIFFERENTIAL_PLAN="1x1x4x$nestjs" \
    node tests/differential/run.mjs ${filter:+"$filter"}
}

build asan reference_gateways
round_under asan 12
build tsan reference_gateways
tsan_runner build/tsan/bin/reference_gateways
round_under tsan 11
