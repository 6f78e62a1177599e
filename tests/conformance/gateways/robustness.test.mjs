// Gateways that do what they should not, at the same time, while others work: node --test robustness.test.mjs
// AERIE_GATEWAYS names the program, AERIE_THREADS the number of its event loops.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { io } from 'socket.io-client';
import { sleep, within } from '../lib/wait.mjs';
import { startServer } from './server.mjs';

const misdeeds = [
  'throw exception', 'throw int', 'throw string', 'throw null', 'throw WsException', 'throw object',
  'throw http', 'throw connect_error', 'throw cancelled', 'disconnect', 'leave and throw', 'close connection',
];
const places = [
  'guard', 'later guard', 'interceptor before', 'interceptor after', 'pipe', 'later pipe', 'extractor',
  'handler', 'filter',
];
const events = [
  'plain', 'piped', 'task', 'late', 'stream', 'late_stream', 'event', 'ack', 'layered', 'never',
  'neverStream', 'stubborn', 'slow',
];
const rounds = Number(process.env.AERIE_ROUNDS ?? 3);

let server;

before(async () => {
  server = await startServer('--threads', process.env.AERIE_THREADS ?? '1');
});
after(async () => assert.equal(await server.stop(), 0));

function connect(auth = {}, transports = ['websocket']) {
  return io(`http://127.0.0.1:${server.port}`, { transports, auth, forceNew: true, reconnection: false });
}

// A client that works all the time and must never notice anything.
async function bystander(until) {
  const socket = connect();
  await within(once(socket, 'connect'), 'the connection of a bystander');
  let count = 0;
  while (!until.done) {
    assert.equal(await within(socket.emitWithAck('echo', ++count), 'an answer for a bystander'), count);
  }
  assert.ok(socket.connected, 'a bystander has been disconnected');
  socket.close();
  return count;
}

async function beside(work) {
  const until = { done: false };
  const bystanders = Promise.all(Array.from({ length: 4 }, () => bystander(until)));
  try {
    await Promise.race([work(), bystanders]);
  } finally {
    until.done = true;
  }
  for (const count of await bystanders) assert.ok(count > 0);
  assert.ok(server.running, 'the server has died');
}

async function misbehave(event, order, leaveEarly) {
  const socket = connect();
  socket.on('exception', () => {});
  await within(Promise.race([once(socket, 'connect'), once(socket, 'connect_error')]), 'a connection');
  socket.emit(event, order, () => {});
  if (leaveEarly) {
    if (Math.random() < 0.5) socket.io.engine.transport.ws?.terminate();
  } else {
    await sleep(15);
  }
  socket.close();
}

test('handlers and layers', async () => {
  await beside(async () => {
    for (let round = 0; round < rounds; round++) {
      const orders = [];
      for (const event of events)
        for (const deed of misdeeds) orders.push([event, { do: deed, in: 'handler' }]);
      for (const place of places)
        for (const deed of misdeeds) orders.push(['layered', { do: deed, in: place }]);
      while (orders.length > 0)
        await Promise.all(
          orders.splice(0, 24).map(([event, order]) => misbehave(event, order, Math.random() < 0.5)),
        );
    }
  });
});

test('hooks and guards of connections', async () => {
  await beside(async () => {
    const auths = [];
    for (const deed of misdeeds) {
      auths.push({ opened: deed }, { closed: deed }, { in: 'guard', do: deed }, { in: 'later guard', do: deed });
    }
    while (auths.length > 0)
      await Promise.all(
        auths.splice(0, 12).map(async (auth) => {
          const socket = connect(auth, Math.random() < 0.5 ? ['polling'] : ['websocket']);
          await Promise.race([once(socket, 'connect'), once(socket, 'connect_error'), once(socket, 'disconnect'), sleep(500)]);
          await sleep(5);
          socket.close();
        }),
      );
  });
});

test('everybody is thrown out, and comes back', async () => {
  for (let round = 0; round < rounds * 5; round++) {
    // Handlers run to their end: those of the round before may still throw out who comes now.
    const sockets = Array.from({ length: 10 }, () => connect());
    const ends = sockets.map((socket) => once(socket.io, 'close'));
    await Promise.all(
      sockets.map((socket, i) => within(Promise.race([once(socket, 'connect'), ends[i]]), 'a connection')),
    );
    const gone = Promise.all(ends.map((end) => within(end, 'the end')));
    const there = sockets.filter((socket) => socket.connected);
    for (const socket of there.slice(0, 3)) socket.emit('late', { do: 'disconnect all', in: 'handler' });
    await gone;
  }
});

test('work in the making does not keep the server from ending', async () => {
  for (const event of ['never', 'neverStream', 'stubborn', 'slow']) {
    const socket = connect();
    await within(once(socket, 'connect'), 'a connection');
    socket.emit(event, {}, () => {});
  }
  await sleep(50);
});
