# The chat in a real browser.
# Runs beside other steps.
script/bootstrap --browser || skip "no Chromium: it could not be installed"
have chromium || skip "no Chromium"
build release aerie-chat
npm --prefix apps/chat/web run --silent build
counted node tests/browser/chat.mjs --chromium "$(command -v chromium)" \
  --program "$PWD/build/release/bin/aerie-chat --page $PWD/apps/chat/web/dist" ${filter:+--only "$filter"}
