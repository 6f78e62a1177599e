// One room whose members are at servers that speak to their clients in different ways, JSON and MessagePack; and servers
// that speak to each other in another way than usual, the adapter's option `parser`.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, afterEach, before, describe, test } from 'node:test';

import { until } from '../conformance/lib/wait.mjs';
import { Client, Cluster, Target, onlyOfficial } from './lib/cluster.mjs';
import { startRedis } from './lib/redis_server.mjs';

const msgpackParser = createRequire(new URL('../conformance/package.json', import.meta.url))('socket.io-msgpack-parser');

const wires = {
  redis: ['--adapter', 'redis'],
  'redis, with the parser of the adapter set': ['--adapter', 'redis', '--json-wire'],
  'redis-sharded': ['--adapter', 'redis-sharded'],
};

// What both of the clients' parsers carry, and the wires as well.
const values = ['text', '', 'grüße ☃ 𝄞', 0, -1, 1.5, 2 ** 40, true, null, [], [1, [2]], {}, { a: { b: ['c', null] } }];

for (const [title, options] of Object.entries(wires)) {
  describe(`${title}: clients with different parsers`, { skip: onlyOfficial, concurrency: 1 }, () => {
    let redis, cluster, clients;

    before(async () => {
      redis = await startRedis();
      cluster = new Cluster();
      for (const parser of [[], ['--msgpack-clients']]) {
        cluster.targets.push(await Target.start('aerie', ['--redis', redis.url, ...options, ...parser]));
      }
    });
    const connect = async () => {
      const [plain, msgpack] = cluster.targets;
      const withParser = { parser: msgpackParser };
      clients = [
        await Client.connect(plain, '/chat'),
        await Client.connect(plain, '/chat'),
        await Client.connect(msgpack, '/chat', withParser),
        await Client.connect(msgpack, '/chat', withParser),
      ];
      for (const client of clients) await until(async () => (await client.ask('servers')) === 2, 'both servers are there');
      for (const client of clients) await client.ask('join', 'blue');
      // Channels of rooms take a moment.
      for (const from of [clients[0], clients[2]]) {
        await until(async () => {
          await from.ask('say', 'blue', 'probe');
          return until(() => clients.every((each) => each.got('said').length > 0), 'a probe arrives', 200).catch(() => false);
        }, 'the room is reached');
      }
      await fence();
      for (const client of clients) client.received.length = 0;
      return clients;
    };
    let fences = 0;
    const fence = async () => {
      for (const from of [clients[0], clients[2]]) {
        const number = ++fences;
        await from.do('emit', { event: 'fence', args: [number] });
        await until(() => clients.every((each) => each.got('fence').some(([n]) => n === number)), 'a fence arrives');
      }
    };
    // A late probe is nobody's message.
    const heard = (client) => client.got('said').map(([value]) => value).filter((value) => value !== 'probe');
    const said = (count) => until(() => clients.every((each) => heard(each).length >= count), `${count} messages arrive`);
    afterEach(() => {
      for (const client of clients ?? []) client.close();
    });
    after(async () => {
      await cluster?.stop();
      await redis?.stop();
    });

    test('an event has the same values for everybody in the room', async () => {
      await connect();
      for (const from of [clients[0], clients[2]]) {
        for (const value of values) await from.ask('say', 'blue', value);
        // What two servers send is in no order between them.
        await said(from === clients[0] ? values.length : 2 * values.length);
      }
      for (const client of clients) {
        assert.deepEqual(heard(client), [...values, ...values]);
      }
    });

    if (!options.includes('--json-wire')) {
      test('what is binary stays binary', async () => {
        await connect();
        const bytes = Buffer.from([0, 1, 0x7b, 0xc1, 0xff]);
        for (const from of [clients[0], clients[2]]) await from.ask('say', 'blue', { bytes });
        await said(2);
        for (const client of clients) {
          assert.deepEqual(heard(client).map((value) => Buffer.from(value.bytes)), [bytes, bytes]);
        }
      });
    }

    test('acknowledgements come back from both', async () => {
      await connect();
      for (const client of clients) client.socket.on('question', (answer) => answer(client.id));
      const ids = clients.map(({ id }) => id).sort();
      for (const from of [clients[0], clients[2]]) {
        assert.deepEqual(await from.ask('ask', 'blue'), ids);
        assert.deepEqual(await from.ask('who', 'blue'), ids);
      }
    });
  });
}
