// Tries every fault and prints the table of docs/cluster.md:
//     AERIE_CLUSTER_TARGET=build/release/bin/cluster_target node tests/cluster/fault_table.mjs [word]
import { faults, tryFault } from './lib/faults.mjs';

const word = process.argv[2] ?? '';
console.log('| fault | adapter | sent | lost | said to be lost | doubled | out of order | s to recover |');
console.log('|---|---|---|---|---|---|---|---|');
for (const fault of faults.filter(({ name }) => name.includes(word))) {
  for (const adapter of ['redis', 'redis-sharded']) {
    if (fault.only && fault.only !== adapter) continue;
    const { sent, lost, counted, doubled, disordered, seconds } = await tryFault(fault, adapter);
    console.log(`| ${[fault.name, adapter, sent, lost, counted, doubled, disordered, seconds.toFixed(2)].join(' | ')} |`);
  }
}
