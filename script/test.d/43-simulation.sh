# Clusters of dozens of servers around a model of Redis, on one clock: 100 000 steps.
# Millions: build/asan/bin/cluster_simulation --seeds 1000
# And a server that recovers sessions, 100 000 steps; what is wrong with it on purpose must be noticed.
# Millions: build/asan/bin/cluster_simulation --recovery --seeds 1000
# And servers over one log that deliver exactly once; each condition that this stands on must be missed.
# Millions: build/asan/bin/cluster_simulation --exactly-once --seeds 10000 --steps 1000
build asan cluster_simulation
counted_side_by_side <<'EOF'
build/asan/bin/cluster_simulation --seed 1 --seeds 10 --steps 5000
build/asan/bin/cluster_simulation --seed 11 --seeds 10 --steps 5000
build/asan/bin/cluster_simulation --seed 1 --steps 2000 --replay
build/asan/bin/cluster_simulation --recovery --seed 1 --seeds 50 --steps 2000
build/asan/bin/cluster_simulation --recovery --seed 51 --seeds 5 --steps 1000 --replay
build/asan/bin/cluster_simulation --mutants --seeds 10 --steps 1000
build/asan/bin/cluster_simulation --exactly-once --seed 1 --seeds 30 --steps 1000
build/asan/bin/cluster_simulation --exactly-once --seed 31 --seeds 3 --steps 500 --replay
build/asan/bin/cluster_simulation --exactly-once --mutants --seeds 60 --steps 1000
EOF
