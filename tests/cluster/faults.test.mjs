// What Aerie's servers do when Redis, or one of them, does not do what it should.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { afterEach, describe, test } from 'node:test';

import { freePort } from '../conformance/lib/ports.mjs';
import { duration, patience, sleep, until } from '../conformance/lib/wait.mjs';
import { Cluster, onlyOfficial, Target } from './lib/cluster.mjs';
import { startRedis } from './lib/redis_server.mjs';

const require = createRequire(import.meta.url);
const { createClient } = require('redis');

const adapters = { redis: ['--adapter', 'redis'], 'redis-sharded': ['--adapter', 'redis-sharded'] };

for (const [adapter, options] of Object.entries(adapters)) {
  describe(`${adapter}: faults`, { skip: onlyOfficial, concurrency: 1 }, () => {
    let redis, cluster;
    const admins = [];

    afterEach(async () => {
      for (const admin of admins.splice(0)) await admin.quit().catch(() => {});
      await cluster?.stop();
      await redis?.stop();
      cluster = redis = undefined;
    });

    async function start(kinds, more = [], redisOptions = {}) {
      redis = await startRedis(redisOptions);
      cluster = await Cluster.start(kinds, ['--redis', redis.url, ...options, ...more]);
    }
    async function admin() {
      const client = createClient({ url: redis.url });
      client.on('error', () => {});
      await client.connect();
      admins.push(client);
      return client;
    }
    const publish = (client, channel, payload) =>
      adapter === 'redis' ? client.publish(channel, payload) : client.sPublish(channel, payload);
    const flows = (from, to) =>
      until(async () => {
        await from.do('emit', { event: 'flows' });
        return until(() => to.got('flows').length > 0, 'an event arrives', 300).catch(() => false);
      }, 'events flow again', 20000);

    test('Redis is not there at the start: the server works by itself, says so, and joins when it is', async () => {
      const port = await freePort();
      cluster = new Cluster();
      for (let i = 0; i < 2; i++) {
        cluster.targets.push(await Target.start('aerie', ['--redis', `redis://127.0.0.1:${port}`, ...options]));
      }
      const [[a, other], [b]] = await cluster.connect(2);
      const { state, reason } = await until(async () => {
        const status = await a.ask('status');
        return status.state === 'degraded' && status;
      }, 'the server says that it is degraded');
      assert.match(reason, new RegExp(`127\\.0\\.0\\.1:${port}`), state);
      await a.ask('join', 'blue');
      await other.ask('say', 'blue', 'hello');
      assert.deepEqual(await a.ask('who', 'blue'), [a.id]);
      assert.deepEqual(a.got('said'), [['hello']]);
      const fetched = await a.do('fetch-what-comes');
      assert.deepEqual(fetched.sockets.map(({ id }) => id), [a.id, other.id].sort());
      assert.equal(fetched.unreachable, true);
      assert.equal(await a.ask('servers'), 1);

      redis = await startRedis({ port });
      await flows(a, b);
      await cluster.complete();
      assert.equal((await a.ask('status')).state, 'ready');
    });

    test('Redis is restarted: what was lost is counted, and all goes on', async () => {
      await start(['aerie', 'aerie']);
      const [[a], [b]] = await cluster.connect(1);
      await cluster.join('blue', [b]);
      const { port } = redis;
      await redis.stop();
      await until(async () => (await a.ask('status')).state === 'degraded', 'the server says that it is degraded');
      // It is kept for a while, and then given up.
      await a.ask('say', 'blue', 'lost');
      await until(async () => (await a.ask('status')).lost === 1, 'the server knows what is lost');
      redis = await startRedis({ port });
      await flows(a, b);
      await cluster.complete();
      await cluster.reachable('blue', [b]);
      await a.ask('say', 'blue', 'after');
      await until(() => b.got('said').some(([text]) => text === 'after'), 'a room works again');
      assert.equal((await a.ask('status')).state, 'ready');
      assert.deepEqual(b.got('said').filter(([text]) => text === 'lost'), []);
    });

    test('connections are killed: they come back', async () => {
      await start(['aerie', 'aerie']);
      const [[a], [b]] = await cluster.connect(1);
      const client = await admin();
      for (const type of ['pubsub', 'normal']) {
        await client.sendCommand(['CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes']);
        await sleep(50);
        b.received.length = 0;
        await flows(a, b);
        a.received.length = 0;
        await flows(b, a);
      }
      await cluster.complete();
    });

    test('FLUSHALL takes nothing away', async () => {
      await start(['aerie', 'aerie']);
      const [[a], [b]] = await cluster.connect(1);
      await (await admin()).flushAll();
      await a.do('emit', { event: 'news' });
      await cluster.fence(a, [a, b]);
      assert.deepEqual(b.got('news'), [[]]);
    });

    test('a wrong password is said, once in a while, and local work goes on', async () => {
      redis = await startRedis({ args: ['--requirepass', 'secret'] });
      cluster = new Cluster();
      cluster.targets.push(await Target.start('aerie', ['--redis', `redis://:wrong@127.0.0.1:${redis.port}`, ...options]));
      const [[a]] = await cluster.connect(1);
      const status = await until(async () => {
        const each = await a.ask('status');
        return each.state === 'degraded' && each;
      }, 'the server says that it is degraded');
      assert.match(status.reason, /password|WRONGPASS|NOAUTH/i);
      assert.doesNotMatch(status.reason, /:wrong@/);
      await a.do('emit', { event: 'news' });
      await until(() => a.got('news').length === 1, 'a local event arrives');
    });

    test('garbage from neighbours is dropped and counted', async () => {
      await start(['aerie', 'aerie']);
      const [[a], [b]] = await cluster.connect(1);
      const client = await admin();
      const channels =
        adapter === 'redis'
          ? ['socket.io#/chat#', 'socket.io#/chat#x#', 'socket.io-request#/chat#', 'socket.io-response#/chat#']
          : ['socket.io#/chat#'];
      const garbage = [
        '', '{', '{}', '[]', 'null', '{"type":99}', '{"type":3,"data":null,"uid":"x","nsp":"/chat"}', '\xff\xfe',
        Buffer.from([0xc1]), Buffer.from([0x93, 0xa1, 0x61, 0xc0, 0xc0]), Buffer.alloc(2000, 0x91),
        Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]), Buffer.alloc(1_000_000, 0x7b), '{"type":5,"opts":{"rooms":5}}',
        '{"requestId":"unknown","sockets":[null]}',
      ];
      for (const channel of channels) for (const payload of garbage) await publish(client, channel, payload);
      await a.do('emit', { event: 'news' });
      await cluster.fence(a, [a, b]);
      assert.deepEqual(b.got('news'), [[]]);
      const { malformed, state } = await b.ask('status');
      assert.ok(malformed >= garbage.length - 2, `${malformed} of ${channels.length * garbage.length}`);
      assert.equal(state, 'ready');
    });

    test('two servers with the same id find out, and say so', async () => {
      redis = await startRedis();
      cluster = new Cluster();
      for (const id of ['0123456789abcdef', '0123456789abcdef', 'fedcba9876543210']) {
        cluster.targets.push(await Target.start('aerie', ['--redis', redis.url, ...options, '--server-id', id]));
      }
      const [[a], [b], [c]] = await cluster.connect(1);
      for (const client of [a, b]) {
        const status = await until(async () => {
          const each = await client.ask('status');
          return each.state === 'degraded' && each;
        }, 'both servers say it');
        assert.match(status.reason, /another server of this cluster has the id of this one/);
        assert.ok(status.idConflicts >= 1);
        await until(() => client.target.output.includes('has the id of this one'), 'it is logged');
      }
      await flows(a, c);
      const { state, idConflicts } = await c.ask('status');
      assert.deepEqual([state, idConflicts], ['ready', 0]);
    });

    test('ten thousand answers that nobody asked for are ignored', async () => {
      await start(['aerie', 'aerie']);
      const [[a], [b]] = await cluster.connect(1);
      const client = await admin();
      const [channel, forged] =
        adapter === 'redis'
          ? ['socket.io-response#/chat#', (i) => `{"type":8,"requestId":"x${i}","clientCount":9}`]
          : ['socket.io#/chat#', (i) => `{"type":11,"data":{"requestId":"x${i}","clientCount":9},"uid":"u","nsp":"/chat"}`];
      await Promise.all(Array.from({ length: 10_000 }, (_, i) => publish(client, channel, forged(i))));
      assert.deepEqual(await a.ask('who', b.id), [b.id]);
      assert.equal((await a.ask('status')).malformed, 0);
    });

    test('a server that stands still is missing, and said to be', async () => {
      await start(['aerie', 'aerie', 'aerie'], ['--requests-timeout', '800']);
      const [[a], [b]] = await cluster.connect(1);
      cluster.targets[2].signal('SIGSTOP');
      let fetched;
      const ms = await duration(async () => (fetched = await a.do('fetch-what-comes')));
      cluster.targets[2].signal('SIGCONT');
      assert.deepEqual(fetched.sockets.map(({ id }) => id), [a.id, b.id].sort());
      assert.equal(fetched.missing, 1);
      assert.equal(fetched.unreachable, false);
      assert.ok(ms >= 750, `after ${ms} ms`);
    });

    // More than a client of these tests waits for an answer: who waits for a server that has died is found out.
    const longer = 4 * patience;

    for (const [what, ask] of Object.entries({
      'a fetch': async (a) => {
        const { sockets, missing } = await a.do('fetch-what-comes');
        return { answers: sockets.length, missing };
      },
      'a server-side emit': async (a) => {
        const { answers, complete } = await a.do('side-ask', { event: 'question', args: ['x'] });
        return { answers: answers.length, missing: complete ? 0 : 1 };
      },
    })) {
      test(`a server that dies between question and answer does not cost the time-out: ${what}`, async () => {
        await start(['aerie', 'aerie', 'aerie'], ['--requests-timeout', longer]);
        const [[a], [b]] = await cluster.connect(1);
        const dying = cluster.targets.pop();
        dying.signal('SIGSTOP');
        const asked = ask(a);
        // What comes to another server later than the question shows that the question is on its way.
        await cluster.fence(a, [b]);
        await dying.kill();
        const { answers, missing } = await asked;
        assert.equal(answers, what === 'a fetch' ? 2 : 1);
        assert.equal(missing, 1);
      });
    }

    test('clients of a server that dies are not waited for once it is known', async () => {
      await start(['aerie', 'aerie', 'aerie'], ['--requests-timeout', longer]);
      const [[a], [b]] = await cluster.connect(1);
      for (const client of [a, b]) client.socket.on('question', (answer) => answer('here'));
      const dying = cluster.targets.pop();
      dying.signal('SIGSTOP');
      const asked = a.do('ask', { timeout: longer, event: 'question' });
      await cluster.fence(a, [b]);
      await dying.kill();
      const { answers, complete } = await asked;
      assert.deepEqual(answers, ['here', 'here']);
      assert.equal(complete, false);
    });
  });
}
