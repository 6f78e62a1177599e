# The official Admin UI against us, beside an official server: what it is told, what it does, and its page in a browser.
script/bootstrap --browser || skip "no Chromium: it could not be installed"
build release admin_server
counted env AERIE_BIN="$PWD/build/release/bin" node tests/admin/run.mjs ${filter:+"$filter"}
