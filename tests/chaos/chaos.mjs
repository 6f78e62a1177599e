// Servers behind nginx that share a Redis, official clients that count what they say, and faults of many kinds, one
// after the other. After each one everybody has to be back, and whoever was not told that something may be missing has
// to have heard everything, once and in its order. Prints a table as Markdown. script/chaos builds and starts it.
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

import { Clients } from './clients.mjs';
import { Farm } from './farm.mjs';
import { faults } from './faults.mjs';
import { Random } from './random.mjs';
import { soak } from './soak.mjs';
import { beside, Table } from './table.mjs';

const { values: given } = parseArgs({
  options: {
    target: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    faults: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    servers: { type: 'string', default: '3' },
    clients: { type: 'string', default: '100' },
    rooms: { type: 'string', default: '5' },
    adapter: { type: 'string' },
    delivery: { type: 'string' },
    recovery: { type: 'string', default: '30' },
    every: { type: 'string', default: '0.5' },
    'say-every': { type: 'string', default: '2000' },
    official: { type: 'boolean', default: false },
    soak: { type: 'string' },
    mutant: { type: 'string' },
    only: { type: 'string' },
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
const numbers = ['seconds', 'faults', 'seed', 'servers', 'clients', 'rooms', 'recovery', 'every', 'say-every', 'soak'];
// What official servers can do, too; and what does not end with a server.
const isShared = given.official || given.soak !== undefined;
const options = {
  ...given,
  clock: join(dirname(given.target), 'libchaos_clock.so'),
  adapter: given.adapter ?? (isShared ? 'redis-streams' : 'redis'),
  delivery: given.delivery ?? (isShared ? 'exactly-once' : 'at-most-once'),
  ...Object.fromEntries(numbers.filter((name) => given[name] !== undefined).map((name) => [name, Number(given[name])])),
};
for (const name of numbers) if (Number.isNaN(options[name])) throw new Error(`--${name} is no number`);

const counted = (words) => [...new Set(words)].map((word) => `${words.filter((each) => each === word).length} ${word}`).join(', ');

/** One farm, until the time or the faults are over. */
async function run(options) {
  // What is promised beyond one server: see docs/recovery.md.
  options = { ...options, everywhere: options.delivery !== 'at-most-once' };
  const random = new Random(options.seed);
  const chosen = faults.filter(({ name }) => !options.only || new RegExp(options.only).test(name));
  const table = new Table(options);
  const farm = await Farm.start(options);
  const clients = new Clients(farm, options, random);
  const giveUp = setTimeout(() => {
    console.error('chaos: it takes far too long');
    farm.killAll();
    process.exit(2);
  }, (options.seconds + 600) * 1000);
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      farm.killAll();
      process.exit(130);
    });
  try {
    await clients.connect();
    const end = Date.now() + options.seconds * 1000;
    let order = [];
    let last = Date.now();
    for (let count = 0; Date.now() < end && count < options.faults; count++) {
      if (order.length === 0) order = random.shuffled(chosen);
      const fault = order.pop();
      await clients.talk(Math.max(500, last + options.every * 1000 - Date.now()));
      const began = (last = Date.now());
      if (options.verbose) console.error(`${new Date().toISOString()} ${fault.name}`);
      await fault.happen({ farm, clients, random, options });
      const seconds = await clients.backAfter(began);
      const findings = await clients.check();
      const crashes = farm.crashes.splice(0);
      table.add(fault, { ...findings, seconds, crashes: crashes.length });
      if (options.verbose && findings.reasons.length > 0) console.error(`  told: ${counted(findings.reasons)}`);
      const all = [...findings.lines.slice(0, 5), ...crashes];
      if (!table.isOfficial || options.verbose) for (const line of all) console.error(`chaos: after ${fault.name}: ${line}`);
      if (seconds !== null) continue;
      console.error(`chaos: after ${fault.name} somebody has not come back`);
      if (!table.isOfficial) {
        for (const line of [...clients.away(), ...(await farm.describe())]) console.error(`chaos: ${line}`);
        break;
      }
      // It would not go on by itself.
      for (const { index, process } of farm.servers) {
        await process.end();
        await farm.startServer(index);
      }
      if ((await clients.backAfter(Date.now())) === null) throw new Error('not even new servers have brought everybody back');
      await clients.check();
    }
  } catch (error) {
    console.error(error);
    table.error = error;
  } finally {
    clearTimeout(giveUp);
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
    clients.close();
    await farm.end();
  }
  return table;
}

if (options.soak !== undefined) process.exit(await soak(options));

const table = await run(options);
const other = options.official ? await run({ ...options, target: 'official', delivery: 'official' }) : null;
console.log(table.text());
if (other) console.log(`\n${other.text()}\n\n${beside(table, other)}`);
const failed = table.isFailed() || (options.strict && table.sums().needless > 0) || other?.sums().faults === 0;
const again = Object.entries(given).filter(([name]) => !['target', 'verbose', 'list'].includes(name));
const words = again.flatMap(([name, value]) => (value === true ? [`--${name}`] : value === false || value === 'Infinity' ? [] : [`--${name} ${value}`]));
console.log(`\nagain: script/chaos ${words.join(' ')}`);
console.log(`${failed ? 0 : table.sums().faults} passed, ${failed ? 1 : 0} failed`);
process.exit(failed ? 1 : 0);
