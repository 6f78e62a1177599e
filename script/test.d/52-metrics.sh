# The page of metrics, the dashboard and the documentation against each other.
build release aerie-chat
counted env AERIE_BIN="$PWD/build/release/bin" node tests/metrics/run.mjs ${filter:+"$filter"}
