# Clusters that share a real Redis, with official servers and without.
build release cluster_target
counted env AERIE_CLUSTER_TARGET="$PWD/build/release/bin/cluster_target" \
  node tests/cluster/run.mjs ${filter:+"$filter"}
