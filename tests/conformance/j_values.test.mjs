// Checklist J: the values that events and acknowledgements carry, over each transport.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connect, transports } from './lib/client.mjs';
import { serve } from './lib/target.mjs';
import { once, within } from './lib/wait.mjs';

const values = [
  ['a string', 'text'],
  ['the empty string', ''],
  ['zero', 0],
  ['a fraction', -12.75],
  ['a large number', 2 ** 53 - 1],
  ['a tiny number', 5e-324],
  ['true', true],
  ['false', false],
  ['null', null],
  ['an empty object', {}],
  ['an empty array', []],
  ['an object', { a: { b: [1, { c: null }], 'k é': '"\\/\b\f\n\r\t' }, 2: 'two', 1: 'one' }],
  ['nested arrays', [[], [[1, [2, [3]]], 'x']]],
  ['Chinese', '缓存区由原始数据构成'],
  ['emoji', '👩🏽‍🚀 🏳️‍🌈'],
  ['line separators', 'a\u2028b\u2029c\u0000d'],
  ['a lone surrogate', 'half \ud83d emoji'],
  ['an object with the key __proto__', JSON.parse('{"__proto__":{"x":1},"constructor":2}')],
];

for (const [name, options] of transports) {
  describe(`values over ${name}`, { concurrency: true }, () => {
    const server = serve('--max-http-buffer-size', 2e7);
    const open = () => connect(server, '/', options);

    for (const [what, value] of values) {
      test(`136, 138 ${what} comes back as it went, in events and in acks`, async () => {
        const socket = await open();
        assert.deepEqual(await socket.emitWithAck('echo', value), value);
        socket.emit('echo', value, value);
        assert.deepEqual(await once(socket, 'echo'), [value, value]);
      });
    }

    test('137 send() is an event named message', async () => {
      const socket = await open();
      socket.send(1, 'two');
      assert.deepEqual(await once(socket, 'message-back'), [1, 'two']);
    });

    test('139 binary anywhere in the arguments', async () => {
      const socket = await open();
      const a = Buffer.from([1, 2, 3]);
      const b = Buffer.from('binary');
      const args = [a, 'text', { deep: { list: [b, { a }] } }, [b]];
      socket.emit('echo', ...args);
      assert.deepEqual(await once(socket, 'echo'), args);
    });

    test('140 empty binary', async () => {
      const socket = await open();
      const answer = await socket.emitWithAck('echo', Buffer.alloc(0));
      assert.ok(Buffer.isBuffer(answer));
      assert.equal(answer.length, 0);
    });

    test('139 other binary types', async () => {
      const socket = await open();
      const bytes = new Uint8Array([5, 6, 7]);
      for (const binary of [bytes, bytes.buffer, Buffer.from(bytes)]) {
        assert.deepEqual([...(await socket.emitWithAck('echo', binary))], [5, 6, 7]);
      }
    });

    test('141 megabytes of JSON and of binary', async () => {
      const socket = await open();
      const list = Array.from({ length: 50000 }, (_, i) => ({ id: i, name: `name ${i}`, tags: ['a', 'é'] }));
      assert.deepEqual(await socket.timeout(10000).emitWithAck('echo', list), list);
      const bytes = Buffer.alloc(5e6, 'binary');
      const back = await socket.timeout(10000).emitWithAck('echo', bytes);
      assert.ok(bytes.equals(back));
    });

    test('145 binary in both directions of an ack', async () => {
      const socket = await open();
      const arg = { bytes: Buffer.from([9, 9]) };
      assert.deepEqual(await socket.emitWithAck('message-with-ack', arg), arg);
    });

    test('145 an ack may have several arguments, or none', async () => {
      const socket = await open();
      const answer = (...args) =>
        within(
          new Promise((resolve) => socket.emit('echo', ...args, (...back) => resolve(back))),
          'the ack',
        );
      assert.deepEqual(await answer(1, 'two', null), [1, 'two', null]);
      assert.deepEqual(await answer(), []);
    });
  });
}
