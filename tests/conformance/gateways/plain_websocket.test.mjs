// Gateways behind aerie::WsAdapter, with the npm package ws: node --test plain_websocket.test.mjs
// AERIE_GATEWAYS names the program, AERIE_THREADS the number of its event loops.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { sleep, within } from '../lib/wait.mjs';
import { startServer } from './server.mjs';

let server;

before(async () => {
  server = await startServer('plain', '--threads', process.env.AERIE_THREADS ?? '1');
});
after(async () => assert.equal(await server.stop(), 0));

async function open(path = '/', options = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, options);
  socket.texts = [];
  socket.on('message', (data) => socket.texts.push(data.toString()));
  await within(once(socket, 'open'), 'the handshake');
  return socket;
}

async function texts(socket, count) {
  await within(
    (async () => {
      while (socket.texts.length < count) await sleep(2);
    })(),
    `${count} messages`,
  );
  return socket.texts.splice(0, count);
}

async function ask(socket, event, data) {
  socket.send(JSON.stringify({ event, data }));
  return JSON.parse((await texts(socket, 1))[0]);
}

// The status and body of a handshake that is refused.
async function refusal(path, options = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, options);
  const [, response] = await within(once(socket, 'unexpected-response'), 'the refusal');
  let body = '';
  for await (const chunk of response) body += chunk;
  return [response.statusCode, body];
}

test('plain values are sent as they are, events with their name', async () => {
  const socket = await open();
  assert.deepEqual(await ask(socket, 'echo', { a: [1, 'ü', null] }), { a: [1, 'ü', null] });
  assert.deepEqual(await ask(socket, 'made', 7), { event: 'created', data: 7 });
  assert.deepEqual(await ask(socket, 'later', 'x'), 'x');
  socket.close();
});

test('streams send each of their events', async () => {
  const socket = await open();
  socket.send(JSON.stringify({ event: 'count', data: 100 }));
  const numbers = (await texts(socket, 100)).map((text) => JSON.parse(text).data);
  assert.deepEqual(
    numbers,
    Array.from({ length: 100 }, (_, index) => index + 1),
  );
  socket.close();
});

test('errors are exception events', async () => {
  const socket = await open();
  assert.deepEqual(await ask(socket, 'fail'), {
    event: 'exception',
    data: { status: 'error', message: 'as ordered', cause: { pattern: 'fail' } },
  });
  socket.close();
});

test('what is no message is dropped', async () => {
  const socket = await open();
  for (const text of ['', '{', 'null', '[]', '{"event":1}', '{"event":"unknown"}', '['.repeat(5000)])
    socket.send(text);
  socket.send(Buffer.from([0xff, 0xfe]));
  assert.equal(await ask(socket, 'echo', 'still here'), 'still here');
  socket.close();
});

test('large and fragmented messages arrive whole', async () => {
  const socket = await open();
  const large = 'x'.repeat(900_000);
  assert.equal(await ask(socket, 'echo', large), large);
  const parts = JSON.stringify({ event: 'echo', data: 'in parts' }).match(/.{1,7}/g);
  parts.forEach((part, index) => socket.send(part, { fin: index === parts.length - 1 }));
  assert.deepEqual(await texts(socket, 1), ['"in parts"']);
  socket.close();
});

test('a message beyond the limit ends the connection', async () => {
  const socket = await open();
  socket.send('x'.repeat(1_000_001));
  const [code] = await within(once(socket, 'close'), 'the close frame');
  assert.equal(code, 1009);
});

test('both sides close with a handshake', async () => {
  const ours = await open();
  ours.close(1000, 'done');
  const [code] = await within(once(ours, 'close'), 'the answer');
  assert.equal(code, 1000);
  const theirs = await open();
  theirs.send('{"event":"bye"}');
  const [their, reason] = await within(once(theirs, 'close'), 'the close frame');
  assert.deepEqual([their, reason.toString()], [4001, 'bye']);
});

test('clients are pinged, and kept while they answer', async () => {
  const socket = await open();
  await within(once(socket, 'ping'), 'a ping');
  await within(once(socket, 'ping'), 'another ping');
  assert.equal(await ask(socket, 'echo', 1), 1);
  const silent = await open('/', { autoPong: false });
  const [code] = await within(once(silent, 'close'), 'the end of a client that does not answer');
  assert.equal(code, 1006);
  socket.close();
});

test('a client that does not read is disconnected', async () => {
  const socket = await open();
  socket.pause();
  // What one handler writes at once is its own matter; who leaves it and is sent more is slow.
  socket.send('{"event":"flood"}');
  await sleep(300);
  socket.send('{"event":"flood"}');
  await sleep(300);
  socket.resume();
  const [code] = await within(once(socket, 'close'), 'the end', 20_000);
  assert.equal(code, 1006);
  assert.ok(socket.texts.length < 2000, 'it has got everything');
});

test('paths, guards and origins decide about handshakes', async () => {
  const socket = await open('/?a=1');
  assert.equal(await ask(socket, 'target'), '/?a=1');
  socket.close();
  const guarded = await open('/guarded', { headers: { Authorization: 'Bearer secret' } });
  assert.equal(await ask(guarded, 'echo', 'in'), 'in');
  guarded.close();
  assert.deepEqual(await refusal('/guarded?token=wrong'), [403, '{"message":"Forbidden resource"}']);
  assert.equal((await refusal('/', { origin: 'https://evil.example' }))[0], 403);
  const own = await open('/', { origin: 'https://chat.example' });
  own.close();
  const unknown = new WebSocket(`ws://127.0.0.1:${server.port}/unknown`);
  await within(once(unknown, 'error'), 'the end of a handshake that nobody wants');
});

test('many clients at once get their own answers', async () => {
  const sockets = await Promise.all(Array.from({ length: 50 }, () => open()));
  await Promise.all(
    sockets.map(async (socket, index) => {
      for (let i = 0; i < 20; i++) assert.equal(await ask(socket, 'later', `${index}/${i}`), `${index}/${i}`);
    }),
  );
  for (const socket of sockets) socket.terminate();
});
