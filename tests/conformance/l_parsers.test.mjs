// Checklist L: the official client with socket.io-msgpack-parser.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import parser from 'socket.io-msgpack-parser';
import { connect, refusal, client, record, run, settled, transports } from './lib/client.mjs';
import { serve } from './lib/target.mjs';
import { once } from './lib/wait.mjs';

const values = [
  ['texts', ['text', '', '缓存区', '👩🏽‍🚀', 'x'.repeat(70_000)]],
  ['numbers', [0, 1, -1, 127, 128, 65_536, 2 ** 32, 2 ** 53 - 1, -(2 ** 53) + 1, -12.75, 5e-324, NaN, Infinity]],
  ['what is nothing', [null, undefined, [undefined, null], { a: undefined, b: null }]],
  ['dates', [new Date(0), { when: new Date('2020-01-02T03:04:05.678Z') }, new Date(-1)]],
  ['binary', [Buffer.from([1, 2, 3]), Buffer.alloc(0), { deep: [Buffer.from('binary')] }]],
  ['containers', [[], {}, [[1, [2]]], Array.from({ length: 20 }, (_, i) => i), { a: { b: [{ c: 1 }] } }]],
];

for (const [name, options] of transports) {
  describe(`MessagePack over ${name}`, { concurrency: true }, () => {
    const server = serve('--parser', 'msgpack', '--emit-auth');
    const open = (nsp = '/', more = {}) => connect(server, nsp, { ...options, parser, ...more });

    for (const [what, args] of values) {
      test(`203 ${what} come back as they went, in events and in acks`, async () => {
        const socket = await open();
        assert.deepEqual(await socket.emitWithAck('ack-after', 0, args), args);
        socket.emit('echo', ...args);
        assert.deepEqual(await once(socket, 'echo'), args);
      });
    }

    test('204 what the server sends is of the type that it has there', async () => {
      const socket = await open();
      socket.emit('types');
      const [date, list, nan, zero, , object, text, bytes] = await once(socket, 'types');
      assert.deepEqual(date, new Date('2020-01-02T03:04:05.678Z'));
      assert.deepEqual(list, [undefined, 1]);
      assert.deepEqual([nan, zero], [NaN, 0]);
      assert.deepEqual(object, { a: undefined, b: null });
      assert.equal(text, '"\u2028é');
      assert.deepEqual(bytes, Buffer.from([1, 2]));
    });

    test('205 auth is read, and refusals are told', async () => {
      const auth = { token: 'secret', since: new Date(5), raw: Buffer.from('x') };
      const socket = client(server, '/', { ...options, parser, auth });
      assert.deepEqual(await once(socket, 'auth'), [auth]);
      const refused = await refusal(client(server, '/admin', { ...options, parser }));
      assert.equal(refused.message, 'not authorized');
      assert.deepEqual(refused.data, { code: 401 });
      assert.equal((await refusal(client(server, '/unknown', { ...options, parser }))).message, 'Invalid namespace');
      await open('/admin', { auth });
    });

    test('206 rooms, broadcasts and acknowledgements of many', async () => {
      const nsp = `/dynamic-${name.length}`;
      const [one, two] = [await open(nsp), await open(nsp)];
      await run(one, { do: 'join', rooms: 'room' });
      await run(two, { do: 'join', rooms: 'room' });
      const events = [one, two].map(record);
      await run(one, { do: 'emit', from: 'nsp', to: ['room'], event: 'news' }, new Date(7), Buffer.from('y'));
      await settled(one, two);
      for (const list of events) assert.deepEqual(list[0], ['news', new Date(7), Buffer.from('y')]);
      one.on('ask', (answer) => answer('one'));
      two.on('ask', (answer) => answer('two'));
      const { responses } = await run(one, { do: 'emit', from: 'nsp', to: ['room'], event: 'ask', timeout: 2000 });
      assert.deepEqual(responses.sort(), ['one', 'two']);
    });

    test('207 the server disconnects, and so does the client', async () => {
      const socket = await open('/custom');
      const gone = once(socket, 'disconnect');
      socket.emit('do', { do: 'disconnect' });
      assert.equal((await gone)[0], 'io server disconnect');
      const other = await open('/custom');
      other.disconnect();
      const again = await open('/custom');
      assert.equal(await again.emitWithAck('echo', 1), 1);
    });
  });
}

describe('a client with another parser', () => {
  const server = serve('--parser', 'msgpack');

  test('208 does not get in, and harms nobody', async () => {
    const socket = client(server, '/', { transports: ['websocket'] });
    await once(socket.io.engine ?? socket.io, 'close');
    assert.equal(socket.connected, false);
    const right = await connect(server, '/', { parser });
    assert.equal(await right.emitWithAck('echo', 1), 1);
  });
});
