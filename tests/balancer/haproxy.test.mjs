// HAProxy as deploy/haproxy/haproxy.cfg has it: a cookie keeps each browser to its server.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { until, within } from '../conformance/lib/wait.mjs';
import { Farm, get, serverOf } from './lib/farm.mjs';

describe('HAProxy', () => {
  let farm;
  before(async () => (farm = await Farm.start('haproxy')));
  after(() => farm.stop());

  test('polling clients stay on their server by a cookie, though all are from one address', async () => {
    const sockets = [];
    for (let i = 0; i < 8; i++) sockets.push(await farm.visit('polling', { transports: ['polling'] }));
    const servers = await Promise.all(sockets.map((socket) => serverOf(farm, socket)));
    assert.equal(new Set(servers).size, 4, `they are spread evenly: ${servers}`);
    for (const socket of sockets) {
      for (let i = 0; i < 5; i++) assert.ok(await socket.timeout(5000).emitWithAck('say', { content: `${i}` }));
      assert.deepEqual(socket.problems, []);
    }
    assert.deepEqual(await Promise.all(sockets.map((socket) => serverOf(farm, socket))), servers);
    for (const socket of sockets) socket.disconnect();
  });

  test('clients upgrade to WebSocket on the same server', async () => {
    const socket = await farm.visit('upgrade');
    const id = socket.io.engine.id;
    await until(() => socket.io.engine.transport.name === 'websocket', 'the upgrade');
    assert.equal(socket.io.engine.id, id);
    assert.ok(await socket.timeout(5000).emitWithAck('say', { content: 'over WebSocket' }));
    socket.disconnect();
  });

  test('without the cookie a poll comes to a server that does not know the session, which says so', async () => {
    const opened = await get(farm.port, '/socket.io/?EIO=4&transport=polling');
    const { sid } = JSON.parse(opened.body.slice(1));
    const [cookie] = opened.headers['set-cookie'][0].split(';');
    const path = `/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    // The first stranger answers at once; the session's own server would let the poll wait.
    const polls = [0, 1, 2, 3].map((i) => get(farm.port, `${path}&t=${i}`, { cookie: 'aerie=none' }));
    for (const poll of polls) poll.catch(() => {});
    const { status, body } = await Promise.race(polls);
    assert.equal(status, 400);
    assert.deepEqual(JSON.parse(body), { code: 1, message: 'Session ID unknown' });
    assert.match(cookie, /^aerie=\d$/);
  });

  test('clients that only use WebSockets need no cookie', async () => {
    const sockets = [];
    for (let i = 0; i < 8; i++) {
      sockets.push(await farm.visit('bare', { transports: ['websocket'], withCredentials: false }));
    }
    for (const socket of sockets) {
      assert.ok(await socket.timeout(5000).emitWithAck('say', { content: 'no cookie' }));
      socket.disconnect();
    }
  });

  test('a server that ends: its clients come back to another one', async () => {
    const sockets = [];
    for (let i = 0; i < 8; i++) {
      sockets.push(await farm.visit('ended', { transports: [i % 2 === 0 ? 'polling' : 'websocket'] }));
    }
    const servers = await Promise.all(sockets.map((socket) => serverOf(farm, socket)));
    const victim = servers[0];
    const leaving = sockets.filter((_, i) => servers[i] === victim);
    const reasons = [];
    const back = leaving.map((socket) => {
      socket.on('disconnect', (reason) => reasons.push(reason));
      return new Promise((resolve) => socket.once('connect', resolve));
    });
    assert.equal(await farm.servers[victim].end('SIGTERM'), 0);
    await within(Promise.all(back), 'everybody is back', 20000);
    for (const reason of reasons) assert.match(reason, /^transport (close|error)$/);
    for (const socket of leaving) assert.notEqual(await serverOf(farm, socket), victim);
    for (const socket of sockets) socket.disconnect();
  });
});
