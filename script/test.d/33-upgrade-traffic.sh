# Messages in both directions while clients change from polling to WebSocket.
build release conformance_server
counted env AERIE_FIXTURE="$PWD/build/release/bin/conformance_server" \
  node tests/conformance/upgrade_traffic.mjs 2000
