// Coming and going for a long time, without any fault: what servers and Redis hold must not grow.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { Clients } from './clients.mjs';
import { Farm } from './farm.mjs';
import { Random } from './random.mjs';

const require = createRequire(new URL('../cluster/package.json', import.meta.url));
const { io } = require('socket.io-client');
const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));

const everySeconds = 15;
// What is kept has then its full extent: entries of five minutes, and allocators that have seen everything.
const settledMinutes = 6;
const rowsInTable = 16;
const comingAndGoing = 25;

/** One who comes, joins, says something, and goes: properly, by a cut, or by a cut after which it comes back. */
async function visit(farm, random, counts) {
  const socket = io(`http://127.0.0.1:${farm.port}`, {
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 50,
    reconnectionDelayMax: 200,
  });
  const connected = () => new Promise((resolve) => socket.once('connect', resolve));
  try {
    await Promise.race([connected(), sleep(10_000)]);
    await socket.timeout(10_000).emitWithAck('join', `visited ${random.below(50)}`);
    await socket.timeout(10_000).emitWithAck('say', `visited ${random.below(50)}`, 'x'.repeat(random.below(500)));
    await sleep(random.below(1500));
    const cut = () => socket.io.engine?.transport?.ws?._socket?.destroy();
    switch (random.below(3)) {
      case 0:
        counts.left += 1;
        break;
      case 1:
        socket.io.reconnection(false);
        cut();
        counts.cut += 1;
        break;
      default: {
        const again = connected();
        cut();
        await Promise.race([again, sleep(10_000)]);
        counts.back += 1;
        if (socket.recovered) counts.recovered += 1;
      }
    }
  } catch (error) {
    counts.failed += 1;
    counts.lastError = String(error);
  } finally {
    socket.close();
  }
}

const field = (text, name) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(text ?? '')?.[1] ?? NaN);

async function sample(farm) {
  const pids = farm.servers.map(({ process }) => process.child.pid);
  const memory = pids.map((pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))[1]));
  const descriptors = pids.map((pid) => readdirSync(`/proc/${pid}/fd`).length);
  const info = await farm.command('INFO');
  const sum = (list) => list.reduce((total, each) => total + each, 0);
  return {
    memory: sum(memory) / 1024,
    descriptors: sum(descriptors),
    redis: field(info, 'used_memory') / 1024 / 1024,
    keys: Number(await farm.command('DBSIZE')),
    entries: Number(await farm.command('XLEN', 'socket.io')),
    connections: field(info, 'connected_clients'),
  };
}

/** What is more at its height in the second half of the settled time than in the first. */
export function grown(samples) {
  const half = Math.floor(samples.length / 2);
  const [first, last] = [samples.slice(0, half), samples.slice(half)];
  // The smallest that is no noise.
  const slack = { memory: 2, descriptors: 30, redis: 1, keys: 100, entries: 500, connections: 5 };
  return Object.entries(slack).flatMap(([name, least]) => {
    const [from, to] = [first, last].map((part) => Math.max(...part.map((each) => each[name])));
    return to > from * 1.1 + least ? [`${name} has grown from ${from.toFixed(1)} to ${to.toFixed(1)}`] : [];
  });
}

function text(samples, options, counts) {
  const step = Math.max(1, Math.ceil(samples.length / rowsInTable));
  const shown = samples.filter((_, i) => i % step === 0 || i === samples.length - 1);
  const { servers, clients, adapter, delivery, recovery, soak } = options;
  return [
    `${servers} servers, ${clients} clients that stay and ${comingAndGoing} at a time that come and go, \`--adapter ${adapter} --delivery ${delivery} --recovery ${recovery} --soak ${soak}\``,
    '',
    '| minutes | visits so far | servers: resident memory, MiB | descriptors | Redis: memory, MiB | keys | entries in the stream | connections |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...shown.map(
      ({ minutes, visits, memory, descriptors, redis, keys, entries, connections }) =>
        `| ${minutes.toFixed(1)} | ${visits} | ${memory.toFixed(1)} | ${descriptors} | ${redis.toFixed(2)} | ${keys} | ${entries} | ${connections} |`,
    ),
    '',
    `${counts.visits} visits: ${counts.left} left, ${counts.cut} were cut, ${counts.back} were cut and came back, ` +
      `${counts.recovered} of these recovered; ${counts.failed} failed. ${counts.sent} messages of those who stay, ` +
      `${counts.delivered} deliveries, ${counts.lost} lost, ${counts.doubled} doubled.`,
  ].join('\n');
}

/** Gives the status of the process: 0 if nothing has grown, and nothing was lost or doubled. */
export async function soak(options) {
  // Nothing stands still here: who is not heard for so long is on a machine that is busy.
  options = { ...options, everywhere: true, heartbeat: 10_000 };
  const random = new Random(options.seed);
  const farm = await Farm.start(options);
  const clients = new Clients(farm, options, random);
  const counts = { visits: 0, left: 0, cut: 0, back: 0, recovered: 0, failed: 0, sent: 0, delivered: 0, lost: 0, doubled: 0 };
  const samples = [];
  const faults = [];
  let over = false;
  try {
    await clients.connect();
    const began = Date.now();
    const minutes = () => (Date.now() - began) / 60_000;
    const visitors = Array.from({ length: comingAndGoing }, async () => {
      while (!over) {
        await visit(farm, random, counts);
        counts.visits += 1;
        await sleep(random.below(200));
      }
    });
    while (minutes() < options.soak) {
      await sleep(everySeconds * 1000);
      const found = await clients.check();
      for (const key of ['sent', 'delivered', 'lost', 'doubled']) counts[key] += found[key];
      faults.push(...found.lines.slice(0, 5), ...farm.crashes.splice(0));
      samples.push({ minutes: minutes(), visits: counts.visits, ...(await sample(farm)) });
      if (options.verbose) console.error(JSON.stringify({ ...samples.at(-1), failed: counts.failed, error: counts.lastError }));
    }
    over = true;
    await Promise.all(visitors);
  } catch (error) {
    faults.push(String(error.stack));
  } finally {
    over = true;
    clients.close();
    await farm.end();
  }
  console.log(text(samples, options, counts));
  const settled = samples.filter(({ minutes }) => minutes >= settledMinutes);
  if (settled.length >= 12) faults.push(...grown(settled));
  else console.log(`\nToo short to say whether anything grows: --soak ${settledMinutes + 4} at least.`);
  if (counts.failed > counts.visits / 100) faults.push(`${counts.failed} of ${counts.visits} visits have failed: ${counts.lastError}`);
  for (const fault of faults) console.error(`soak: ${fault}`);
  console.log(`\n${faults.length > 0 ? 0 : 1} passed, ${faults.length > 0 ? 1 : 0} failed`);
  return faults.length > 0 ? 1 : 0;
}
