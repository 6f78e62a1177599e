# The reference gateways against transcripts of NestJS 11 and 12: ten runs with one event loop, four with two.
build release reference_gateways
counted env AERIE_GATEWAYS="$PWD/build/release/bin/reference_gateways" \
  node tests/differential/run.mjs ${filter:+"$filter"}
