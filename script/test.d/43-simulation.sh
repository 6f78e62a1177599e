# Clusters of dozens of servers around a model of Redis, on one clock: 100 000 steps.
# Millions: build/asan/bin/cluster_simulation --seeds 1000
build asan cluster_simulation
counted_side_by_side <<'EOF'
build/asan/bin/cluster_simulation --seed 1 --seeds 10 --steps 5000
build/asan/bin/cluster_simulation --seed 11 --seeds 10 --steps 5000
build/asan/bin/cluster_simulation --seed 1 --steps 2000 --replay
EOF
