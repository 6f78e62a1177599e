// Checklist G: how connections end.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { client, connect, connected, run } from './lib/client.mjs';
import { asOfficial } from './lib/differences.mjs';
import { PollingSession, WebSocketSession } from './lib/engine.mjs';
import { assertError, errors } from './lib/errors.mjs';
import { Server, serve } from './lib/target.mjs';
import { duration, once, sleep, until } from './lib/wait.mjs';

describe('closing', { concurrency: true }, () => {
  const server = serve();

  test('89 a client that says goodbye over polling', async () => {
    const socket = await connect(server, '/', { transports: ['polling'] });
    const { id } = socket;
    socket.io.engine.close();
    await server.logged({ what: 'disconnect', id, reason: 'transport close' });
  });

  test('90 a client whose TCP connection drops', async () => {
    const session = await WebSocketSession.open(server);
    session.send('40');
    const id = JSON.parse((await session.next()).slice(2)).sid;
    session.destroy();
    await server.logged({ what: 'disconnect', id, reason: 'transport close' });
    await server.logged({ what: 'engine_close', sid: session.sid, reason: 'transport close' });
  });

  test('90 a client whose TCP connection is reset', async () => {
    const session = await WebSocketSession.open(server);
    session.socket.connection.reset();
    const { reason } = await server.logged({ what: 'engine_close', sid: session.sid });
    assert.match(reason, /^transport (close|error)$/);
  });

  test('90 a WebSocket that is closed by the book', async () => {
    const session = await WebSocketSession.open(server);
    session.socket.send(8, Buffer.of(3, 232));
    assert.equal((await session.closed()).code, 1000);
    await server.logged({ what: 'engine_close', sid: session.sid, reason: 'transport close' });
  });

  for (const transports of [['polling'], ['websocket']]) {
    test(`91 the server closes the connection over ${transports}`, async () => {
      const socket = await connect(server, '/', { transports });
      const { id } = socket;
      socket.emit('do', { do: 'closeConn' });
      const [reason] = await once(socket, 'disconnect');
      assert.equal(reason, 'transport close');
      await server.logged({ what: 'disconnect', id, reason: 'forced close' });
    });

    test(`92 the server discards the connection over ${transports}`, async () => {
      const socket = await connect(server, '/', { transports });
      const { id } = socket;
      socket.emit('do', { do: 'closeConn', discard: true });
      const [reason] = await once(socket, 'disconnect');
      assert.match(reason, /^transport (close|error)$/);
      await server.logged({ what: 'disconnect', id, reason: 'forced close' });
    });
  }

  test('89 a session that was closed is unknown', async () => {
    const session = await PollingSession.open(server);
    await session.post('1');
    assertError(await session.poll(), errors.sid);
    assertError(await session.post('40'), errors.sid);
  });

  test('50 a close packet that nobody fetches is given up after 30 s', { timeout: 45000 }, async () => {
    const session = await PollingSession.open(server);
    await session.post('40');
    const id = JSON.parse((await session.receive())[0].slice(2)).sid;
    const elapsed = await duration(async () => {
      await server.command({ do: 'closeConn', socket: id });
      await server.logged({ what: 'engine_close', sid: session.sid, reason: 'forced close' }, 38000);
    });
    if (asOfficial('50')) {
      assert.ok(elapsed > 20000 && elapsed < 36000, `${elapsed} ms`);
    } else {
      assert.ok(elapsed < 5000, `${elapsed} ms`);
      await sleep(31000);
    }
    assertError(await session.poll(), errors.sid);
  });

  test('50 until then the next poll brings it', async () => {
    const session = await PollingSession.open(server);
    await session.post('40');
    const id = JSON.parse((await session.receive())[0].slice(2)).sid;
    await server.command({ do: 'closeConn', socket: id });
    assert.deepEqual(await session.receive(), ['6', '1']);
    assertError(await session.poll(), errors.sid);
  });
});

describe('sending', () => {
  const server = serve('--engine-only');

  for (const [name, open] of [
    ['polling', () => PollingSession.open(server)],
    ['websocket', () => WebSocketSession.open(server)],
  ]) {
    test(`94 callbacks of messages run in order, once, over ${name}`, async (t) => {
      if (!(await server.supports('send-callbacks'))) return t.skip('no callbacks');
      await server.clearLog();
      const session = await open();
      if (session instanceof PollingSession) {
        await session.post('4!callbacks 5');
        await session.receiveCount(5);
      } else {
        session.send('4!callbacks 5');
        await session.take(5);
      }
      await server.logged({ what: 'sent', n: 4 });
      assert.deepEqual(
        (await server.log({ what: 'sent' })).map(({ n }) => n),
        [0, 1, 2, 3, 4],
      );
    });
  }

  test('94 callbacks of messages that are sent while a WebSocket is probed run once', async (t) => {
    if (!(await server.supports('send-callbacks'))) return t.skip('no callbacks');
    await server.clearLog();
    const session = await PollingSession.open(server);
    const socket = await session.webSocket();
    socket.text('2probe');
    assert.equal(await socket.next(), '3probe');
    await session.post('4!callbacks 2');
    assert.deepEqual(await session.receiveCount(2), ['4cb0', '4cb1']);
    socket.text('5');
    socket.text('4!callbacks 2');
    assert.deepEqual([await socket.next(), await socket.next()], ['4cb0', '4cb1']);
    const sent = async () => (await server.log({ what: 'sent' })).map(({ n }) => n);
    await until(async () => (await sent()).length >= 4, 'all callbacks have run');
    assert.deepEqual(await sent(), [0, 1, 0, 1]);
  });

  for (const [who, end] of [
    ['the server', '4!discard'],
    ['the client', '1'],
  ]) {
    test(`94 no callback runs after ${who} has closed`, async (t) => {
      if (!(await server.supports('send-callbacks'))) return t.skip('no callbacks');
      await server.clearLog();
      const session = await PollingSession.open(server);
      await session.post('4!callbacks 2');
      await session.post(end);
      await server.logged({ what: 'engine_close', sid: session.sid });
      assert.deepEqual(await server.log({ what: 'sent' }), []);
    });
  }

  test('95 flush and drain surround what is written', async (t) => {
    if (!(await server.supports('flush-events'))) return t.skip('no flush events');
    const session = await WebSocketSession.open(server);
    await server.clearLog();
    session.send('4hello');
    await session.next();
    await server.logged({ what: 'drain', sid: session.sid });
    const kinds = (await server.log({ sid: session.sid })).map(({ what }) => what);
    assert.deepEqual(kinds, ['flush', 'drain']);
  });
});

test('93 clients reconnect to a server that comes back on the same port', async () => {
  const first = await Server.start();
  const socket = client(first, '/', { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 200 });
  await connected(socket);
  const before = socket.id;
  const disconnected = once(socket, 'disconnect');
  await first.kill();
  const [reason] = await disconnected;
  assert.match(reason, /^transport (close|error)$/);

  // Attempts that come before the server is there again are refused, and are followed by others.
  const back = once(socket, 'connect', 5000);
  const second = await Server.start([], first.port);
  await back;
  assert.notEqual(socket.id, before);
  assert.equal(await socket.emitWithAck('echo', 'back'), 'back');
  assert.ok((await run(socket, { do: 'info' })).connected);
  socket.disconnect();
  await second.stop();
});
