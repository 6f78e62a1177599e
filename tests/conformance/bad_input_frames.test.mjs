// WebSocket frames that no client should send (numbers F1 to F44; RFC 6455).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { canary } from './lib/canary.mjs';
import { asOfficial } from './lib/differences.mjs';
import { target, WebSocketSession } from './lib/engine.mjs';
import { RawClient } from './lib/socketio.mjs';
import { serve } from './lib/target.mjs';
import { RawWebSocket, closePayload, frame, opcodes } from './lib/websocket.mjs';

const { continuation, text, binary, close, ping, pong } = opcodes;
const bytes = (...values) => Buffer.from(values);

// number, what, frames, close code
const rows = [
  ['F1', 'no mask', frame(text, '4x', { mask: false }), 1002],
  ['F2', 'RSV1 without an extension', frame(text, '4x', { rsv: 4 }), 1002],
  ['F3', 'RSV2', frame(text, '4x', { rsv: 2 }), 1002],
  ['F3', 'RSV3', frame(text, '4x', { rsv: 1 }), 1002],
  ...[3, 4, 5, 6, 7].map((opcode) => ['F4', `the opcode ${opcode}`, frame(opcode, ''), 1002]),
  ...[11, 12, 13, 14, 15].map((opcode) => ['F5', `the opcode ${opcode}`, frame(opcode, ''), 1002]),
  ['F6', 'a continuation of nothing', frame(continuation, 'x'), 1002],
  [
    'F7',
    'a new message inside of another',
    Buffer.concat([frame(text, '4', { fin: false }), frame(text, 'x')]),
    1002,
  ],
  ['F8', 'a ping in fragments', frame(ping, 'x', { fin: false }), 1002],
  ['F8', 'a close in fragments', frame(close, closePayload(1000), { fin: false }), 1002],
  ['F9', 'a ping of 126 bytes', frame(ping, 'x'.repeat(126)), 1002],
  ['F9', 'a close of 126 bytes', frame(close, closePayload(1000, 'x'.repeat(124))), 1002],
  ['F11', 'a close of one byte', frame(close, 'x'), 1002],
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535].map((code) => [
    'F12-20',
    `the close code ${code}`,
    frame(close, closePayload(code)),
    1002,
  ]),
  ...[1000, 1001, 1011, 3000, 4999].map((code) => [
    'F21-23',
    `the close code ${code} is sent back`,
    frame(close, closePayload(code)),
    code,
  ]),
  [
    'F24',
    'a close reason that is not UTF-8',
    frame(close, Buffer.concat([closePayload(1000), bytes(0xff)])),
    1007,
  ],
  ['F25', 'text that is not UTF-8', frame(text, bytes(0x34, 0xff)), 1007],
  ['F25', 'an overlong form', frame(text, bytes(0x34, 0xc0, 0xaf)), 1007],
  ['F25', 'a surrogate', frame(text, bytes(0x34, 0xed, 0xa0, 0x80)), 1007],
  ['F25', 'a code point above U+10FFFF', frame(text, bytes(0x34, 0xf4, 0x90, 0x80, 0x80)), 1007],
  ['F25', 'a character that is cut off', frame(text, bytes(0x34, 0xe2, 0x82)), 1007],
  ['F27', 'a length with its top bit set', frame(binary, '', { form: 8, length: 1n << 63n }), [1002, 1009]],
  ['F28', 'a length of 2^53', frame(binary, '', { form: 8, length: 1n << 53n }), 1009],
  ['F28', 'a length one above the limit', frame(binary, '', { form: 8, length: 1000001 }), 1009],
  ['F38', 'an empty text message', frame(text, ''), 1005],
  [
    'F35',
    'RSV1 on a continuation',
    Buffer.concat([frame(text, '4', { fin: false }), frame(continuation, 'x', { rsv: 4 })]),
    1002,
  ],
  ['F35', 'RSV1 on a ping', frame(ping, 'x', { rsv: 4 }), 1002],
];

describe('frames', { concurrency: true }, () => {
  const server = serve();
  canary(server);

  async function joined() {
    const client = await RawClient.open(server);
    return { client, socket: client.session.socket };
  }

  for (const [number, what, frames, code] of rows) {
    test(`${number} ${what}`, async () => {
      const { socket } = await joined();
      socket.connection.write(frames);
      const closed = await socket.closed();
      assert.ok([code].flat().includes(closed.code), `closed with ${closed.code}, expected ${code}`);
    });
  }

  test('F10 a ping of 125 bytes is answered by the same bytes', async () => {
    const { socket } = await joined();
    const payload = Buffer.alloc(125, 0xc3);
    socket.send(ping, payload);
    assert.deepEqual(await socket.next(), { pong: payload });
  });

  test('F26 a character split over fragments', async () => {
    const { client, socket } = await joined();
    const message = Buffer.from('42["echo","€😀"]');
    for (let i = 0; i < message.length; i++) {
      socket.send(i === 0 ? text : continuation, message.subarray(i, i + 1), {
        fin: i === message.length - 1,
      });
    }
    assert.equal(await client.next(), '2["echo","€😀"]');
  });

  test('F29 lengths in a longer form than needed', async () => {
    const { client, socket } = await joined();
    for (const form of [2, 8]) {
      socket.send(text, '42["echo",1]', { form });
      assert.equal(await client.next(), '2["echo",1]');
    }
  });

  test('F37 a message in fragments of one byte', async () => {
    const { client, socket } = await joined();
    const message = `42["echo","${'x'.repeat(20000)}"]`;
    const parts = [...message].map((letter, i) =>
      frame(i === 0 ? text : continuation, letter, { fin: i === message.length - 1 }),
    );
    socket.connection.write(Buffer.concat(parts));
    assert.equal(await client.next(), message.slice(1));
  });

  test('F36 endless empty fragments are cut off', async () => {
    const { socket } = await joined();
    const empty = Buffer.concat(Array(10000).fill(frame(continuation, '', { fin: false })));
    socket.send(text, '4', { fin: false });
    for (let i = 0; i < 20; i++) socket.connection.write(empty);
    if (asOfficial('F36')) {
      socket.send(ping, 'still');
      assert.deepEqual(await socket.next(), { pong: Buffer.from('still') });
      return;
    }
    const { code } = await socket.closed();
    assert.ok([1008, 1006].includes(code), `${code}`);
  });

  test('F38 an empty binary message is no attachment', async () => {
    const { client, socket } = await joined();
    socket.binary('');
    assert.equal((await client.fate()).alive, false);
  });

  test('F39 stray pongs are ignored', async () => {
    const { client, socket } = await joined();
    socket.connection.write(Buffer.concat(Array(90).fill(frame(pong, 'x'))));
    assert.ok((await client.fate()).alive);
  });

  test('F39 a flood of pongs', async () => {
    const { client, socket } = await joined();
    socket.connection.write(Buffer.concat(Array(1000).fill(frame(pong, 'x'))));
    const { alive, code } = await client.fate();
    if (asOfficial('F39')) assert.ok(alive);
    else assert.equal(code, 1008);
  });

  test('F41 what comes after a close frame is ignored', async () => {
    const { client, socket } = await joined();
    socket.connection.write(
      Buffer.concat([frame(close, closePayload(1000)), frame(text, '42["echo","late"]')]),
    );
    assert.deepEqual(await socket.next(), { close: 1000 });
    await socket.connection.closed();
    await server.logged({ what: 'disconnect', id: client.id, reason: 'transport close' });
  });

  test('F43 half a frame, then nothing: the others go on', async () => {
    const { socket } = await joined();
    socket.connection.write(frame(text, '42["echo",1]').subarray(0, 7));
    const other = await joined();
    assert.ok((await other.client.fate()).alive);
  });

  test('F44 every split of a session into two segments', async () => {
    const messages = Buffer.concat([
      frame(text, '42["echo","é"]'),
      frame(text, '451-["echo",{"_placeholder":true,"num":0}]'),
      frame(binary, bytes(1, 2, 3)),
      frame(ping, 'p'),
    ]);
    for (let split = 1; split < messages.length; split++) {
      const { client, socket } = await joined();
      socket.connection.write(messages.subarray(0, split));
      await new Promise(setImmediate);
      socket.connection.write(messages.subarray(split));
      const answers = [];
      while (answers.length < 4) answers.push(await client.next());
      // The pong may overtake the echoes.
      const pongs = answers.filter((answer) => answer.pong !== undefined);
      assert.deepEqual(pongs, [{ pong: Buffer.from('p') }]);
      const echoes = answers.filter((answer) => answer.pong === undefined);
      assert.deepEqual(echoes, [
        '2["echo","é"]',
        '51-["echo",{"_placeholder":true,"num":0}]',
        bytes(1, 2, 3),
      ]);
      client.destroy();
    }
  });
});

describe('compressed frames', { concurrency: true }, () => {
  const server = serve('--engine-only', '--per-message-deflate', 1024, '--max-http-buffer-size', 100000);
  const offer = {
    'Sec-WebSocket-Extensions': 'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
  };
  const compress = (data) => deflateRawSync(Buffer.from(data));

  async function open() {
    const socket = await RawWebSocket.open(server, target('websocket'), offer);
    await socket.frame();
    return socket;
  }

  test('F30 a small message that inflates above the limit', async () => {
    const socket = await open();
    socket.send(binary, compress(Buffer.alloc(50e6)), { rsv: 4 });
    assert.equal((await socket.closed()).code, 1009);
  });

  test('F31 garbage instead of compressed bytes', async () => {
    const socket = await open();
    socket.send(text, bytes(0xff, 0xff, 0xff, 0xff), { rsv: 4 });
    assert.equal((await socket.closed()).code, 1007);
  });

  test('F32 an inflating message in many fragments', async () => {
    const socket = await open();
    const whole = compress(Buffer.alloc(1e6));
    const size = Math.ceil(whole.length / 100);
    const parts = [];
    for (let i = 0; i < whole.length; i += size) {
      const fin = i + size >= whole.length;
      parts.push(
        frame(i === 0 ? binary : continuation, whole.subarray(i, i + size), { fin, rsv: i === 0 ? 4 : 0 }),
      );
    }
    socket.connection.write(Buffer.concat(parts));
    assert.equal((await socket.closed()).code, 1009);
  });

  test('F35 RSV1 on a continuation', async () => {
    const socket = await open();
    const whole = compress('4hello');
    socket.send(text, whole.subarray(0, 3), { rsv: 4, fin: false });
    socket.send(continuation, whole.subarray(3), { rsv: 4 });
    assert.equal((await socket.closed()).code, 1002);
  });

  test('F34 a client may compress or not, message by message', async () => {
    const socket = await open();
    socket.send(text, compress('4compressed'), { rsv: 4 });
    assert.equal(await socket.next(), '4compressed');
    socket.text('4plain');
    assert.equal(await socket.next(), '4plain');
    await WebSocketSession.open(server);
  });
});
