// Checklist D: the WebSocket transport.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { constants, inflateRawSync } from 'node:zlib';
import WebSocket from 'ws';
import { connect, run } from './lib/client.mjs';
import { PollingSession, WebSocketSession, target } from './lib/engine.mjs';
import { RawClient } from './lib/socketio.mjs';
import { Server, serve } from './lib/target.mjs';
import { once } from './lib/wait.mjs';
import { RawWebSocket, frame, opcodes, upgradeRequest } from './lib/websocket.mjs';

const { continuation, text, binary, ping } = opcodes;

describe('an echo over WebSocket', { concurrency: true }, () => {
  const server = serve('--engine-only', '--max-http-buffer-size', 100000);
  const open = () => WebSocketSession.open(server);

  test('57 text and binary messages come back as they went', async () => {
    const session = await open();
    session
      .send('4hello')
      .send(Buffer.of(1, 2, 3))
      .send('4');
    assert.equal(await session.next(), '4hello');
    assert.deepEqual(await session.next(), Buffer.of(1, 2, 3));
  });

  test('58 fragments of text are put together', async () => {
    const { socket } = await open();
    const message = Buffer.from('4gr€eting');
    socket.send(text, message.subarray(0, 5), { fin: false });
    socket.send(continuation, message.subarray(5, 6), { fin: false });
    socket.send(continuation, message.subarray(6));
    assert.equal(await socket.next(), '4gr€eting');
  });

  test('58 fragments of binary are put together, control frames may come between', async () => {
    const { socket } = await open();
    socket.send(binary, Buffer.of(1), { fin: false });
    socket.send(ping, 'between');
    socket.send(continuation, Buffer.of(2));
    assert.deepEqual(await socket.next(), { pong: Buffer.from('between') });
    assert.deepEqual(await socket.next(), Buffer.of(1, 2));
  });

  for (const size of [1, 125, 126, 127, 65535, 65536, 99999]) {
    test(`58 a message of ${size} bytes passes`, async () => {
      const { socket } = await open();
      socket.binary(Buffer.alloc(size, 7));
      assert.deepEqual(await socket.next(), Buffer.alloc(size, 7));
    });
  }

  test('58 the server does not mask, and sends whole frames', async () => {
    const session = await open();
    session.send('4hello');
    const { fin, rsv, opcode } = await session.socket.frame();
    assert.deepEqual({ fin, rsv, opcode }, { fin: true, rsv: 0, opcode: text });
  });

  test('58 frames may arrive byte by byte', async () => {
    const { socket } = await open();
    for (const byte of frame(text, '4slowly')) {
      socket.connection.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    assert.equal(await socket.next(), '4slowly');
  });

  test('59 a message above the limit is answered with 1009 and ends the session', async () => {
    const session = await open();
    session.send(`4${'x'.repeat(100000)}`);
    assert.equal((await session.closed()).code, 1009);
    const { reason } = await server.logged({ what: 'engine_close', sid: session.sid });
    assert.match(reason, /^transport (error|close)$/);
  });

  test('59 fragments count together', async () => {
    const session = await open();
    session.socket.send(binary, Buffer.alloc(60000), { fin: false });
    session.socket.send(continuation, Buffer.alloc(60000));
    assert.equal((await session.closed()).code, 1009);
  });

  test('59 a message of exactly the limit is taken', async () => {
    const session = await open();
    const packet = `4${'x'.repeat(99999)}`;
    session.send(packet);
    assert.equal(await session.next(), packet);
  });

  const malformed = [
    ['with RSV bits', frame(text, '4x', { rsv: 3 })],
    ['without a mask', frame(text, '4x', { mask: false })],
    ['with a reserved opcode', frame(5, '4x')],
    ['that is text', Buffer.from('test')],
  ];
  for (const [name, bytes] of malformed) {
    test(`60 a first frame ${name}, sent together with the handshake, is survived`, async () => {
      const { socket } = await RawWebSocket.attempt(server, target('websocket'), {}, bytes);
      await socket.closed();
      assert.equal((await server.request('GET', '/hello')).status, 200);
    });

    test(`60 a first frame ${name} during an upgrade is survived, and the session lives on`, async () => {
      const session = await PollingSession.open(server);
      const { socket } = await RawWebSocket.attempt(server, session.target('websocket'), {}, bytes);
      await socket.closed();
      await session.post('4still');
      assert.ok((await session.receive()).includes('4still'));
    });
  }

  for (const packet of ['abc', '7', '8x', '2']) {
    test(`61 the packet ${JSON.stringify(packet)} closes the session without a close code`, async () => {
      const session = await open();
      session.send(packet);
      assert.equal((await session.closed()).code, 1005);
      const { reason } = await server.logged({ what: 'engine_close', sid: session.sid });
      assert.equal(reason, packet === '2' ? 'transport error' : 'parse error');
    });
  }

  test('62 compression is not negotiated by default', async () => {
    const headers = { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' };
    const { response } = await RawWebSocket.attempt(server, target('websocket'), headers);
    assert.equal(response.headers['sec-websocket-extensions'], undefined);
  });

  test('64 the server closes with an empty close frame', async () => {
    const session = await open();
    session.send('4!close');
    assert.equal((await session.closed()).code, 1005);
    await server.logged({ what: 'engine_close', sid: session.sid, reason: 'forced close' });
  });

  test('64 what was sent before a close arrives before the close frame', async () => {
    const session = await open();
    session.send('4!send-close 3');
    assert.deepEqual(await session.take(3), ['40', '41', '42']);
    assert.equal((await session.closed()).code, 1005);
  });

  test('65 a ping frame is answered with a pong frame of the same bytes', async () => {
    const { socket } = await open();
    socket.send(ping, 'are you there?');
    assert.deepEqual(await socket.next(), { pong: Buffer.from('are you there?') });
  });

  test('58 the answer to the opening handshake is computed from the key (RFC 6455, 1.3)', async () => {
    const connection = await server.connection();
    connection.write(
      upgradeRequest(server, target('websocket'), { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' }),
    );
    const response = await connection.response();
    assert.equal(response.status, 101);
    assert.equal(response.headers['sec-websocket-accept'], 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    assert.match(response.headers.upgrade, /^websocket$/i);
    assert.match(response.headers.connection, /^upgrade$/i);
  });
});

describe('events over WebSocket', () => {
  const server = serve('--max-http-buffer-size', 1e6);

  test('57 views of a buffer send their own bytes only', async () => {
    const socket = await connect(server, '/', { transports: ['websocket'] });
    const bytes = new Uint8Array([9, 8, 1, 2, 3, 4, 7, 6]).buffer;
    const views = [new Int8Array(bytes, 2, 4), new Int32Array(bytes, 4, 1), Buffer.from(bytes, 2, 4)];
    const answers = await socket.emitWithAck('echo', views);
    assert.deepEqual(
      answers.map((answer) => [...answer]),
      [
        [1, 2, 3, 4],
        [3, 4, 7, 6],
        [1, 2, 3, 4],
      ],
    );
  });

  test('59 an event above the limit disconnects the official client', async () => {
    const socket = await connect(server, '/', { transports: ['websocket'] });
    socket.emit('echo', 'x'.repeat(1e6));
    const [reason] = await once(socket, 'disconnect');
    assert.equal(reason, 'transport close');
  });

  test('64 the client sees transport close when the server closes the connection', async () => {
    const socket = await connect(server, '/', { transports: ['websocket'] });
    const id = socket.id;
    socket.emit('do', { do: 'closeConn' });
    const [reason] = await once(socket, 'disconnect');
    assert.equal(reason, 'transport close');
    await server.logged({ what: 'disconnect', id, reason: 'forced close' });
  });

  test('63 a broadcast reaches clients of both transports as the same packet', async () => {
    const raw = await RawClient.open(server);
    const polling = await PollingSession.open(server);
    await polling.post('40');
    await polling.receive();
    await server.command({ do: 'emit', from: 'io', event: 'news', args: [1, { a: 'é' }] });
    const packet = '42["news",1,{"a":"é"}]';
    assert.equal(`4${await raw.next()}`, packet);
    assert.deepEqual(await polling.receive(), [packet]);
  });
});

describe('compressed WebSocket messages', () => {
  const server = serve('--engine-only', '--per-message-deflate', 1024);
  // With a shared context the official server compresses small messages as well.
  const parameters = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover';
  const offer = { 'Sec-WebSocket-Extensions': parameters };
  const tail = Buffer.of(0, 0, 0xff, 0xff);

  async function open() {
    const { socket, response } = await RawWebSocket.attempt(server, target('websocket'), offer);
    assert.match(response.headers['sec-websocket-extensions'], /^permessage-deflate/);
    assert.match(await socket.next(), /^0/);
    return socket;
  }

  test('62 from the threshold on messages are compressed', async () => {
    const socket = await open();
    socket.text('4!send 1 1024');
    const { rsv, payload } = await socket.frame();
    assert.equal(rsv, 4);
    const whole = inflateRawSync(Buffer.concat([payload, tail]), { finishFlush: constants.Z_SYNC_FLUSH });
    assert.equal(whole.toString(), `40:${'x'.repeat(1024)}`);
  });

  test('62 below the threshold they are not', async () => {
    const socket = await open();
    socket.text('4!send 1 100');
    assert.equal((await socket.frame()).rsv, 0);
  });

  test('62 a client that does not offer compression gets none', async () => {
    const session = await WebSocketSession.open(server);
    session.send('4!send 1 5000');
    assert.equal((await session.socket.frame()).rsv, 0);
  });

  test('62 the ws library compresses both ways', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}${target('websocket')}`, {
      perMessageDeflate: true,
    });
    server.track({ destroy: () => socket.terminate() });
    const [open] = await once(socket, 'message');
    assert.equal(open.toString()[0], '0');
    for (let i = 0; i < 5; i++) {
      const message = `4${String(i).repeat(3000)}`;
      socket.send(message);
      const [answer] = await once(socket, 'message');
      assert.equal(answer.toString(), message);
    }
    assert.match(socket.extensions, /permessage-deflate/);
  });
});

describe('compressed events', () => {
  const server = serve('--per-message-deflate', 10);

  test('62 compressed broadcasts reach clients with and without compression', async () => {
    const compressing = await connect(server, '/', {
      transports: ['websocket'],
      perMessageDeflate: { threshold: 0 },
    });
    const raw = await RawClient.open(server);
    const received = once(compressing, 'news');
    const data = 'data '.repeat(500);
    await run(compressing, { do: 'emit', from: 'nsp', event: 'news' }, data);
    assert.deepEqual(await received, [data]);
    assert.equal(await raw.next(), `2["news","${data}"]`);
  });
});

test('64 stopping the server closes WebSockets', async () => {
  const server = await Server.start(['--engine-only']);
  const session = await WebSocketSession.open(server);
  server.signal('SIGTERM');
  await session.closed();
  assert.equal((await server.ended()).code, 0);
});
