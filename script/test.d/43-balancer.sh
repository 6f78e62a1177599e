# Several chat servers behind nginx and HAProxy, as deploy/ configures them.
have nginx || have /usr/sbin/nginx || skip "no nginx: script/bootstrap --test"
have haproxy || have /usr/sbin/haproxy || skip "no HAProxy: script/bootstrap --test"
build release aerie-chat
PATH=$PATH:/usr/sbin counted env AERIE_CHAT="$PWD/build/release/bin/aerie-chat" node tests/balancer/run.mjs ${filter:+"$filter"}
