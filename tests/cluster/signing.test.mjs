// Clusters whose messages are signed (`signing`): who can reach Redis, but has no key, is not believed.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { after, afterEach, before, describe, test } from 'node:test';

import { until } from '../conformance/lib/wait.mjs';
import { Cluster, Target, onlyOfficial } from './lib/cluster.mjs';
import { startRedis } from './lib/redis_server.mjs';

const require = createRequire(import.meta.url);
const { createClient } = require('redis');
const run = promisify(execFile);

const command =
  process.env.AERIE_COMMAND ?? join(dirname(process.env.AERIE_CLUSTER_TARGET ?? '.'), 'aerie');
const [oldKey, newKey] = ['o', 'n'].map((letter) => letter.repeat(32));
const withKeys = (...keys) => keys.flatMap((key) => ['--signing-key', key]);

// What somebody without a key would like to say, in messages that are good in themselves.
const forgeries = {
  redis: (victim) => [
    ['socket.io-request#/chat#', `{"type":2,"opts":{"rooms":["${victim}"],"except":[]},"rooms":["admins"]}`],
    ['socket.io-request#/chat#', `{"type":4,"opts":{"rooms":["${victim}"],"except":[]},"close":true}`],
    ['socket.io-request#/chat#', '{"uid":"emitter","type":6,"data":["side","forged"]}'],
    ['socket.io-request#/chat#', '{"uid":"forger","requestId":"r","type":5,"opts":{"rooms":[],"except":[]}}'],
    ['socket.io#/chat#', Buffer.from('93a6666f72676572' + '83a474797065' + '02a464617461' + '91a46e657773' + 'a36e7370' + 'a52f63686174' + '80', 'hex')],
    ['socket.io-response#/chat#', '{"requestId":"r","sockets":[]}'],
  ],
  'redis-sharded': (victim) => {
    const message = (type, data) => ['socket.io#/chat#', JSON.stringify({ type, data, uid: 'forger', nsp: '/chat' })];
    const opts = { rooms: [victim], except: [], flags: {} };
    return [
      message(3, { packet: { type: 2, data: ['news', 'forged'] }, opts: { rooms: [], except: [], flags: {} } }),
      message(4, { opts, rooms: ['admins'] }),
      message(6, { opts, close: true }),
      message(9, { packet: ['side', 'forged'] }),
      message(7, { opts, requestId: 'r' }),
    ];
  },
};

for (const adapter of onlyOfficial ? [] : ['redis', 'redis-sharded']) {
  const publish = adapter === 'redis' ? 'PUBLISH' : 'SPUBLISH';

  describe(`${adapter}, signed`, { concurrency: 1 }, () => {
    let redis;
    let admin;
    let cluster;
    const start = async (...keysOfServers) => {
      cluster = new Cluster();
      for (const keys of keysOfServers) {
        cluster.targets.push(
          await Target.start('aerie', ['--redis', redis.url, '--adapter', adapter, '--requests-timeout', 1000, ...withKeys(...keys)]),
        );
      }
      await cluster.complete();
      return cluster.connect(2);
    };
    before(async () => {
      redis = await startRedis();
      admin = createClient({ url: redis.url });
      await admin.connect();
    });
    afterEach(async () => {
      await cluster?.stop();
      cluster = undefined;
    });
    after(async () => {
      await admin?.disconnect();
      await redis?.stop();
    });

    test('everything works as without keys', async () => {
      const [[a, near], [b]] = await start([oldKey], [oldKey]);
      await cluster.join('blue', [near, b]);
      for (const client of [near, b]) client.socket.on('question', (answer) => answer(client.id));
      await a.ask('say', 'blue', 'hello');
      assert.deepEqual(await a.ask('ask', 'blue'), [near.id, b.id].sort());
      assert.deepEqual(await a.ask('who', 'blue'), [near.id, b.id].sort());
      assert.deepEqual(await a.do('side-ask', { event: 'question', args: ['x'] }), { answers: ['x'], complete: true });
      await a.ask('side', 'text');
      await cluster.fence(a, [near, b]);
      assert.deepEqual(b.got('said'), [['hello']]);
      assert.deepEqual(b.got('side'), [['text']]);
      await a.ask('kick', b.id);
      await until(() => !b.socket.connected, 'the socket is disconnected');
      for (const client of [a]) assert.equal((await client.ask('status')).refused, 0);
    });

    test('what is forged, garbled or recorded is refused, counted, and said once for each reason', async () => {
      const [[a], [b]] = await start([oldKey], [oldKey]);
      const recorded = [];
      const recorder = createClient({ url: redis.url });
      await recorder.connect();
      const record = (payload, channel) => recorded.push([channel.toString(), payload]);
      if (adapter === 'redis') await recorder.pSubscribe('socket.io*', record, true);
      else await recorder.sSubscribe('socket.io#/chat#', record, true);
      await a.do('emit', { event: 'news', args: ['good'] });
      await a.ask('side', 'good');
      await cluster.fence(a, [a, b]);
      await until(() => recorded.length >= 3, 'it is recorded');
      await recorder.disconnect();
      assert.deepEqual(b.got('news'), [['good']]);

      const bad = [
        ...forgeries[adapter](b.id),
        ...recorded,
        ...recorded.map(([channel, payload]) => [channel, Buffer.concat([payload, Buffer.from('x')])]),
        ...recorded.map(([channel, payload]) => [channel, payload.subarray(0, -1)]),
        ...recorded.map(([channel, payload]) => [channel.replace('/chat', '/'), payload]),
      ];
      for (const [channel, payload] of bad) await admin.sendCommand([publish, channel, payload]);
      await cluster.fence(a, [a, b]);
      await until(async () => (await b.ask('status')).refused === bad.length, 'all of it is counted');
      assert.ok(b.socket.connected);
      assert.deepEqual(b.got('news'), [['good']]);
      assert.deepEqual(b.got('side'), [['good']]);
      assert.deepEqual(await a.ask('who', 'admins'), []);
      const { malformed, state } = await b.ask('status');
      assert.equal(malformed, 0);
      assert.equal(state, 'ready');
      for (const why of ['not signed', 'wrong key', 'repeated']) {
        assert.equal(cluster.targets[1].output.split(`was refused: ${why}`).length, 2, why);
      }
    });

    test('keys are changed one server after the other', async () => {
      for (const [keysOfA, keysOfB] of [
        [[oldKey], [oldKey, newKey]],
        [[newKey, oldKey], [oldKey, newKey]],
        [[newKey, oldKey], [newKey]],
      ]) {
        const [[a], [b]] = await start(keysOfA, keysOfB);
        await cluster.fence(a, [a, b]);
        await cluster.fence(b, [a, b]);
        assert.deepEqual(await a.ask('who', b.id), [b.id]);
        await cluster.stop();
      }
      cluster = undefined;
    });

    test('who has another key, or none, is alone', async () => {
      const [[a], [b], [c]] = await start([oldKey], [newKey], []);
      for (const client of [a, b, c]) await client.do('emit', { event: 'news', args: [client.id] });
      await until(async () => (await a.ask('status')).refused === 2, 'the one refuses both');
      await until(async () => (await b.ask('status')).refused === 2, 'the other, too');
      await until(async () => (await c.ask('status')).malformed === 2, 'to who has no key it is garbage');
      for (const client of [a, b, c]) assert.deepEqual(client.got('news'), [[client.id]]);
    });

    test('an impossible key stops the start', async () => {
      await assert.rejects(
        Target.start('aerie', ['--redis', redis.url, '--adapter', adapter, '--signing-key', 'secret']),
        /signing of the Redis adapter: a key has 6 bytes.*at least 32 random ones/s,
      );
    });

    if (adapter !== 'redis') return;

    test('aerie emit signs with the key of a file', async () => {
      const [[a], [b]] = await start([newKey, oldKey], [newKey]);
      const folder = mkdtempSync(join(tmpdir(), 'aerie-key-'));
      try {
        const file = join(folder, 'key');
        writeFileSync(file, `${newKey}\n`);
        const emit = (...words) => run(command, ['emit', '--redis', redis.url, '--namespace', '/chat', ...words]);
        await emit('--signing-key-file', file, 'news', 'good');
        await emit('news', 'forged');
        await emit('--signing-key-file', file, '--room', b.id, '--join', 'blue');
        await cluster.reachable('blue', [b]);
        assert.deepEqual(b.got('news'), [['good']]);
        assert.equal((await a.ask('status')).refused, 1);
        await assert.rejects(emit('--signing-key-file', join(folder, 'none'), 'news'), /cannot be read/);
        writeFileSync(file, 'short');
        await assert.rejects(emit('--signing-key-file', file, 'news'), /signing of the emitter: a key has 5 bytes/);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
}
