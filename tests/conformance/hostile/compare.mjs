// Plays every raw input against hostile_target and against the same on the official server, and compares what they do. Only what
// lib/differences.mjs lists may differ; whoever is listed and does not differ is a fault of the list. Afterwards the
// target must be alive and hold nothing any more.
//
//     node tests/conformance/hostile/compare.mjs build/release/bin/hostile_target [part of a name]
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { io } from 'socket.io-client';
import { differences } from '../lib/differences.mjs';
import { freePort } from '../lib/ports.mjs';
import { until } from '../lib/wait.mjs';
import { inputs } from './inputs/all.mjs';
import { outcome } from './outcome.mjs';

const [program, part = ''] = process.argv.slice(2);
const selected = inputs.filter(({ name }) => name.includes(part));
const atOnce = 100;

async function start(command, ...words) {
  const port = await freePort();
  const child = spawn(command, [...words, '--port', String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
  process.on('exit', () => child.kill('SIGKILL'));
  const server = { port, child, output: '', over: false };
  child.stdout.on('data', (bytes) => (server.output += bytes));
  child.stderr.on('data', (bytes) => (server.output += bytes));
  child.on('exit', () => (server.over = true));
  await until(() => server.output.includes('listening on'), `${command} listens`, 20000);
  return server;
}

async function outcomes(server) {
  const results = new Map();
  const queue = [...selected];
  const work = async () => {
    for (let input = queue.shift(); input; input = queue.shift())
      results.set(input, await outcome(server.port, input));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

const failures = [];
const fail = (name, text) => failures.push(`${name}\n${text}`);
const shown = (list) => list.map((line) => `      ${line.slice(0, 160)}`).join('\n');

const target = await start(program);
const official = await start(process.execPath, fileURLToPath(new URL('official.mjs', import.meta.url)));
const openFiles = () => readdirSync(`/proc/${target.child.pid}/fd`).length;
const idle = openFiles();
const canary = io(`http://127.0.0.1:${target.port}`, { transports: ['websocket'], reconnection: false });
await until(() => canary.connected, 'the canary is connected');

const [ours, theirs] = await Promise.all([outcomes(target), outcomes(official)]);
for (const input of selected) {
  const same = isDeepStrictEqual(ours.get(input), theirs.get(input));
  if (input.differs && !differences.some(({ number }) => number === input.differs))
    fail(input.name, `    no difference ${input.differs} is listed`);
  if (same && input.differs)
    fail(input.name, `    is said to differ (${input.differs}), but both do the same`);
  if (!same && !input.differs)
    fail(input.name, `    ours:\n${shown(ours.get(input))}\n    official:\n${shown(theirs.get(input))}`);
}

// The oracle of all of them.
const answer = await canary
  .timeout(3000)
  .emitWithAck('echo')
  .catch((error) => error.message);
if (answer !== 'ok') fail('the canary', `    was answered ${answer}`);
canary.disconnect();
await until(() => openFiles() <= idle, 'the descriptors are closed', 5000).catch((error) =>
  fail('descriptors', `    ${error.message}`),
);
target.child.kill('SIGTERM');
await until(() => target.over, 'the target ends', 20000).catch((error) =>
  fail('the target', `    ${error.message}`),
);
if (target.child.exitCode !== 0 || /Sanitizer|runtime error/.test(target.output))
  fail(
    'the target',
    `    ended with ${target.child.exitCode ?? target.child.signalCode}\n${target.output.slice(-4000)}`,
  );

console.log(failures.join('\n'));
console.log(
  `${selected.length - Math.min(failures.length, selected.length)} passed, ${failures.length} failed`,
);
process.exit(failures.length === 0 ? 0 : 1);
