// Private redis-server processes: on a port of their own, with their files in a temporary folder that goes with them.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { freePort } from '../../conformance/lib/ports.mjs';
import { until } from '../../conformance/lib/wait.mjs';

/** What a private redis-server is told; `args` may say otherwise. */
export const redisWords = ({ port, folder, args = [] }) =>
  ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no', ...args].map(String);

/** What it answers. */
export const redisCli = async (args) => (await promisify(execFile)('redis-cli', args.map(String), { timeout: 20_000 })).stdout;

/** Starts a redis-server. `args`: what it gets beside its port. */
export async function startRedis({ port, args = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'aerie-redis-'));
  port ??= await freePort();
  const child = spawn('redis-server', redisWords({ port, folder, args }), { stdio: ['ignore', 'pipe', 'pipe'] });
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
  let running = true;
  ended.then(() => (running = false));
  return {
    get running() {
      return running;
    },
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

/** Six nodes: three masters with a replica each. `url` names the first one. */
export async function startRedisCluster() {
  const nodes = [];
  try {
    for (let i = 0; i < 6; i++) {
      nodes.push(
        await startRedis({
          args: ['--cluster-enabled', 'yes', '--cluster-node-timeout', 1500, '--repl-diskless-sync-delay', 0,
            '--cluster-replica-validity-factor', 0],
        }),
      );
    }
    const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
    await redisCli(['--cluster', 'create', ...addresses, '--cluster-replicas', 1, '--cluster-yes']);
    for (const { port } of nodes) {
      await until(
        async () => (await redisCli(['-p', port, 'cluster', 'info'])).includes('cluster_state:ok'),
        'the cluster is complete',
        20000,
      );
      // A replica that has never heard of its master cannot take over.
      await until(
        async () => !(await redisCli(['-p', port, 'info', 'replication'])).includes('master_link_status:down'),
        'a replica follows its master',
        20000,
      );
    }
  } catch (error) {
    await Promise.all(nodes.map((node) => node.stop()));
    throw error;
  }
  return {
    nodes,
    url: nodes[0].url,
    /** The master of a channel's slot. */
    async masterOf(channel) {
      const running = nodes.filter((node) => node.running);
      const slot = Number(await redisCli(['-p', running[0].port, 'cluster', 'keyslot', channel]));
      const lines = (await redisCli(['-p', running[0].port, 'cluster', 'nodes'])).split('\n');
      const line = lines.find((each) => {
        const [, , flags, , , , , , ...ranges] = each.split(' ');
        return flags?.includes('master') && ranges.some((range) => {
          const [from, to = from] = range.split('-').map(Number);
          return from <= slot && slot <= to;
        });
      });
      const port = Number(line.split(' ')[1].split(':')[1].split('@')[0]);
      return nodes.find((node) => node.port === port);
    },
    stop: () => Promise.all(nodes.filter((node) => node.running).map((node) => node.stop())),
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
