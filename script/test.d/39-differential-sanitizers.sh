# The reference gateways under the sanitizers: one round of all scenarios against four event loops.
round_under() {
  local preset=$1
  counted "${runner[@]}" env AERIE_GATEWAYS="$PWD/build/$preset/bin/reference_gateways" DIFFERENTIAL_PLAN=1x1x4 \
    node tests/differential/run.mjs ${filter:+"$filter"}
}

build asan reference_gateways
round_under asan
build tsan reference_gateways
tsan_runner build/tsan/bin/reference_gateways
round_under tsan
