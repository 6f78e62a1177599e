# The chat's server from outside.
# Runs beside other steps.
build release aerie-chat
counted node tests/chat/api.mjs --program "$PWD/build/release/bin/aerie-chat" ${filter:+--only "$filter"}
