// Runs the scenarios against reference_gateways, as NestJS 11 and as 12 answers: several servers at once, each of them several times in a row. One more
// is two instances on a Redis of its own, for the scenarios that need it.
//
//     node run.mjs [REGEX]       only the scenarios whose names match
//
// AERIE_GATEWAYS: the program; DIFFERENTIAL_PLAN: what to run, as "servers x rounds x threads x version of NestJS, ...".
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const program = process.env.AERIE_GATEWAYS ?? path.join(here, '../../build/release/bin/reference_gateways');
const plan = process.env.DIFFERENTIAL_PLAN ?? '3x2x1x11,2x2x1x12,1x2x2x11,1x2x2x12';
const only = process.argv[2];
const SERVERS_PORTS = [0, 1, 2, 3, 4, 5];
const REDIS_ROUNDS = 2;
const REDIS_SERVERS = [1, 2].flatMap((threads) => [11, 12].map((nestjs) => ({ threads, nestjs })));

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
async function startServer(index, threads, nestjs, ...options) {
  const port = await freePorts(index);
  const server = spawn(program, ['--port', port, '--threads', threads, '--nestjs', nestjs, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = [];
  readline.createInterface({ input: server.stderr }).on('line', (line) => log.push(line));
  const ended = once(server, 'exit');
  const listening = once(readline.createInterface({ input: server.stdout }), 'line');
  const failed = await Promise.race([listening.then(() => false), ended.then(() => true)]);
  if (failed) throw new Error(`the server has not started: ${log.join('\n')}`);
  return { server, port, log, ended };
}

/** Starts a Redis that keeps nothing; null where none is installed. */
async function startRedis() {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'aerie-redis-'));
  const socket = path.join(directory, 'redis.sock');
  const words = ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', directory];
  const redis = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(redis, 'exit').catch(() => null);
  const ready = new Promise((done) => {
    redis.once('error', () => done(false));
    readline.createInterface({ input: redis.stdout }).on('line', (line) => {
      if (line.includes('ready to accept connections')) done(true);
    });
  });
  const stop = async () => {
    redis.kill('SIGKILL');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  if (await ready) return { url: `unix:${socket}`, stop };
  rmSync(directory, { recursive: true, force: true });
  return null;
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

const total = { passed: 0, failed: 0, skipped: 0 };

/** Rounds in a row against one server. */
async function series({ index, port, threads, nestjs, rounds }, ...options) {
  for (let i = 1; i <= rounds; ++i) {
    const { text, passed, failed } = await round(port, '--nestjs', nestjs, ...options);
    console.log(`server ${index} with ${threads} thread(s), NestJS ${nestjs}, round ${i}: ${passed} equal, ${failed} different`);
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

/** Two instances on one Redis, with one event loop and with two. */
async function playRedis() {
  const redis = await startRedis();
  if (redis === null) {
    console.log('skipped: no redis-server; script/bootstrap --test installs it');
    total.skipped += 1;
    return;
  }
  for (const [i, { threads, nestjs }] of REDIS_SERVERS.entries()) {
    const index = servers.length + i;
    const started = await startServer(index, threads, nestjs, '--redis', redis.url);
    await series({ index, threads, nestjs, rounds: REDIS_ROUNDS, ...started }, '--tag', 'redis');
    await stop({ index, ...started });
  }
  await redis.stop();
}

const servers = [];
for (const entry of plan.split(',')) {
  const [count, rounds, threads, nestjs] = entry.split('x').map(Number);
  for (let i = 0; i < count; ++i) {
    const index = servers.length;
    servers.push({ index, rounds, threads, nestjs, ...(await startServer(index, threads, nestjs)) });
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
await playRedis();
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed ? 1 : 0);
