// Where Aerie answers otherwise than the official server, on purpose. Tests that expect two different
// things name the entry here; `node lib/differences.mjs` prints the table of docs/conformance.md.
import { pathToFileURL } from 'node:url';
import { official } from './target.mjs';

const table = [];
const differ = (number, input, officialAnswer, aerieAnswer, reason) =>
  table.push({ number, input, official: officialAnswer, aerie: aerieAnswer, reason });

export const differences = table;

// The expectation that fits the target. A row with an `official` member must be listed as a difference.
export function expectation(number, row) {
  if (row.official === undefined) return row.expected;
  if (!table.some((entry) => entry.number === number)) {
    throw new Error(`${number} expects different things but is not listed in lib/differences.mjs`);
  }
  return official ? row.official : row.expected;
}

// Whether the target behaves as the official server in a listed difference.
export function asOfficial(number) {
  return expectation(number, { official: true, expected: false });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log('| number | input | official server | Aerie | reason |\n|---|---|---|---|---|');
  for (const row of table) {
    console.log(`| ${row.number} | ${row.input} | ${row.official} | ${row.aerie} | ${row.reason} |`);
  }
}
