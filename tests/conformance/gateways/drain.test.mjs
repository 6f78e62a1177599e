// A server that is asked to end, and its official clients: node --test drain.test.mjs
// AERIE_GATEWAYS names the program, AERIE_THREADS the number of its event loops.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { io } from 'socket.io-client';
import { freePort } from '../lib/ports.mjs';
import { sleep, within } from '../lib/wait.mjs';
import { startServer } from './server.mjs';

const threads = process.env.AERIE_THREADS ?? '1';
const delay = 3000;
const spread = 3000;
const perTransport = 4;

test('clients are sent away one after the other, whatever their transport, and come to the next server', async (t) => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const start = () =>
    startServer('--threads', threads, '--port', port, '--drain-delay', delay, '--drain-spread', spread);
  const server = await start();
  t.after(() => server.stop());

  const leaves = [];
  let everybodyLeft;
  const left = new Promise((resolve) => (everybodyLeft = resolve));
  const clients = [];
  t.after(() => clients.forEach((socket) => socket.close()));
  for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
    for (let i = 0; i < perTransport; ++i) {
      const socket = io(url, { transports, forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 200 });
      clients.push(socket);
      await within(once(socket, 'connect'), 'a client connects');
      if (socket.io.engine.transport.name !== transports.at(-1)) {
        await within(new Promise((resolve) => socket.io.engine.once('upgrade', resolve)), 'it upgrades');
      }
      socket.on('disconnect', (reason) => {
        leaves.push({ socket, reason, active: socket.active, at: performance.now() });
        if (leaves.length === 3 * perTransport) everybodyLeft();
      });
    }
  }
  assert.equal((await fetch(`${url}/ready`)).status, 200);

  const began = performance.now();
  const ended = server.stop();
  let ready;
  do {
    ready = await fetch(`${url}/ready`);
    assert.ok(performance.now() - began < delay, '/ready has not changed');
  } while (ready.status === 200);
  assert.equal(ready.status, 503);
  assert.equal((await ready.json()).status, 'draining');
  assert.equal((await fetch(`${url}/live`)).status, 200);
  assert.deepEqual(leaves, [], 'the delay is for load balancers');
  assert.equal(await within(clients[0].emitWithAck('echo', 'still here'), 'an answer'), 'still here');

  while (leaves.length === 0) {
    await sleep(10);
    assert.ok(performance.now() - began < delay + 10_000, 'nobody is sent away');
  }
  const newcomer = await fetch(`${url}/socket.io/?EIO=4&transport=polling`);
  assert.equal(newcomer.status, 503);
  assert.ok(newcomer.headers.get('retry-after'));

  assert.equal(await within(ended, 'the end', 30_000), 0);
  await within(left, 'the end of every client');
  const times = leaves.map(({ at }) => at);
  assert.ok(Math.min(...times) - began >= delay - 50, 'the delay is kept');
  assert.ok(Math.max(...times) - Math.min(...times) > spread / 3, 'not all at once');
  assert.equal(new Set(leaves.map(({ socket }) => socket)).size, clients.length, 'everybody has been sent away');
  assert.equal(leaves.length, clients.length, 'and nobody twice');
  for (const { reason, active } of leaves) {
    assert.equal(reason, 'transport close');
    assert.ok(active, 'it reconnects by itself');
  }

  const back = clients.map((socket) => once(socket, 'connect'));
  const next = await start();
  t.after(() => next.stop());
  await within(Promise.all(back), 'everybody is back', 20_000);
  for (const [i, socket] of clients.entries()) {
    assert.equal(await within(socket.emitWithAck('echo', i), 'an answer of the next server'), i);
  }
});
