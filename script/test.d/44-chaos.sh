# Servers behind nginx that share a Redis, official clients that count, and a fault every second, for a short while.
# An hour: script/chaos --seconds 3600
have nginx || [[ -x /usr/sbin/nginx ]] || skip "no nginx: script/bootstrap --test"
have redis-server || skip "no redis-server: script/bootstrap --test"
build release cluster_target
chaos=(node tests/chaos/chaos.mjs --target build/release/bin/cluster_target)
counted_side_by_side <<RUNS
${chaos[*]} --seconds 12 --seed 1 --strict
${chaos[*]} --seconds 12 --seed 1 --adapter redis-streams --delivery exactly-once --recovery 60
bash -c 'for mutant in lost doubled disordered; do ${chaos[*]} --seconds 3 --only clients-all-cut --mutant \$mutant >/dev/null 2>&1 && exit 1; done; echo 3 passed, 0 failed'
RUNS
