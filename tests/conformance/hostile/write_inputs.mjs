// Writes the raw inputs for hostile_replay: a line for each, its name and its bytes in hexadecimal digits.
import { inputs } from './inputs/all.mjs';

const hex = (bytes) => Buffer.from(bytes).toString('hex');
for (const { name, writes } of inputs)
  console.log(`${hex(name)} ${hex(Buffer.concat(writes.map(({ bytes }) => bytes)))}`);
