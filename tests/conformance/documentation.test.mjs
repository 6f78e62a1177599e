// docs/conformance.md lists every deliberate difference.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { differences, tableRow } from './lib/differences.mjs';

test('the deliberate differences are documented', () => {
  const page = readFileSync(new URL('../../docs/conformance.md', import.meta.url), 'utf8').split('\n');
  const missing = differences.map(tableRow).filter((row) => !page.includes(row));
  assert.deepEqual(missing, []);
});
