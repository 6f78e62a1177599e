// Checklist I: namespace middlewares and socket middlewares.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { client, connect, manager, connected, record, refusal, run } from './lib/client.mjs';
import { PollingSession } from './lib/engine.mjs';
import { RawClient } from './lib/socketio.mjs';
import { serve } from './lib/target.mjs';
import { duration, once, until } from './lib/wait.mjs';

describe('namespace middlewares', { concurrency: true }, () => {
  const server = serve();

  test('125, 132-133 they run in order, before the socket is connected, and may join rooms', async () => {
    const socket = await connect(server, '/order');
    const entries = await server.log({ what: 'middleware', id: socket.id });
    assert.deepEqual(
      entries.map(({ n, connected: already }) => [n, already]),
      [
        [1, false],
        [2, false],
        [3, false],
      ],
    );
    assert.ok(entries[1].rooms.includes('mw-room'));
    const info = await run(socket, { do: 'info' });
    assert.equal(info.connected, true);
    assert.deepEqual(info.rooms.sort(), [socket.id, 'mw-room'].sort());
  });

  for (const fail of [1, 2, 3]) {
    test(`126-128 an error in middleware ${fail} is a connect_error`, async () => {
      const data = { code: fail, list: ['x'] };
      const socket = client(server, '/order', { auth: { fail, data }, transports: ['websocket'] });
      const error = await refusal(socket);
      assert.equal(error.message, `failed at ${fail}`);
      assert.deepEqual(error.data, data);
      assert.equal(socket.connected, false);
    });
  }

  test('126-127 on the wire: the message, and the data only if there is some', async () => {
    const raw = await RawClient.open(server, null);
    raw.send('0/admin,');
    assert.equal(await raw.next(), '4/admin,{"message":"not authorized","data":{"code":401}}');
    raw.send('0/order,{"fail":1}');
    assert.equal(await raw.next(), '2/order,["from-middleware"]');
    assert.equal(await raw.next(), '4/order,{"message":"failed at 1"}');
  });

  test('126 a refused client may try again over the same connection', async () => {
    const raw = await RawClient.open(server, null);
    raw.send('0/admin,{"token":"wrong"}');
    assert.match(await raw.next(), /^4\/admin,/);
    assert.ok(await raw.join('/admin', { token: 'secret' }));
  });

  test('126 the official client changes its auth and connects', async () => {
    const socket = client(server, '/admin', { auth: { token: 'wrong' } });
    const error = await refusal(socket);
    assert.deepEqual([error.message, error.data], ['not authorized', { code: 401 }]);
    assert.equal(socket.active, false);
    socket.auth = { token: 'secret' };
    socket.connect();
    await connected(socket);
  });

  test('128 a slow middleware delays the connection', async () => {
    const socket = client(server, '/slow', { auth: { delay: 200 }, transports: ['websocket'] });
    const elapsed = await duration(() => connected(socket));
    assert.ok(elapsed >= 190, `${elapsed} ms`);
  });

  test('129 a client that leaves meanwhile is forgotten', async () => {
    const raw = await RawClient.open(server, null);
    raw.send('0/slow,{"delay":100}');
    raw.destroy();
    await server.logged({ what: 'engine_close', sid: raw.sid });
    // The next one takes as long: by then the first one's middleware has gone on.
    const later = await connect(server, '/slow', { auth: { delay: 150 } });
    // Other tests' clients come and go in this namespace meanwhile: that is over in a moment.
    await until(async () => {
      const members = await run(later, { do: 'members' });
      const connections = (await server.log({ what: 'connection', nsp: '/slow' })).map(({ id }) => id);
      const gone = (await server.log({ what: 'disconnect', nsp: '/slow' })).map(({ id }) => id);
      return isDeepStrictEqual(members.sort(), connections.filter((id) => !gone.includes(id)).sort());
    }, 'the members are those who have connected and not gone');
  });

  test('129 a client that leaves while a middleware never answers is forgotten', async () => {
    const raw = await RawClient.open(server, null);
    raw.send('0/never,');
    raw.destroy();
    await server.logged({ what: 'engine_close', sid: raw.sid });
    assert.deepEqual(await server.log({ what: 'connection', nsp: '/never' }), []);
  });

  test('130 the middlewares of one namespace do not run for another', async () => {
    const shared = manager(server);
    const [custom, admin] = [shared.socket('/custom'), shared.socket('/admin')];
    const [error] = await Promise.all([refusal(admin), connected(custom)]);
    assert.equal(error.message, 'not authorized');
    assert.equal(await custom.emitWithAck('echo', 1), 1);
  });

  test('131 with a middleware the CONNECT packet is not part of the handshake payload', async () => {
    const session = await PollingSession.open(server);
    assert.equal(session.packets.length, 1);
    await session.post('40/admin,{"token":"secret"}');
    assert.match((await session.receive())[0], /^40\/admin,\{"sid"/);
  });

  test('133 rooms joined in a middleware are left when it fails', async () => {
    const survivor = await connect(server, '/order');
    await refusal(client(server, '/order', { auth: { fail: 3 } }));
    const members = await run(survivor, { do: 'members', room: 'mw-room' });
    const live = await run(survivor, { do: 'members' });
    assert.ok(members.includes(survivor.id));
    assert.deepEqual(
      members.filter((id) => !live.includes(id)),
      [],
    );
  });

  test('135 what a middleware emits comes before CONNECT, and the client keeps it', async () => {
    const raw = await RawClient.open(server, null);
    raw.send('0/order,');
    assert.equal(await raw.next(), '2/order,["from-middleware"]');
    assert.match(await raw.next(), /^0\/order,\{"sid"/);
    const socket = client(server, '/order');
    await once(socket, 'from-middleware');
  });
});

describe('a failing middleware', () => {
  const server = serve();

  for (const fail of [1, 2, 3]) {
    test(`125 the middlewares after the failing one (${fail}) do not run`, async () => {
      await server.clearLog();
      await refusal(client(server, '/order', { auth: { fail } }));
      const steps = (await server.log({ what: 'middleware' })).map(({ n }) => n);
      assert.deepEqual(steps, [1, 2, 3].slice(0, fail));
      assert.deepEqual(await server.log({ what: 'connection' }), []);
    });
  }
});

describe('socket middlewares', () => {
  const server = serve();

  test('134 they get the event in order, and may change it', async () => {
    await server.clearLog();
    const socket = await connect(server, '/socket-mw');
    const answer = once(socket, 'mutate');
    socket.emit('mutate', 'original', 2);
    assert.deepEqual(await answer, ['mutated', 2]);
    const entries = await server.log({ what: 'socket_middleware' });
    assert.deepEqual(
      entries.map(({ n, event }) => [n, event]),
      [
        [1, ['mutate', 'original', 2]],
        [2, ['mutate', 'original', 2]],
        [3, ['mutate', 'mutated', 2]],
        [4, ['mutate', 'mutated', 2]],
      ],
    );
  });

  test('134 an error is an event of the server socket; no handler runs, the connection stays', async () => {
    await server.clearLog();
    const socket = await connect(server, '/socket-mw');
    const events = record(socket);
    socket.emit('reject', 1);
    assert.equal(await socket.emitWithAck('echo', 'on'), 'on');
    assert.deepEqual(events, []);
    const { message } = await server.logged({ what: 'error', id: socket.id });
    assert.equal(message, 'rejected');
    const steps = (await server.log({ what: 'socket_middleware' })).filter(
      ({ event }) => event[0] === 'reject',
    );
    assert.deepEqual(
      steps.map(({ n }) => n),
      [1, 2, 3],
    );
  });
});
