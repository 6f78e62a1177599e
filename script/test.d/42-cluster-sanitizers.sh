# The same under the sanitizers; under ThreadSanitizer what both adapters do, and what they do when something fails.
cluster asan
build tsan cluster_target aerie
tsan_runner build/tsan/bin/cluster_target
cluster_filter=${filter:-redis.test redis_sharded faults}
counted "${runner[@]}" env AERIE_CLUSTER_TARGET="$PWD/build/tsan/bin/cluster_target" \
  node tests/cluster/run.mjs $cluster_filter
