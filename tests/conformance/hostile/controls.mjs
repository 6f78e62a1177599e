// Controls of inputs/published.mjs: each input is played against the official server, and against the same with a version of one of
// its packages in which the vulnerability was not mended yet. What both do must differ, or the process must have ended: an
// input that such a version bears as well proves nothing.
//
//     node tests/conformance/hostile/controls.mjs [part of an id]
import { spawn } from 'node:child_process';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { freePort } from '../lib/ports.mjs';
import { until } from '../lib/wait.mjs';
import { inputs } from './inputs/all.mjs';
import { outcome } from './outcome.mjs';

process.setMaxListeners(0);
const here = (file) => fileURLToPath(new URL(file, import.meta.url));

// The id of a vulnerability, the package, and one of its last versions that have it.
const controls = [
  ['CVE-2022-2421', 'socket.io-parser', '4.2.0'],
  ['CVE-2023-32695', 'socket.io-parser', '4.2.2'],
  ['CVE-2026-33151', 'socket.io-parser', '4.2.5'],
  ['CVE-2026-69185', 'socket.io-parser', '4.2.6'],
  ['CVE-2022-21676', 'engine.io', '6.1.0'],
  ['CVE-2023-31125', 'engine.io', '6.4.1'],
  ['CVE-2026-59725', 'engine.io', '6.6.6'],
  ['CVE-2024-38355', 'socket.io', '4.6.1'],
  ['CVE-2021-32640', 'ws', '7.4.5'],
  ['CVE-2024-37890', 'ws', '8.17.0'],
  ['GHSA-5v72-xg48-5rpm', 'ws', '3.3.0'],
].filter(([id]) => id.includes(process.argv[2] ?? ''));

const session = '/engine.io/?EIO=4&transport=polling';
const open = async (port) => /"sid":"([^"]+)"/.exec(await (await fetch(`http://127.0.0.1:${port}${session}`)).text())[1];
const upgradeOfNobody =
  'GET /nobody HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n' +
  'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

// The same for what was wrong with the settings that a package has by itself, or with how connections end: what is seen of it.
const seen = [
  {
    id: 'CVE-2020-28481',
    name: 'socket.io',
    version: '2.3.0',
    see: async ({ port }) => {
      const headers = { origin: 'http://evil.example' };
      const answer = await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=3&transport=polling`, { headers });
      return answer.headers.get('access-control-allow-origin') ?? 'no origin is allowed';
    },
    before: 'http://evil.example',
    now: 'no origin is allowed',
  },
  {
    id: 'CVE-2020-36048',
    name: 'engine.io',
    version: '3.4.2',
    see: async ({ port }) => {
      const url = `http://127.0.0.1:${port}${session}&sid=${await open(port)}`;
      return (await fetch(url, { method: 'POST', body: `2000001:4${'x'.repeat(2_000_000)}` })).status;
    },
    before: 200,
    now: 413,
  },
  {
    id: 'CVE-2022-41940',
    name: 'engine.io',
    version: '6.2.0',
    see: async (server) => {
      // It ends them after a second.
      const ends = Array.from({ length: 10 }, () => {
        const socket = net.connect({ host: '127.0.0.1', port: server.port, allowHalfOpen: true });
        socket.write(upgradeOfNobody);
        socket.on('end', () => socket.resetAndDestroy()).on('error', () => {}).resume();
        return new Promise((resolve) => socket.on('close', resolve));
      });
      await Promise.all(ends);
      await sleep(200);
      return server.over ? 'its process has ended' : `it answers ${(await open(server.port)).length > 0}`;
    },
    before: 'its process has ended',
    now: 'it answers true',
  },
].filter(({ id }) => id.includes(process.argv[2] ?? ''));

async function start(replaced, program = ['official.mjs']) {
  const port = await freePort();
  const words = ['--require', here('vulnerable/replace.cjs'), here(program[0]), ...program.slice(1), '--port', String(port)];
  const env = { ...process.env, REPLACED: replaced };
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'], env });
  process.on('exit', () => child.kill('SIGKILL'));
  const server = { port, output: '', over: false, child };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (server.output += bytes));
  child.on('exit', () => (server.over = true));
  await until(() => server.output.includes('listening on') || server.over, 'the official server listens', 20000);
  return server;
}

const about = (id) => {
  const all = inputs.filter(({ number }) => number === id);
  if (all.length === 0) throw new Error(`no input is about ${id}`);
  return all;
};
const does = (server, input) => outcome(server.port, input).catch((error) => [error.message]);

const mended = await start('');
let failed = 0;
await Promise.all(
  controls.map(async ([id, name, version]) => {
    const compared = await Promise.all(
      about(id).map(async (input) => {
        // An input may end the process, so each has one of its own.
        const server = await start(`${name}=${name}-${version}`);
        const [before, now] = await Promise.all([does(server, input), does(mended, input)]);
        const ended = server.over;
        server.child.kill('SIGKILL');
        return { input: input.name, before, now, differs: ended || !isDeepStrictEqual(before, now) };
      }),
    );
    if (compared.some(({ differs }) => differs)) return;
    failed++;
    console.log(`${id}: ${name} ${version} bears it as well\n${JSON.stringify(compared, null, 1)}`);
  }),
);
await Promise.all(
  seen.map(async ({ id, name, version, see, before, now }) => {
    for (const [replaced, expected] of [[`${name}=${name}-${version}`, before], ['', now]]) {
      const server = await start(replaced, ['defaults.mjs', '--package', name]);
      const found = await see(server).catch((error) => error.message);
      server.child.kill('SIGKILL');
      if (found === expected) continue;
      failed++;
      console.log(`${id}: ${replaced || `${name} of today`}: seen ${found}, expected ${expected}`);
      return;
    }
  }),
);
if (mended.over) {
  failed++;
  console.log(`the official server of today has ended:\n${mended.output}`);
}
console.log(`${controls.length + seen.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
