# What programs emit of their contracts, held against tsc, the official client's types and the validators.
build release reference_gateways aerie-chat example_controllers example_gateway_auth example_gateway_rooms \
  example_plain_websocket
counted env AERIE_BIN="$PWD/build/release/bin" node tests/contract/run.mjs ${filter:+"$filter"}
