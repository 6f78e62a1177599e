// Checklist H: namespaces and how clients join and leave them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { client, connect, connected, manager, refusal, run } from './lib/client.mjs';
import { PollingSession, WebSocketSession } from './lib/engine.mjs';
import { assertError, errors } from './lib/errors.mjs';
import { RawClient } from './lib/socketio.mjs';
import { serve } from './lib/target.mjs';
import { duration, once } from './lib/wait.mjs';

// A namespace of its own for each test that looks at a namespace's life.
let last = 1000;
const dynamicName = () => `/dynamic-${++last}`;

describe('joining', { concurrency: true }, () => {
  const server = serve();

  test('96-97 a client joins by CONNECT, also the main namespace, and learns its id', async () => {
    const raw = await RawClient.open(server, null);
    raw.send('0');
    const answer = await raw.next();
    assert.match(answer, /^0\{"sid":"[A-Za-z0-9_-]{20}"\}$/);
  });

  test('97 over polling', async () => {
    const session = await PollingSession.open(server);
    await session.post('40');
    assert.match((await session.receive())[0], /^40\{"sid":"[A-Za-z0-9_-]{20}"\}$/);
  });

  test('97 a custom namespace, with and without the comma', async () => {
    for (const packet of ['0/custom,', '0/custom']) {
      const raw = await RawClient.open(server, null);
      raw.send(packet);
      assert.match(await raw.next(), /^0\/custom,\{"sid":"[A-Za-z0-9_-]{20}"\}$/);
    }
  });

  test('98 the auth payload is in the handshake, by default an empty object', async () => {
    const auth = { token: 'abc', list: [1, { deep: true }], ключ: 'é' };
    const withAuth = await connect(server, '/custom', { auth });
    assert.deepEqual((await run(withAuth, { do: 'info' })).handshake.auth, auth);
    const without = await connect(server, '/custom');
    assert.deepEqual((await run(without, { do: 'info' })).handshake.auth, {});
  });

  test('98 the auth of a client may come from a function', async () => {
    const socket = await connect(server, '/', { auth: (done) => done({ made: 'later' }) });
    assert.deepEqual((await run(socket, { do: 'info' })).handshake.auth, { made: 'later' });
  });

  test('99 the handshake tells what came with the request', async () => {
    const start = Date.now();
    const options = {
      transports: ['websocket'],
      query: { a: '1' },
      extraHeaders: { 'X-Mine': 'yes', Origin: 'http://a.example' },
    };
    const { handshake } = await run(await connect(server, '/', options), { do: 'info' });
    assert.equal(handshake.headers['x-mine'], 'yes');
    assert.equal(handshake.headers.host, `127.0.0.1:${server.port}`);
    assert.equal(handshake.xdomain, true);
    assert.equal(handshake.secure, false);
    assert.equal(handshake.query.a, '1');
    assert.match(handshake.url, /^\/socket\.io\/\?/);
    assert.ok(handshake.issued >= start - 5000 && handshake.issued <= Date.now() + 5000);
    assert.ok(Math.abs(Date.parse(handshake.time) - handshake.issued) < 2000, handshake.time);
  });

  test('99 without an Origin the request is not cross-domain', async () => {
    const { handshake } = await run(await connect(server), { do: 'info' });
    assert.equal(handshake.xdomain, false);
  });

  test('100 the empty name is the main namespace', async () => {
    const socket = await connect(server, '');
    assert.equal((await run(socket, { do: 'info' })).nsp, '/');
    assert.equal(await server.command({ do: 'of', nsp: '' }), '/');
    assert.equal(await server.command({ do: 'of', nsp: 'custom' }), '/custom');
  });

  test('101 several namespaces share one connection', async () => {
    const shared = manager(server);
    const sockets = ['/', '/custom', '/greet'].map((name) => shared.socket(name));
    await Promise.all(sockets.map((socket) => connected(socket)));
    const infos = await Promise.all(sockets.map((socket) => run(socket, { do: 'info' })));
    assert.deepEqual(
      infos.map(({ nsp }) => nsp),
      ['/', '/custom', '/greet'],
    );
    assert.equal(new Set(infos.map(({ conn }) => conn.id)).size, 1);
    assert.equal(new Set(infos.map(({ id }) => id)).size, 3);
  });

  test('102 the same namespace twice takes a second connection', async () => {
    const { io } = await import('socket.io-client');
    const options = { reconnection: false, transports: ['websocket'] };
    const sockets = [io(server.url, options), io(server.url, options)];
    for (const socket of sockets) server.track({ destroy: () => socket.io._close() });
    await Promise.all(sockets.map((socket) => connected(socket)));
    const [a, b] = await Promise.all(sockets.map((socket) => run(socket, { do: 'info' })));
    assert.notEqual(a.conn.id, b.conn.id);
  });

  test('103 an unknown namespace is refused, the connection stays', async () => {
    const raw = await RawClient.open(server);
    raw.send('0/unknown,');
    assert.equal(await raw.next(), '4/unknown,{"message":"Invalid namespace"}');
    assert.ok((await raw.fate()).alive);
  });

  test('103 the official client sees connect_error, and its other sockets stay', async () => {
    const shared = manager(server);
    const good = shared.socket('/');
    const bad = shared.socket('/unknown');
    const [error] = await Promise.all([refusal(bad), connected(good)]);
    assert.equal(error.message, 'Invalid namespace');
    assert.equal(await good.emitWithAck('echo', 1), 1);
  });

  test('107 connect and connection both fire', async () => {
    const { id } = await connect(server, '/custom');
    const kinds = (await server.log({ id })).map(({ what }) => what);
    assert.deepEqual(
      kinds.filter((what) => what.startsWith('connect')),
      ['connect', 'connection'],
    );
  });

  test('112 joining a namespace again closes the connection', async () => {
    const raw = await RawClient.open(server);
    raw.send('0');
    assert.equal((await raw.session.closed()).code, 1005);
    const { reason } = await server.logged({ what: 'disconnect', id: raw.id });
    assert.match(reason, /^forced (server )?close$/);
  });

  test('112 over polling the close packet follows a noop', async () => {
    const session = await PollingSession.open(server);
    await session.post('40');
    await session.receive();
    await session.post('40');
    assert.deepEqual(await session.receive(), ['6', '1']);
    assertError(await session.poll(), errors.sid);
  });

  for (const packet of ['2["early"]', '2/custom,["early"]', '1', '31[]', '2/unknown,["x"]']) {
    test(`113 the packet ${packet} before CONNECT closes the connection`, async () => {
      const raw = await RawClient.open(server, null);
      raw.send(packet);
      assert.equal((await raw.session.closed()).code, 1005);
    });
  }

  test('114 an invalid packet closes the connection; sockets get the error, then forced close', async () => {
    const raw = await RawClient.open(server);
    raw.send('2{}');
    assert.equal((await raw.session.closed()).code, 1005);
    await server.logged({ what: 'disconnect', id: raw.id });
    const entries = (await server.log({ id: raw.id })).filter(({ what }) => /error|disconnect$/.test(what));
    assert.deepEqual(
      entries.map(({ what, reason }) => [what, reason]),
      [
        ['error', undefined],
        ['disconnect', 'forced close'],
      ],
    );
  });

  test('114 an invalid packet ends all namespaces of the connection', async () => {
    const raw = await RawClient.open(server);
    const other = await raw.join('/custom');
    raw.send('9');
    await raw.session.closed();
    for (const id of [raw.id, other]) await server.logged({ what: 'disconnect', id, reason: 'forced close' });
  });
});

describe('leaving', { concurrency: true }, () => {
  const server = serve();

  async function threeSockets() {
    const shared = manager(server);
    const sockets = ['/', '/custom', '/greet'].map((name) => shared.socket(name));
    await Promise.all(sockets.map((socket) => connected(socket)));
    return { shared, sockets, ids: sockets.map(({ id }) => id) };
  }

  test('108 a dropped connection disconnects all namespaces', async () => {
    const { shared, ids } = await threeSockets();
    shared.engine.transport.ws.terminate();
    for (const id of ids) {
      // With bytes unread at the client the connection is reset, which reads as an error.
      const { reason } = await server.logged({ what: 'disconnect', id });
      assert.match(reason, /^transport (close|error)$/);
    }
  });

  test('109 disconnect(true) disconnects all namespaces and closes the connection', async () => {
    const { sockets, ids, shared } = await threeSockets();
    const closed = once(shared, 'close');
    sockets[1].emit('do', { do: 'disconnect', close: true });
    await closed;
    for (const id of ids)
      await server.logged({ what: 'disconnect', id, reason: 'server namespace disconnect' });
    assert.ok(sockets.every((socket) => !socket.connected));
  });

  test('110 disconnect() leaves one namespace; the client is told and does not come back', async () => {
    const { sockets, ids } = await threeSockets();
    sockets[1].emit('do', { do: 'disconnect' });
    const [reason] = await once(sockets[1], 'disconnect');
    assert.equal(reason, 'io server disconnect');
    assert.equal(sockets[1].active, false);
    await server.logged({ what: 'disconnect', id: ids[1], reason: 'server namespace disconnect' });
    assert.equal(await sockets[0].emitWithAck('echo', 1), 1);
  });

  test('110 on the wire it is a DISCONNECT packet', async () => {
    const raw = await RawClient.open(server, '/custom');
    raw.send('2/custom,["do",{"do":"disconnect"}]');
    assert.equal(await raw.next(), '1/custom,');
  });

  test('111 a client leaves one namespace, its others are not affected', async () => {
    const { sockets, ids } = await threeSockets();
    sockets[1].disconnect();
    await server.logged({ what: 'disconnect', id: ids[1], reason: 'client namespace disconnect' });
    assert.equal(await sockets[0].emitWithAck('echo', 1), 1);
    assert.deepEqual(await server.log({ what: 'disconnect', id: ids[0] }), []);
  });

  test('111 a client may leave and join again over the same connection', async () => {
    const raw = await RawClient.open(server);
    raw.send('1');
    await server.logged({ what: 'disconnect', id: raw.id, reason: 'client namespace disconnect' });
    const again = await raw.join('/');
    assert.notEqual(again, raw.id);
    assert.ok((await raw.fate()).alive);
  });

  test('111 the connection outlives its last namespace', async () => {
    const raw = await RawClient.open(server, '/custom');
    raw.send('1/custom,');
    await server.logged({ what: 'disconnect', id: raw.id, reason: 'client namespace disconnect' });
    await raw.join('/');
    assert.ok((await raw.fate()).alive);
  });
});

describe('connectTimeout', { concurrency: true }, () => {
  const server = serve('--connect-timeout', 200);

  test('104 a connection that joins nothing is closed', async () => {
    const session = await WebSocketSession.open(server);
    const elapsed = await duration(() => session.closed());
    assert.ok(elapsed > 150 && elapsed < 3000, `${elapsed} ms`);
    await server.logged({ what: 'engine_close', sid: session.sid, reason: 'forced close' });
  });

  test('104 over polling', async () => {
    const session = await PollingSession.open(server);
    const elapsed = await duration(async () => assert.deepEqual(await session.receive(), ['1']));
    assert.ok(elapsed > 100 && elapsed < 3000, `${elapsed} ms`);
  });

  test('104 a refused namespace does not count as joined', async () => {
    const raw = await RawClient.open(server, null);
    raw.send('0/unknown,');
    assert.match(await raw.next(), /Invalid namespace/);
    await raw.session.closed();
  });

  test('104 a connection that has joined stays', async () => {
    const raw = await RawClient.open(server);
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.ok((await raw.fate()).alive);
  });

  test('124 a connection that ends before it joins ends cleanly', async () => {
    const session = await WebSocketSession.open(server);
    session.destroy();
    await server.logged({ what: 'engine_close', sid: session.sid, reason: 'transport close' });
  });
});

describe('dynamic namespaces', { concurrency: true }, () => {
  const server = serve();

  test('115 a name that matches the expression is served', async () => {
    const name = dynamicName();
    const socket = client(server, name);
    const [told] = await once(socket, 'dynamic');
    assert.equal(told, name);
    assert.equal((await run(socket, { do: 'info' })).nsp, name);
  });

  test('116 rooms of dynamic namespaces are apart', async () => {
    const names = [dynamicName(), dynamicName()];
    const [a, b] = await Promise.all(names.map((name) => connect(server, name)));
    for (const socket of [a, b]) await run(socket, { do: 'join', rooms: 'r' });
    const heard = [];
    for (const socket of [a, b]) socket.on('news', () => heard.push(socket.nsp));
    await run(a, { do: 'emit', from: 'nsp', to: ['r'], event: 'news' });
    await Promise.all([a, b].map((socket) => socket.emitWithAck('echo', 1)));
    assert.equal(heard.length, 1);
    assert.deepEqual(await run(b, { do: 'members', room: 'r' }), [b.id]);
  });

  test('117 a predicate may decide later', async () => {
    const socket = await connect(server, '/fn-one', { auth: { allow: true } });
    assert.equal((await run(socket, { do: 'info' })).nsp, '/fn-one');
  });

  test('118 a name that nothing matches is refused', async () => {
    for (const [name, auth] of [
      ['/dynamic-x', {}],
      ['/fn-no', { allow: false }],
      ['/fn-error', {}],
      ['/fn', {}],
    ]) {
      const error = await refusal(client(server, name, { auth }));
      assert.equal(error.message, 'Invalid namespace');
    }
  });

  test('119 new_namespace tells of dynamic and of static ones', async () => {
    const name = dynamicName();
    await connect(server, name);
    assert.equal((await server.log({ what: 'new_namespace', nsp: name })).length, 1);
    await server.command({ do: 'of', nsp: '/brand-new' });
    assert.equal((await server.log({ what: 'new_namespace', nsp: '/brand-new' })).length, 1);
  });

  test('120 two first connections at the same time make one namespace', async () => {
    for (const name of [dynamicName(), '/fn-together']) {
      const sockets = await Promise.all([
        connect(server, name),
        connect(server, name),
        connect(server, name),
      ]);
      assert.equal((await server.log({ what: 'new_namespace', nsp: name })).length, 1);
      const members = await run(sockets[0], { do: 'members' });
      assert.deepEqual(members.sort(), sockets.map(({ id }) => id).sort());
    }
  });

  test('121 by default an empty dynamic namespace is kept', async () => {
    const name = dynamicName();
    const socket = await connect(server, name);
    socket.disconnect();
    await server.logged({ what: 'disconnect', nsp: name });
    await connect(server, name);
    assert.equal((await server.log({ what: 'new_namespace', nsp: name })).length, 1);
  });

  test('122 a namespace made by hand belongs to the expression that matches it', async () => {
    const name = dynamicName();
    await server.command({ do: 'of', nsp: name });
    const socket = client(server, name);
    assert.deepEqual(await once(socket, 'dynamic'), [name]);
    const error = await refusal(client(server, name, { auth: { refuse: true } }));
    assert.equal(error.message, 'refused');
  });

  test('123 the parent emits to all its namespaces', async () => {
    const sockets = await Promise.all([connect(server, dynamicName()), connect(server, dynamicName())]);
    const outsider = await connect(server, '/custom');
    let overheard = 0;
    outsider.on('family', () => overheard++);
    const heard = sockets.map((socket) => once(socket, 'family'));
    await server.command({ do: 'emit', from: 'parent', event: 'family', args: [1] });
    assert.deepEqual(await Promise.all(heard), [[1], [1]]);
    await outsider.emitWithAck('echo', 1);
    assert.equal(overheard, 0);
  });

  test('123 the parent cannot fetch sockets', async () => {
    await assert.rejects(
      server.command({ do: 'fetchSockets', from: 'parent' }),
      /fetchSockets\(\) is not supported/,
    );
  });
});

describe('cleanupEmptyChildNamespaces', { concurrency: true }, () => {
  const server = serve('--cleanup-empty-child-namespaces');
  const timesMade = async (nsp) => (await server.log({ what: 'new_namespace', nsp })).length;

  test('121 the last socket that leaves takes the namespace with it; it can come back', async () => {
    const name = dynamicName();
    const first = await connect(server, name);
    first.disconnect();
    await server.logged({ what: 'disconnect', nsp: name });
    const again = await connect(server, name);
    assert.equal(await timesMade(name), 2);
    assert.equal(await again.emitWithAck('echo', 1), 1);
  });

  test('121 it stays while somebody is there', async () => {
    const name = dynamicName();
    const [first] = await Promise.all([connect(server, name), connect(server, name)]);
    first.disconnect();
    await server.logged({ what: 'disconnect', nsp: name });
    await connect(server, name);
    assert.equal(await timesMade(name), 1);
  });

  test('121 it goes as well when a middleware refuses its only socket', async () => {
    const name = dynamicName();
    await refusal(client(server, name, { auth: { refuse: true } }));
    await connect(server, name);
    assert.equal(await timesMade(name), 2);
  });

  test('121 static namespaces stay', async () => {
    const socket = await connect(server, '/custom');
    socket.disconnect();
    await server.logged({ what: 'disconnect', nsp: '/custom' });
    await connect(server, '/custom');
    assert.equal(await timesMade('/custom'), 0);
  });
});
