// A sequence of messages through each fault: nothing twice, nothing out of order, nothing lost beside the sender.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { onlyOfficial } from './lib/cluster.mjs';
import { faults, tryFault } from './lib/faults.mjs';

for (const adapter of ['redis', 'redis-sharded']) {
  describe(`${adapter}: sequences`, { skip: onlyOfficial, concurrency: 3 }, () => {
    for (const fault of faults.filter(({ quick }) => quick)) {
      test(fault.name, async () => {
        const { sent, lost, doubled, disordered, local, seconds } = await tryFault(fault, adapter);
        assert.ok(sent >= 50, `${sent} were sent`);
        assert.deepEqual({ doubled, disordered }, { doubled: 0, disordered: 0 });
        assert.deepEqual(local, { lost: 0, doubled: 0, disordered: 0 });
        if (fault.lossless) assert.equal(lost, 0, `${lost} of ${sent} are lost`);
        assert.ok(seconds < 15, `${seconds} s to recover`);
      });
    }
  });
}
