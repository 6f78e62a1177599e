// Runs the scenarios against reference_gateways: several servers at once, each of them several times in a row.
//
//     node run.mjs [REGEX]       only the scenarios whose names match
//
// AERIE_GATEWAYS: the program; DIFFERENTIAL_PLAN: what to run, as "servers x rounds x threads, ...".
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const program = process.env.AERIE_GATEWAYS ?? path.join(here, '../../build/release/bin/reference_gateways');
const plan = process.env.DIFFERENTIAL_PLAN ?? '5x2x1,2x2x2';
const only = process.argv[2];
const SERVERS_PORTS = [0, 1, 2, 4, 5];

const isFree = (port) =>
  new Promise((done) => {
    const probe = net.createServer();
    probe.once('error', () => done(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)));
  });

/** A port with free ports behind it, of a range for each of our servers. */
async function freePorts(index) {
  for (let base = 20000 + 500 * index + 10 * (process.pid % 50); ; base += 10) {
    const free = await Promise.all(SERVERS_PORTS.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}

/** Starts a server and waits until it listens. */
async function startServer(index, threads) {
  const port = await freePorts(index);
  const server = spawn(program, ['--port', port, '--threads', threads], { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = [];
  readline.createInterface({ input: server.stderr }).on('line', (line) => log.push(line));
  const ended = once(server, 'exit');
  const listening = once(readline.createInterface({ input: server.stdout }), 'line');
  const failed = await Promise.race([listening.then(() => false), ended.then(() => true)]);
  if (failed) throw new Error(`the server has not started: ${log.join('\n')}`);
  return { server, port, log, ended };
}

/** One round of scenarios: what it printed, and the numbers of its last line. */
async function round(port, ...options) {
  const args = ['--base', `http://127.0.0.1:${port}`, '--parallel', 8, ...options];
  if (only) args.push('--only', only);
  const runner = spawn(process.execPath, [path.join(here, 'scenarios/run.mjs'), ...args]);
  let text = '';
  for (const stream of [runner.stdout, runner.stderr]) stream.on('data', (data) => (text += data));
  await once(runner, 'close');
  const [, equal, all] = /(\d+) of (\d+) transcripts equal/.exec(text) ?? [0, 0, 1];
  return { text, passed: Number(equal), failed: Number(all) - Number(equal) };
}

const total = { passed: 0, failed: 0 };

/** Rounds in a row against one server. */
async function series({ index, port, threads, rounds }, ...options) {
  for (let i = 1; i <= rounds; ++i) {
    const { text, passed, failed } = await round(port, ...options);
    console.log(`server ${index} with ${threads} thread(s), round ${i}: ${passed} equal, ${failed} different`);
    if (failed) console.log(text);
    total.passed += passed;
    total.failed += failed;
  }
}

/** Ends a server, which has to end as it should. */
async function stop({ index, server, log, ended }) {
  server.kill('SIGTERM');
  const [status, signal] = await ended;
  if (status === 0) return;
  console.log(`server ${index} has ended with ${signal ?? status}:\n${log.slice(-60).join('\n')}`);
  total.failed += 1;
}

const servers = [];
for (const entry of plan.split(',')) {
  const [count, rounds, threads] = entry.split('x').map(Number);
  for (let i = 0; i < count; ++i) {
    const index = servers.length;
    servers.push({ index, rounds, threads, ...(await startServer(index, threads)) });
  }
}
await Promise.all(servers.map((server) => series(server, '--skip', 'redis,lifecycle', '--patience', 1.5)));
// What a client sees of a server that closes depends on whether it has polled again in time: when little else runs.
const waiting = [...servers];
const playLifecycle = async () => {
  for (let server = waiting.shift(); server; server = waiting.shift()) await series(server, '--tag', 'lifecycle');
};
await Promise.all([playLifecycle(), playLifecycle()]);
await Promise.all(servers.map(stop));
console.log(`${total.passed} passed, ${total.failed} failed, 0 skipped`);
process.exit(total.failed ? 1 : 0);
