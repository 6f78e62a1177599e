// Private redis-server processes: on a port of their own, with their files in a temporary folder that goes with them.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '../../conformance/lib/ports.mjs';

/** Starts a redis-server. `args`: what it gets beside its port. */
export async function startRedis({ port, args = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'aerie-redis-'));
  port ??= await freePort();
  const child = spawn(
    'redis-server',
    ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no', ...args].map(String),
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const ready = new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      if (output.includes('Ready to accept connections')) resolve();
    });
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`redis-server has ended (${code}): ${output}`)));
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  await ready;
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    pid: child.pid,
    async stop(signal = 'SIGKILL') {
      child.kill(signal);
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const escapes = { n: 10, r: 13, t: 9, a: 7, b: 8, '\\': 92, '"': 34 };

// The arguments of one line of MONITOR, as bytes: "PUBLISH" "chan\x00nel".
function monitored(line) {
  const args = [];
  for (const [, quoted] of line.matchAll(/"((?:[^"\\]|\\.)*)"/gs)) {
    const bytes = [];
    for (let i = 0; i < quoted.length; i++) {
      if (quoted[i] !== '\\') {
        bytes.push(quoted.charCodeAt(i));
      } else if (quoted[++i] === 'x') {
        bytes.push(parseInt(quoted.slice(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.push(escapes[quoted[i]]);
      }
    }
    args.push(Buffer.from(bytes));
  }
  return args;
}

/** Everything that clients ask this server for, as lists of bytes, in the order in which it is done. */
export async function monitorRedis(port) {
  const socket = connect(port, '127.0.0.1');
  const commands = [];
  let rest = '';
  socket.setEncoding('latin1').on('data', (text) => {
    const lines = (rest + text).split('\r\n');
    rest = lines.pop();
    for (const line of lines) if (/^\+\d+\.\d+ \[/.test(line)) commands.push(monitored(line));
  });
  await new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.write('MONITOR\r\n', resolve);
  });
  return {
    /** What has come since the last call. */
    take: () => commands.splice(0),
    stop: () => socket.destroy(),
  };
}
