// Servers behind nginx that share a Redis, official clients that count what they say, and faults of many kinds, one
// after the other. After each one everybody has to be back, and whoever was not told that something may be missing has
// to have heard everything, once and in its order. Prints a table as Markdown. script/chaos builds and starts it.
import { parseArgs } from 'node:util';

import { Clients } from './clients.mjs';
import { Farm } from './farm.mjs';
import { faults } from './faults.mjs';
import { Random } from './random.mjs';
import { Table } from './table.mjs';

const { values: given } = parseArgs({
  options: {
    target: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    servers: { type: 'string', default: '3' },
    clients: { type: 'string', default: '100' },
    adapter: { type: 'string', default: 'redis' },
    delivery: { type: 'string', default: 'at-most-once' },
    recovery: { type: 'string', default: '30' },
    mutant: { type: 'string' },
    only: { type: 'string' },
    pace: { type: 'string', default: '1000' },
    strict: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
if (given.list) {
  for (const { name, what } of faults) console.log(`${name.padEnd(24)} ${what}`);
  process.exit(0);
}
if (!given.target) throw new Error('--target names the program cluster_target: use script/chaos');
const options = {
  ...given,
  ...Object.fromEntries(
    ['seconds', 'seed', 'servers', 'clients', 'recovery', 'pace'].map((name) => [name, Number(given[name])]),
  ),
};
// What is promised beyond one server: see docs/recovery.md.
options.everywhere = options.delivery === 'exactly-once';

const random = new Random(options.seed);
const chosen = faults.filter(({ name }) => !options.only || new RegExp(options.only).test(name));
const table = new Table(options);
const farm = await Farm.start(options);
const clients = new Clients(farm, options, random);
const giveUp = setTimeout(() => {
  console.error('chaos: it takes far too long');
  farm.killAll();
  process.exit(2);
}, (options.seconds + 90) * 1000);

let failed = false;
try {
  await clients.connect();
  const end = Date.now() + options.seconds * 1000;
  let order = [];
  while (Date.now() < end) {
    if (order.length === 0) order = random.shuffled(chosen);
    const fault = order.pop();
    await clients.talk(options.pace / 2);
    const began = Date.now();
    if (options.verbose) console.error(`${new Date().toISOString()} ${fault.name}`);
    await fault.happen({ farm, clients, random, options });
    const seconds = await clients.backAfter(began);
    const findings = await clients.check();
    table.add(fault, { ...findings, seconds });
    for (const line of findings.lines.slice(0, 5)) console.error(`chaos: after ${fault.name}: ${line}`);
    if (seconds === null) {
      console.error(`chaos: after ${fault.name} somebody has not come back`);
      failed = true;
      break;
    }
  }
} catch (error) {
  console.error(error);
  failed = true;
} finally {
  clearTimeout(giveUp);
  clients.close();
  await farm.end();
}
console.log(table.text());
const { lost, doubled, disordered, needless, faults: count } = table.sums();
failed ||= lost + doubled + disordered > 0 || count === 0 || (options.strict && needless > 0);
console.log(`\nagain: script/chaos --seed ${options.seed} --seconds ${options.seconds} --adapter ${options.adapter} --delivery ${options.delivery}`);
console.log(`${failed ? 0 : count} passed, ${failed ? 1 : 0} failed`);
process.exit(failed ? 1 : 0);
