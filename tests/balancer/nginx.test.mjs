// nginx as deploy/nginx/nginx.conf has it: each address keeps to its server.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { until, within } from '../conformance/lib/wait.mjs';
import { Farm, get, serverOf } from './lib/farm.mjs';

const addresses = Array.from({ length: 12 }, (_, i) => `127.0.0.${i + 10}`);

describe('nginx', () => {
  let farm;
  before(async () => (farm = await Farm.start('nginx')));
  after(() => farm.stop());

  test('polling clients stay on their server, and there are clients on several', async () => {
    const sockets = await Promise.all(addresses.map((from) => farm.visit('polling', { from, transports: ['polling'] })));
    const servers = await Promise.all(sockets.map((socket) => serverOf(farm, socket)));
    assert.ok(new Set(servers).size > 1, `all are on server ${servers[0]}`);
    for (const socket of sockets) {
      for (let i = 0; i < 5; i++) assert.ok(await socket.timeout(5000).emitWithAck('say', { content: `${i}` }));
    }
    assert.deepEqual(await Promise.all(sockets.map((socket) => serverOf(farm, socket))), servers);
    for (const socket of sockets) assert.deepEqual(socket.problems, []);
    for (const socket of sockets) socket.disconnect();
  });

  test('clients upgrade to WebSocket on the same server', async () => {
    const socket = await farm.visit('upgrade', { from: addresses[3] });
    const id = socket.io.engine.id;
    await until(() => socket.io.engine.transport.name === 'websocket', 'the upgrade');
    assert.equal(socket.io.engine.id, id);
    assert.ok(await socket.timeout(5000).emitWithAck('say', { content: 'over WebSocket' }));
    socket.disconnect();
  });

  test('a page that comes from the servers themselves may connect, whatever the port', async () => {
    const socket = await farm.visit('page', { transports: ['websocket'], extraHeaders: { origin: farm.url } });
    assert.deepEqual(socket.problems, []);
    socket.disconnect();
  });

  for (const transport of ['polling', 'websocket']) {
    test(`a server that is killed: its ${transport} clients come back to another one, and the others stay`, async () => {
      const sockets = await Promise.all(addresses.map((from) => farm.visit('killed', { from, transports: [transport] })));
      const servers = await Promise.all(sockets.map((socket) => serverOf(farm, socket)));
      const victim = servers[0];
      const ids = sockets.map(({ id }) => id);
      const back = sockets
        .filter((_, i) => servers[i] === victim)
        .map((socket) => new Promise((resolve) => socket.once('connect', resolve)));
      await farm.servers[victim].end('SIGKILL');
      await within(Promise.all(back), 'everybody is back', 20000);
      for (const [i, socket] of sockets.entries()) {
        assert.ok(await socket.timeout(5000).emitWithAck('say', { content: 'here' }));
        if (servers[i] === victim) assert.notEqual(await serverOf(farm, socket), victim);
        else assert.equal(socket.id, ids[i]);
        socket.disconnect();
      }
      await farm.restart(victim);
      await until(async () => (await get(farm.servers[victim].port, '/ready')).status === 200, 'it is ready again');
    });
  }
});

describe('a server that ends behind nginx', () => {
  let farm;
  before(async () => {
    farm = await Farm.start('nginx', { servers: 2, words: ['--drain-delay', 1, '--drain', 2] });
  });
  after(() => farm.stop());

  test('says that it is not ready, lets its clients go one after the other, and they come back elsewhere', async () => {
    const sockets = await Promise.all(addresses.map((from) => farm.visit('drained', { from })));
    const servers = await Promise.all(sockets.map((socket) => serverOf(farm, socket)));
    const leaving = sockets.filter((_, i) => servers[i] === servers[0]);
    assert.ok(leaving.length > 1);
    const reasons = [];
    const times = [];
    for (const socket of leaving) {
      socket.on('disconnect', (reason) => {
        reasons.push(reason);
        times.push(performance.now());
      });
    }
    const back = leaving.map((socket) => new Promise((resolve) => socket.once('connect', resolve)));
    const server = farm.servers[servers[0]];
    server.child.kill('SIGTERM');
    await until(async () => (await get(server.port, '/ready')).status === 503, 'it is not ready');
    assert.equal(JSON.parse((await get(server.port, '/ready')).body).status, 'draining');
    assert.equal((await get(server.port, '/live')).status, 200);
    assert.deepEqual(reasons, [], 'nobody has been disconnected yet');
    await within(Promise.all(back), 'everybody is back', 20000);
    assert.deepEqual(new Set(reasons), new Set(['transport close']));
    assert.ok(Math.max(...times) - Math.min(...times) > 500, 'not all at once');
    assert.equal(await within(server.ended, 'its end'), 0);
    for (const socket of sockets) {
      assert.ok(await socket.timeout(5000).emitWithAck('say', { content: 'still here' }));
      assert.notEqual(await serverOf(farm, socket), servers[0]);
    }
  });
});
