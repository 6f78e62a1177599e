// What can happen to Redis and to servers, and what a sequence of messages looks like afterwards.
import { createRequire } from 'node:module';

import { sleep, until } from '../../conformance/lib/wait.mjs';
import { Cluster } from './cluster.mjs';
import { startLink } from './link.mjs';
import { startRedis, startRedisCluster } from './redis_server.mjs';

const require = createRequire(import.meta.url);
const { createClient } = require('redis');

const forAWhile = (seconds, begin, end) => async (scene) => {
  await begin(scene);
  await sleep(seconds * 1000);
  await end(scene);
};
const redisAway = (seconds) =>
  forAWhile(seconds, ({ redis }) => redis.stop(), async (scene) => {
    scene.redis = await startRedis({ port: scene.redis.port });
  });
const signalled = (seconds, whom) => forAWhile(seconds, (scene) => whom(scene)('SIGSTOP'), (scene) => whom(scene)('SIGCONT'));
const link = (seconds, condition) => forAWhile(seconds, ({ link }) => link.set(condition), ({ link }) => link.set({}));
const redisProcess = ({ redis }) => (name) => process.kill(redis.pid, name);
const receivingServer = ({ cluster }) => (name) => cluster.targets[1].signal(name);

/**
 * `lossless`: every message arrives, if late; without it, what was on its way is lost, as PUBLISH keeps nothing.
 * `quick`: short enough for every run of the tests.
 */
export const faults = [
  { name: 'none', lossless: true, quick: true, apply: () => sleep(500) },
  { name: 'FLUSHALL', lossless: true, quick: true, apply: ({ admin }) => admin(['FLUSHALL']) },
  {
    name: '1000 messages of garbage from a neighbour',
    lossless: true,
    quick: true,
    apply: async ({ admin, channel, publish }) => {
      for (let i = 0; i < 1000; i++) await admin([publish, channel, ['', '{', '\xff', '[]', '{"type":99}'][i % 5]]);
    },
  },
  {
    name: "the subscribers' connections are killed",
    quick: true,
    apply: ({ admin }) => admin(['CLIENT', 'KILL', 'TYPE', 'pubsub']),
  },
  {
    name: "the publishers' connections are killed",
    quick: true,
    apply: ({ admin }) => admin(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']),
  },
  { name: 'Redis is killed and started again at once', quick: true, apply: redisAway(0) },
  { name: 'Redis is away for 2 s', apply: redisAway(2) },
  { name: 'Redis is away for 8 s', apply: redisAway(8) },
  { name: 'Redis stands still for 1 s', lossless: true, quick: true, apply: signalled(1, redisProcess) },
  { name: 'Redis stands still for 15 s', apply: signalled(15, redisProcess) },
  { name: 'nothing reaches Redis for 1 s', lossless: true, quick: true, apply: link(1, { cut: true }) },
  { name: 'nothing reaches Redis for 15 s', apply: link(15, { cut: true }) },
  { name: '500 ms to and from Redis, for 3 s', lossless: true, apply: link(3, { delay: 500 }) },
  { name: '10 KB/s to and from Redis, for 3 s', lossless: true, apply: link(3, { rate: 10_000 }) },
  {
    name: 'Redis is busy with a script for 2 s (BUSY)',
    apply: async ({ admin }) => {
      const script = admin(['EVAL', 'while true do end', '0']).catch(() => {});
      await sleep(2000);
      await admin(['SCRIPT', 'KILL']);
      await script;
    },
  },
  {
    name: 'the memory of Redis is full (OOM), for 2 s',
    lossless: true,
    apply: forAWhile(2, ({ admin }) => admin(['CONFIG', 'SET', 'maxmemory', '1']), ({ admin }) => admin(['CONFIG', 'SET', 'maxmemory', '0'])),
  },
  {
    name: 'another password, for 2 s',
    apply: forAWhile(
      2,
      async (scene) => {
        const { admin } = scene;
        await admin(['CONFIG', 'SET', 'requirepass', 'changed']);
        scene.password = 'changed';
        await admin(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
        await admin(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
      },
      ({ admin }) => admin(['CONFIG', 'SET', 'requirepass', '']),
    ),
  },
  {
    name: 'a subscriber that Redis ends, for its full buffer',
    apply: async (scene) => {
      await scene.admin(['CONFIG', 'SET', 'client-output-buffer-limit', 'pubsub 65536 65536 1']);
      receivingServer(scene)('SIGSTOP');
      for (let i = 0; i < 200; i++) await scene.admin([scene.publish, scene.channel, 'x'.repeat(100_000)]);
      receivingServer(scene)('SIGCONT');
      await scene.admin(['CONFIG', 'SET', 'client-output-buffer-limit', 'pubsub 33554432 8388608 60']);
    },
  },
  { name: 'the receiving server stands still for 1 s', lossless: true, quick: true, apply: signalled(1, receivingServer) },
  {
    name: 'a third server is killed',
    lossless: true,
    quick: true,
    servers: 3,
    apply: ({ cluster }) => cluster.targets.pop().kill(),
  },
  {
    name: 'a master of a Redis Cluster is killed',
    only: 'redis-sharded',
    ofSix: true,
    apply: async ({ six, channel }) => (await six.masterOf(channel)).stop(),
  },
];

// What a member has got of the numbers that were sent.
function examine(client, sent) {
  const numbers = client.got('said').map(([number]) => number);
  const seen = new Set(numbers);
  return {
    lost: sent.filter((number) => !seen.has(number)).length,
    doubled: numbers.length - seen.size,
    disordered: numbers.filter((number, i) => i > 0 && number < numbers[i - 1]).length,
  };
}

/**
 * Tries one fault: one client of the first of two servers sends 100 numbered messages a second to a room with a member
 * at each of them. Returns `{sent, lost, doubled, disordered, local, counted, seconds}`: those of the remote member; what
 * the member beside the sender has lost; what the sending server says that it has lost; and how long after the end of the
 * fault the first message arrived that was sent after it.
 */
export async function tryFault(fault, adapter) {
  const scene = { channel: 'socket.io#/chat#', publish: adapter === 'redis' ? 'PUBLISH' : 'SPUBLISH' };
  let pacing;
  const connections = [];
  try {
    if (fault.ofSix) {
      scene.six = await startRedisCluster();
    } else {
      scene.redis = await startRedis();
      scene.link = await startLink(scene.redis.port);
    }
    // A connection for each, as one may be blocked by what it has asked for.
    scene.admin = async (command) => {
      const client = createClient({ url: scene.redis.url, password: scene.password });
      client.on('error', () => {});
      await client.connect();
      connections.push(client);
      return client.sendCommand(command).finally(() => client.disconnect().catch(() => {}));
    };
    const { servers = 2 } = fault;
    const url = scene.six?.url ?? scene.link.url;
    scene.cluster = await Cluster.start(Array(servers).fill('aerie'), ['--redis', url, '--adapter', adapter]);
    const [[sender, near], [far]] = await scene.cluster.connect(2);
    await scene.cluster.join('blue', [near, far]);

    const sent = [];
    const send = () => {
      sent.push(sent.length);
      sender.socket.emit('do', { op: 'emit', rooms: ['blue'], event: 'said', args: [sent.at(-1)] }, () => {});
    };
    pacing = setInterval(send, 10);
    await sleep(500);
    await fault.apply(scene);
    const healed = Date.now();
    const first = sent.length;
    await until(() => far.got('said').some(([number]) => number >= first), `messages after: ${fault.name}`, 30_000);
    const seconds = (Date.now() - healed) / 1000;
    await sleep(500);
    clearInterval(pacing);
    // What is kept for Redis is sent or given up within 5 s; a message that arrives fences the others.
    await scene.cluster.fence(sender, [near, far]);
    const { lost: counted } = await sender.ask('status');
    return { sent: sent.length, ...examine(far, sent), local: examine(near, sent), counted, seconds };
  } finally {
    clearInterval(pacing);
    for (const client of connections) await client.disconnect().catch(() => {});
    await scene.cluster?.stop();
    await scene.link?.stop();
    await scene.redis?.stop();
    await scene.six?.stop();
  }
}
