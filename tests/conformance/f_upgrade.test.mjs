// Checklist F: the upgrade from polling to WebSocket.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Socket as EngineSocket } from 'engine.io-client';
import { connect, connected, client, run } from './lib/client.mjs';
import { PollingSession, separator, target } from './lib/engine.mjs';
import { assertError, assertUpgradeError, errors } from './lib/errors.mjs';
import { Server, serve } from './lib/target.mjs';
import { duration, once, sleep, until } from './lib/wait.mjs';
import { RawWebSocket } from './lib/websocket.mjs';

describe('the upgrade by hand', { concurrency: true }, () => {
  const server = serve('--engine-only', '--upgrade-timeout', 300);
  const open = () => PollingSession.open(server);

  // A session whose WebSocket has been probed, but not yet taken.
  async function probed() {
    const session = await open();
    const socket = await session.webSocket();
    socket.text('2probe');
    assert.equal(await socket.next(), '3probe');
    return { session, socket };
  }

  async function assertPollingWorks(session) {
    await session.post('4still');
    const packets = await session.receiveUntil((all) => all.includes('4still'));
    assert.deepEqual(packets, ['4still']);
  }

  test('76 probe, answer, upgrade, and then messages flow over WebSocket', async () => {
    const { session, socket } = await probed();
    socket.text('5');
    socket.text('4hello');
    assert.equal(await socket.next(), '4hello');
    await server.logged({ what: 'engine_upgrading', sid: session.sid, transport: 'websocket' });
    await server.logged({ what: 'engine_upgrade', sid: session.sid, transport: 'websocket' });
  });

  test('77 the pending poll gets a noop soon after the probe', async () => {
    const session = await open();
    const poll = await session.pendingPoll();
    const socket = await session.webSocket();
    const elapsed = await duration(async () => {
      socket.text('2probe');
      assert.equal((await poll.response()).text, '6');
    });
    assert.ok(elapsed < 2000, `${elapsed} ms`);
  });

  test('77 each further poll gets a noop as well', async () => {
    const { session } = await probed();
    for (let i = 0; i < 2; i++) {
      const elapsed = await duration(async () => assert.deepEqual(await session.receive(), ['6']));
      assert.ok(elapsed < 2000, `${elapsed} ms`);
    }
  });

  test('77 a poll that is pending when the upgrade comes is answered', async () => {
    const { session, socket } = await probed();
    const poll = await session.pendingPoll();
    await server.request('PUT', session.target());
    socket.text('5');
    // The noop of the probe, or the close packet of the transport that is left behind.
    assert.match((await poll.response()).text, /^[61]$/);
    socket.text('4hello');
    assert.equal(await socket.next(), '4hello');
  });

  test('78 messages that wait during the probe come over WebSocket, in order, once', async () => {
    const { session, socket } = await probed();
    await session.post(['40', '41', '42'].join(separator));
    socket.text('5');
    for (let i = 3; i < 6; i++) socket.text(`4${i}`);
    const packets = [];
    while (packets.length < 6) packets.push(await socket.next());
    assert.deepEqual(packets, ['40', '41', '42', '43', '44', '45']);
  });

  test('79 a dropped WebSocket ends the session with transport close', async () => {
    const { session, socket } = await probed();
    socket.text('5');
    socket.text('4x');
    await socket.next();
    socket.destroy();
    await server.logged({ what: 'engine_close', sid: session.sid, reason: 'transport close' });
  });

  for (const packet of ['40', '4hello', 'abc', '2', '3', '1', '0']) {
    test(`81 the first packet ${JSON.stringify(packet)} closes the WebSocket, polling goes on`, async () => {
      const session = await open();
      const socket = await session.webSocket();
      socket.text(packet);
      await socket.closed();
      await assertPollingWorks(session);
    });
  }

  test('81 a message after the probe closes the WebSocket, polling goes on', async () => {
    const { session, socket } = await probed();
    socket.text('4early');
    await socket.closed();
    await assertPollingWorks(session);
  });

  test('76 an upgrade without a probe is taken', async () => {
    const session = await open();
    const socket = await session.webSocket();
    socket.text('5');
    socket.text('4hello');
    assert.equal(await socket.next(), '4hello');
  });

  test('82 a probe that nothing follows is closed after upgradeTimeout, polling goes on', async () => {
    const { session, socket } = await probed();
    const elapsed = await duration(() => socket.closed());
    assert.ok(elapsed > 200 && elapsed < 3000, `${elapsed} ms`);
    await assertPollingWorks(session);
  });

  test('82 after a failed attempt the next one succeeds', async () => {
    const { session, socket } = await probed();
    await socket.closed();
    const upgraded = await session.upgrade();
    upgraded.send('4hello');
    assert.equal(await upgraded.next(), '4hello');
  });

  test('83 a session that ends during the probe closes the WebSocket', async () => {
    const { session, socket } = await probed();
    await session.post('1');
    await socket.closed();
    assertError(await session.poll(), errors.sid);
    const entries = await server.log({ what: 'engine_close', sid: session.sid });
    assert.equal(entries.length, 1);
  });

  test('85 polling after the upgrade is refused, and the WebSocket is not harmed', async () => {
    const session = await open();
    const upgraded = await session.upgrade();
    upgraded.send('4one');
    await upgraded.next();
    assertError(await session.poll(), errors.request);
    assertError(await session.post('4x'), errors.request);
    upgraded.send('4two');
    assert.equal(await upgraded.next(), '4two');
  });

  test('86 a WebSocket that dies while probing leaves polling usable', async () => {
    const { session, socket } = await probed();
    socket.destroy();
    await assertPollingWorks(session);
  });

  test('87 another protocol version in the upgrade is refused', async () => {
    const session = await open();
    const path = session.target('websocket', { EIO: '3' });
    assertUpgradeError((await RawWebSocket.attempt(server, path)).response, 'Bad request');
    const entries = await server.log({ what: 'connection_error', code: 3 });
    const { context } = entries.find(({ url }) => url === path);
    assert.deepEqual([context.name, context.protocol, context.previousProtocol], ['PROTOCOL_MISMATCH', 3, 4]);
    assert.ok(await session.alive());
  });

  test('87 another protocol version in a poll is refused', async () => {
    const session = await open();
    assertError(await server.request('GET', session.target('polling', { EIO: '3' })), errors.request);
    assert.ok(await session.alive());
  });

  test('88 the transport has another name after the upgrade', async () => {
    const session = await open();
    await session.post('4!transport');
    assert.deepEqual(await session.receive(), ['4polling']);
    const upgraded = await session.upgrade();
    upgraded.send('4!transport');
    assert.equal(await upgraded.next(), '4websocket');
  });
});

describe('a second WebSocket', () => {
  // The upgrade timeout must not be what closes it.
  const server = serve('--engine-only', '--upgrade-timeout', 60000);

  test('80 a second WebSocket is closed while the first is probed', async () => {
    const session = await PollingSession.open(server);
    const socket = await session.webSocket();
    socket.text('2probe');
    assert.equal(await socket.next(), '3probe');
    const second = await session.webSocket();
    await second.closed();
    socket.text('5');
    socket.text('4first');
    assert.equal(await socket.next(), '4first');
  });

  test('80 a second WebSocket is closed after the upgrade', async () => {
    const session = await PollingSession.open(server);
    const first = await session.upgrade();
    first.send('4one');
    await first.next();
    const second = await session.webSocket();
    await second.closed();
    first.send('4two');
    assert.equal(await first.next(), '4two');
  });
});

describe('the upgrade of the official client', { concurrency: true }, () => {
  const server = serve();

  async function upgradeOf(socket) {
    await once(socket.io, 'open');
    await once(socket.io.engine, 'upgrade');
  }

  test('88 the connection changes its transport, the handshake stays that of the first request', async () => {
    const socket = client(server, '/', { query: { first: '1' } });
    const upgraded = upgradeOf(socket);
    await connected(socket);
    await upgraded;
    const { conn, handshake } = await run(socket, { do: 'info' });
    assert.equal(conn.transport, 'websocket');
    assert.equal(handshake.query.transport, 'polling');
    await server.logged({ what: 'engine_upgrade', sid: conn.id });
  });

  test('78 nothing is lost, doubled or reordered in either direction during the upgrade', async () => {
    for (let round = 0; round < 10; round++) {
      const socket = await connect(server);
      const received = [];
      socket.on('echo', (i) => received.push(i));
      const total = 200;
      for (let i = 0; i < total; i++) {
        socket.emit('echo', i);
        if (i % 7 === 0) await sleep(1);
      }
      await until(() => received.length >= total, 'all echoes');
      await socket.emitWithAck('echo', 'end');
      assert.deepEqual(
        received,
        Array.from({ length: total }, (_, i) => i),
      );
      socket.disconnect();
    }
  });

  test('78 acknowledgements that overlap the upgrade all come', async () => {
    const socket = await connect(server);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => socket.emitWithAck('echo', i)));
    assert.deepEqual(
      answers,
      Array.from({ length: 100 }, (_, i) => i),
    );
  });

  test('79 after the upgrade a close at the server reads transport close at the client', async () => {
    const socket = client(server);
    const upgraded = upgradeOf(socket);
    await connected(socket);
    await upgraded;
    socket.emit('do', { do: 'closeConn' });
    assert.deepEqual((await once(socket, 'disconnect'))[0], 'transport close');
  });

  test('78 the plain Engine.IO client upgrades while it sends', async () => {
    const engine = await Server.start(['--engine-only']);
    const socket = new EngineSocket(engine.url, { path: '/socket.io/' });
    engine.track({ destroy: () => socket.close() });
    const received = [];
    socket.on('message', (message) => received.push(message));
    const upgraded = once(socket, 'upgrade');
    for (let i = 0; i < 150; i++) {
      socket.send(String(i));
      if (i % 10 === 0) await sleep(1);
    }
    await upgraded;
    await until(() => received.length >= 150, 'all messages');
    assert.deepEqual(
      received,
      Array.from({ length: 150 }, (_, i) => String(i)),
    );
    await engine.stop();
  });
});

describe('the end of the server during an upgrade', () => {
  test('84 stopping the server closes the session and the probing WebSocket', async () => {
    const server = await Server.start();
    const session = await PollingSession.open(server);
    const socket = await session.webSocket();
    socket.text('2probe');
    assert.equal(await socket.next(), '3probe');
    await server.request('POST', '/__close');
    await socket.closed();
    const { code, log } = await server.ended();
    assert.equal(code, 0);
    assert.equal(log.filter(({ what }) => what === 'engine_close').length, 1);
  });
});

test('86 a proxy that refuses WebSockets leaves the client on polling', async () => {
  // A server without WebSockets is a stand-in for such a proxy.
  const server = await Server.start(['--transports', 'polling']);
  const socket = await connect(server, '/', { transports: ['polling', 'websocket'] });
  const path = target('websocket', { sid: socket.io.engine.id });
  assert.notEqual((await RawWebSocket.attempt(server, path)).response?.status, 101);
  assert.equal(await socket.emitWithAck('echo', 'fine'), 'fine');
  assert.equal((await run(socket, { do: 'info' })).conn.transport, 'polling');
  await server.stop();
});
