# The chat's server from outside.
build release aerie-chat
counted node tests/chat/run.mjs --program "$PWD/build/release/bin/aerie-chat" ${filter:+"$filter"}
